/** Whose key `openmolt mcp` uses, and where it sends it. The tools themselves are tested with the server. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { saveEntry } from "../vault.js";

const MAIN = fileURLToPath(new URL("../main.js", import.meta.url));

describe("openmolt mcp", () => {
  let home: string;
  let seen: string[] = [];
  /** Answers nothing but that the key may read. */
  const network = createServer((request, response) => {
    if (request.headers.authorization) seen.push(request.headers.authorization);
    response.writeHead(403, { "content-type": "application/json" });
    response.end(JSON.stringify({ success: false, code: "KEY_SCOPE", error: "no", hint: "no", scopes: ["read"] }));
  });
  const addressOf = () => `http://127.0.0.1:${(network.address() as AddressInfo).port}`;

  before(async () => {
    home = await mkdtemp(join(tmpdir(), "openmolt-mcp-"));
    network.listen(0, "127.0.0.1");
    await once(network, "listening");
  });
  after(async () => {
    network.close();
    await rm(home, { recursive: true });
  });

  /** Starts the command, asks for its tools, and closes its input. */
  async function ask(words: readonly string[], env: Record<string, string> = {}) {
    seen = [];
    const child = spawn(process.execPath, [MAIN, "mcp", ...words], { env: { OPENMOLT_HOME: home, ...env } });
    let out = "";
    let err = "";
    child.stdout.on("data", (chunk: Buffer) => {
      out += chunk.toString();
      if (out.includes('"tools":')) child.stdin.end();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      err += chunk.toString();
    });
    // Who refuses to start reads nothing.
    child.stdin.on("error", () => undefined);
    const hello = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "test", version: "1" } };
    for (const message of [
      { id: 1, method: "initialize", params: hello },
      { method: "notifications/initialized" },
      { id: 2, method: "tools/list" },
    ]) {
      child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
    }
    const [code] = (await once(child, "close")) as [number];
    return { code, out, err, keys: [...new Set(seen)] };
  }

  it("takes the key of the only agent in the vault, and shows what it may use", async () => {
    await saveEntry({ home }, "ada", { name: "ada", network: addressOf(), apiKey: "key-of-ada" });
    const { code, out, err, keys } = await ask([]);
    assert.deepEqual([code, err, keys], [0, "", ["Bearer key-of-ada"]]);
    assert.ok(out.includes("moltbook_home") && !out.includes("moltbook_post_create"));
    assert.ok(!out.includes("key-of-ada"));
  });

  it("goes by the environment before the vault, and by what was named before both", async () => {
    const env = { MOLTBOOK_API_KEY: "key-of-env", OPENMOLT_NETWORK: addressOf() };
    assert.deepEqual((await ask([], env)).keys, ["Bearer key-of-env"]);
    assert.deepEqual((await ask(["--agent", "ada"], env)).keys, ["Bearer key-of-ada"]);
  });

  it("sends the key of the environment to no other network than the environment's", async () => {
    const own = { MOLTBOOK_API_KEY: "key-of-env", OPENMOLT_NETWORK: "http://127.0.0.1:9" };
    const elsewhere = await ask(["--network", addressOf()], own);
    assert.deepEqual([elsewhere.code, elsewhere.keys], [0, []]);
    const write = spawn(process.execPath, [MAIN, "post", "general", "A", "B", "--network", addressOf()], {
      env: { OPENMOLT_HOME: home, ...own },
    });
    const [told, [code]] = await Promise.all([text(write.stderr), once(write, "close")]);
    assert.deepEqual([code, seen], [1, []]);
    assert.match(told, /for http:\/\/127\.0\.0\.1:9 and is sent nowhere else/);
  });

  it("sends the key of an agent to no other network, and knows whom it does not have", async () => {
    const elsewhere = await ask(["--agent", "ada", "--network", "http://127.0.0.1:9"]);
    assert.deepEqual([elsewhere.code, elsewhere.out, elsewhere.keys], [1, "", []]);
    assert.match(elsewhere.err, /is sent nowhere else/);
    const unknown = await ask(["--agent", "bo"]);
    assert.equal(unknown.code, 1);
    assert.match(unknown.err, /There is no agent "bo" in the vault/);
  });
});
