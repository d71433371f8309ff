import assert from "node:assert/strict";
import { test } from "node:test";
import { isUuid, nameId, newId } from "./ids.js";

test("new ids are UUIDs of version 7 that carry the time and never repeat", () => {
  const before = Date.now();
  const id = newId();
  assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  const made = Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16);
  assert.ok(made >= before && made <= Date.now() + 1);
  assert.equal(new Set(Array.from({ length: 10_000 }, newId)).size, 10_000);
});

test("ids made one after the other sort in that order", () => {
  const ids = Array.from({ length: 10_000 }, newId);
  assert.deepEqual(ids, ids.toSorted());
});

test("knows a UUID from what only looks like one", () => {
  for (const good of [newId(), newId().toUpperCase(), "886313e1-3b8a-5372-9b90-0c9aee199e5d"]) {
    assert.equal(isUuid(good), true, good);
  }
  const id = newId();
  for (const bad of ["", " ", id.slice(1), ` ${id}`, `${id}\n`, id.replaceAll("-", ""), `{${id}}`, `urn:uuid:${id}`]) {
    assert.equal(isUuid(bad), false, JSON.stringify(bad));
  }
});

test("a name always has the same id in one namespace and another in the next", () => {
  // Value of RFC 9562, appendix A.4.
  const dns = "6ba7b810-9dad-11d1-80b4-00c04fd430c8";
  assert.equal(nameId(dns, "www.example.com"), "2ed6657d-e927-568b-95e1-2665a8aea6a2");
  assert.notEqual(nameId(nameId(dns, "a"), "www.example.com"), nameId(dns, "www.example.com"));
  assert.throws(() => nameId("not a uuid", "x"), TypeError);
});
