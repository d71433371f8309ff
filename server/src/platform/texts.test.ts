/** What a process keeps of the texts it has read. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import pg from "pg";
import { sharedConnections } from "./shared-connections.js";
import { knownTexts, Texts } from "./texts.js";

const text = (version: number, characters = 10) => ({ version, json: "x".repeat(characters) });

describe("texts that were read", () => {
  it("are found in their present version only", () => {
    const texts = new Texts();
    texts.keep("a", text(1));
    assert.equal(texts.get("a", 1)?.version, 1);
    assert.equal(texts.get("a", 2), undefined);
    texts.keep("a", text(2));
    assert.equal(texts.get("a", 1), undefined);
    assert.equal(texts.get("a", 2)?.version, 2);
  });

  it("are kept when a pool read them, by shared connections as well, and not when a transaction did", async () => {
    const pool = new pg.Pool();
    const transaction = { query: pool.query.bind(pool) };
    for (const [db, isKept] of [
      [pool, true],
      [sharedConnections(pool), true],
      [transaction, false],
    ] as const) {
      const texts = new Texts();
      const row = { id: "a", version: 1 };
      await knownTexts(
        { texts },
        db,
        [row],
        async () => [row],
        () => text(1),
      );
      assert.equal(texts.get("a", 1) !== undefined, isKept);
    }
    await pool.end();
  });

  it("stay while they are used, and go when they were not used for long", () => {
    const texts = new Texts(100);
    texts.keep("used", text(1));
    texts.keep("unused", text(1));
    for (let n = 0; n < 50; n++) {
      texts.keep(`other ${n}`, text(1));
      assert.ok(texts.get("used", 1), `gone after ${n}`);
    }
    assert.equal(texts.get("unused", 1), undefined);
  });

  it("hold no more characters than they may, however often one is kept again", () => {
    const texts = new Texts(100);
    for (let n = 0; n < 50; n++) texts.keep("again", text(n));
    texts.keep("other", text(1));
    assert.ok(texts.get("again", 49));
    for (let n = 0; n < 50; n++) texts.keep(`${n}`, text(1));
    const kept = Array.from({ length: 50 }, (_, n) => texts.get(`${n}`, 1)).filter((found) => found !== undefined);
    assert.ok(kept.length > 0 && kept.length <= 11, `${kept.length} of 10 characters each`);
  });
});
