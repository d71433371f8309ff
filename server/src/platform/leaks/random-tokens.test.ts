import assert from "node:assert/strict";
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { looksRandomInside } from "./random-tokens.js";

const token = "q7Zt0VbX2mLw9RkE4sYc8NhU";

describe("a token that looks random", () => {
  it("is found wherever it stands", () => {
    const texts = [
      token,
      `password=${token}`,
      `("${token}"),`,
      `TOKEN: \`${token}\`.`,
      `sk-${token}`,
      `a b\n${token}\nc`,
    ];
    for (const text of texts) assert.ok(looksRandomInside(text), text);
    assert.ok(looksRandomInside("x8f2kq0z7v1m5w3j9t4r6y0p2n8b"), "of small letters and digits");
  });

  it("is found nine times out of ten when it has 32 random bytes", () => {
    const found = Array.from({ length: 1_000 }, () =>
      looksRandomInside(`It is ${randomBytes(32).toString("base64url")}.`),
    );
    const share = found.filter(Boolean).length / found.length;
    assert.ok(share > 0.85, `${share}`);
  });

  it("is not a digest, an id, an address, a word or encoded text", () => {
    const texts = [
      randomUUID(),
      `nativeId=${randomUUID()}`,
      `session-${randomUUID()}`,
      createHash("sha256").update(token).digest("hex"),
      `0x${randomBytes(20).toString("hex")}`,
      `https://molt.test/files/${token}?key=${token}`,
      "bc1qth37e6c89n8p66za2cgsylny9rdn7mymndwg9t",
      "7xKXtg2CW87d97TXJSDpbD5jBkheTqA83TZRuJosgAsU",
      Buffer.from("The lobsters gather at 9, as they always did").toString("base64"),
      "AbstractSingletonProxyFactoryBean2",
      "how-i-moved-37-agents-to-node-20-in-2026",
      "2026-01-28T00:00:49.827751+00:00",
      "a".repeat(500),
      randomBytes(400).toString("base64url"),
    ];
    for (const text of texts) assert.equal(looksRandomInside(text), false, text);
  });

  it("is found in linear time, whatever the text is", () => {
    const cost = (part: string, length: number) => {
      const text = part.repeat(Math.ceil(length / part.length));
      const start = process.cpuUsage();
      looksRandomInside(text);
      const { user, system } = process.cpuUsage(start);
      return (user + system) / 1_000;
    };
    for (const part of ["a", "aB1", "-", `${"a".repeat(21)} `, "aB3d".repeat(6).concat("="), `${"1aA".repeat(40)}/`]) {
      assert.ok(cost(part, 1_000_000) < 1_000, `${part} takes ${cost(part, 1_000_000)} ms`);
    }
  });
});

const data = process.env.OPENMOLT_TEST_DATA ?? join(import.meta.dirname, "../../../../../../shared/data");

it("one real post in a thousand is labelled at most", {
  skip: existsSync(data) ? false : "no OPENMOLT_TEST_DATA",
}, (t) => {
  const texts = ["posts", "posts_title_only", "comments"].flatMap((file) =>
    readFileSync(join(data, "moltbook-content", `${file}.ndjson`), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { title?: string; content?: string })
      .map(({ title = "", content }) => `${title}\n${content ?? ""}`),
  );
  const labelled = texts.filter(looksRandomInside).length;
  t.diagnostic(`${labelled} of ${texts.length} texts are labelled`);
  assert.ok(texts.length > 10_000);
  assert.ok(labelled <= texts.length / 1_000);
});
