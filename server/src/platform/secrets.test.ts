import assert from "node:assert/strict";
import { createHmac, hkdfSync } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { inspect } from "node:util";
import { Worker } from "node:worker_threads";
import { calculateJwkThumbprint, importJWK, jwtVerify, SignJWT } from "jose";
import { loadMasterKey, loadSigningKey, openVault } from "./secrets.js";

const made: string[] = [];
const tempDir = (): string => {
  const dir = mkdtempSync(join(tmpdir(), "openmolt-secrets-"));
  made.push(dir);
  return dir;
};
after(() => {
  for (const dir of made) rmSync(dir, { recursive: true, force: true });
});

const key = Buffer.alloc(32, 7);
const vault = openVault(key);

test("a hash is HMAC-SHA-256 under an HKDF sub-key of its purpose", () => {
  const subKey = Buffer.from(hkdfSync("sha256", key, "", "openmolt/hmac/agent-key", 32));
  assert.deepEqual(vault.hmac("agent-key", "tëxt"), createHmac("sha256", subKey).update("tëxt").digest());
  assert.notDeepEqual(vault.hmac("agent-key", "a"), vault.hmac("session", "a"));
  assert.notDeepEqual(vault.hmac("agent-key", "a"), openVault(Buffer.alloc(32, 8)).hmac("agent-key", "a"));
});

test("what was sealed opens again, bytes and text, empty too", () => {
  for (const plaintext of ["", "hello 🦞", Buffer.from([0, 255, 128]), Buffer.alloc(100_000, 1)]) {
    const sealed = vault.seal("message", plaintext, "row-1");
    assert.deepEqual(vault.open("message", sealed, "row-1"), Buffer.from(plaintext));
  }
  assert.notDeepEqual(vault.seal("message", "same"), vault.seal("message", "same"));
  assert.equal(vault.seal("message", "secret words").includes("secret words"), false);
});

test("sealed bytes do not open for another purpose, context, key, or with any bit changed", () => {
  const sealed = vault.seal("message", "hello", "row-1");
  assert.throws(() => vault.open("email", sealed, "row-1"), /does not open/);
  assert.throws(() => vault.open("message", sealed, "row-2"), /does not open/);
  assert.throws(() => vault.open("message", sealed), /does not open/);
  assert.throws(() => openVault(Buffer.alloc(32, 8)).open("message", sealed, "row-1"), /another master key/);
  for (let at = 0; at < sealed.length; at++) {
    const altered = Buffer.from(sealed);
    altered[at] = (altered[at] ?? 0) ^ 1;
    assert.throws(() => vault.open("message", altered, "row-1"), Error, `byte ${at}`);
  }
  for (let length = 0; length < sealed.length; length++) {
    assert.throws(() => vault.open("message", sealed.subarray(0, length), "row-1"), Error, `length ${length}`);
  }
});

test("what is sealed with a secret needs that secret and the master key", () => {
  const sealed = vault.sealWith("client-key", "answer", "body", "POST /x");
  assert.equal(vault.openWith("client-key", "answer", sealed, "POST /x").toString(), "body");
  assert.throws(() => vault.openWith("client-kez", "answer", sealed, "POST /x"), /does not open/);
  assert.throws(() => vault.openWith("client-key", "other", sealed, "POST /x"), /does not open/);
  assert.throws(() => vault.openWith("client-key", "answer", sealed, "POST /y"), /does not open/);
  assert.throws(() => vault.open("answer", sealed, "POST /x"), /does not open/);
  assert.throws(() => openVault(Buffer.alloc(32, 8)).openWith("client-key", "answer", sealed, "POST /x"));
});

test("equal compares content and length", () => {
  assert.equal(vault.equal(Buffer.from("abc"), Buffer.from("abc")), true);
  assert.equal(vault.equal(Buffer.from("abc"), Buffer.from("abd")), false);
  assert.equal(vault.equal(Buffer.from("abc"), Buffer.from("abcd")), false);
  assert.equal(vault.equal(Buffer.alloc(0), Buffer.alloc(0)), true);
});

test("a vault shows no key when it is printed, and has one name per master key", () => {
  const shown = inspect(vault, { depth: 9, showHidden: true }) + JSON.stringify(vault);
  assert.equal(shown.includes(key.toString("hex")), false);
  assert.equal(shown.includes(key.toString("base64")), false);
  assert.match(vault.keyId, /^[0-9a-f]{8}$/);
  assert.equal(openVault(Buffer.alloc(32, 7)).keyId, vault.keyId);
  assert.notEqual(openVault(Buffer.alloc(32, 8)).keyId, vault.keyId);
  assert.throws(() => openVault(Buffer.alloc(31)), RangeError);
});

test("the vault works on a copy of the master key", () => {
  const original = Buffer.alloc(32, 9);
  const own = openVault(original);
  original.fill(0);
  assert.deepEqual(own.hmac("late", "x"), openVault(Buffer.alloc(32, 9)).hmac("late", "x"));
});

test("the master key is made once, for the owner only, and read again after that", () => {
  const dir = join(tempDir(), "deep", "secrets");
  const first = loadMasterKey(dir);
  assert.equal(first.length, 32);
  assert.deepEqual(loadMasterKey(dir), first);
  assert.deepEqual(readdirSync(dir), ["master.key"]);
  assert.equal(statSync(join(dir, "master.key")).mode & 0o777, 0o600);
  assert.equal(statSync(dir).mode & 0o777, 0o700);
  assert.notDeepEqual(loadMasterKey(tempDir()), first);
});

test("several first starts at once agree on one key", async () => {
  const dir = join(tempDir(), "secrets");
  const code = `
    const { parentPort, workerData } = require('node:worker_threads');
    import(workerData.module).then((m) => parentPort.postMessage(m.loadMasterKey(workerData.dir).toString('hex')));`;
  const module = new URL("./secrets.js", import.meta.url).href;
  const keys = await Promise.all(
    Array.from(
      { length: 6 },
      () =>
        new Promise<string>((resolve, reject) => {
          new Worker(code, { eval: true, workerData: { module, dir } }).once("message", resolve).once("error", reject);
        }),
    ),
  );
  assert.equal(new Set(keys).size, 1);
  assert.deepEqual(readdirSync(dir), ["master.key"]);
});

test("a configured master key is taken as hex or base64 and nothing is written", () => {
  const dir = join(tempDir(), "secrets");
  for (const text of [
    key.toString("hex"),
    key.toString("base64"),
    key.toString("base64url"),
    ` ${key.toString("hex")}\n`,
  ]) {
    assert.deepEqual(loadMasterKey(dir, text), key);
  }
  assert.equal(existsSync(dir), false);
});

test("a malformed master key is refused and not repeated", () => {
  const dir = tempDir();
  for (const text of ["", "swordfish-swordfish", key.toString("hex").slice(1), `${key.toString("base64")}AAAA`]) {
    assert.throws(
      () => loadMasterKey(dir, text),
      (error) => error instanceof Error && (text === "" || !error.message.includes(text)),
    );
  }
  writeFileSync(join(dir, "master.key"), "swordfish", { mode: 0o600 });
  assert.throws(
    () => loadMasterKey(dir),
    (error) => error instanceof Error && /is not 64 hex digits/.test(error.message) && !/swordfish/.test(error.message),
  );
  assert.equal(readFileSync(join(dir, "master.key"), "utf8"), "swordfish");
});

test("a configured master key that differs from the stored one is refused", () => {
  const dir = tempDir();
  const stored = loadMasterKey(dir);
  assert.deepEqual(loadMasterKey(dir, stored.toString("hex")), stored);
  assert.throws(() => loadMasterKey(dir, key.toString("hex")), /differs/);
});

test("refuses a key file that others may read", () => {
  const dir = tempDir();
  loadMasterKey(dir);
  loadSigningKey(dir);
  for (const name of readdirSync(dir)) chmodSync(join(dir, name), 0o640);
  assert.throws(() => loadMasterKey(dir), /chmod 600/);
  assert.throws(() => loadSigningKey(dir), /chmod 600/);
});

test("the signing key is made once, and jose signs and verifies with it", async () => {
  const dir = join(tempDir(), "secrets");
  const jwk = loadSigningKey(dir);
  assert.deepEqual(loadSigningKey(dir), jwk);
  assert.equal(statSync(join(dir, "signing-key.json")).mode & 0o777, 0o600);
  assert.equal(jwk.kid, await calculateJwkThumbprint(jwk));
  const token = await new SignJWT({ sub: "x" })
    .setProtectedHeader({ alg: "EdDSA", kid: jwk.kid })
    .sign(await importJWK(jwk, "EdDSA"));
  const { d: _, ...published } = jwk;
  const { payload } = await jwtVerify(token, await importJWK(published, "EdDSA"));
  assert.equal(payload.sub, "x");
  const other = loadSigningKey(tempDir());
  await assert.rejects(jwtVerify(token, await importJWK(other, "EdDSA")));
});

test("a file that is no signing key is refused and not repeated", () => {
  for (const content of ["", '{"secret', "{}", "null", '{"kty":"OKP","crv":"X25519","x":"a","d":"secret"}']) {
    const dir = tempDir();
    writeFileSync(join(dir, "signing-key.json"), content, { mode: 0o600 });
    assert.throws(
      () => loadSigningKey(dir),
      (error) => error instanceof Error && /no private Ed25519/.test(error.message) && !/secret"/.test(error.message),
    );
  }
});
