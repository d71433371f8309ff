import assert from "node:assert/strict";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import { after, before, beforeEach, describe, it } from "node:test";
import type { Prompt } from "../model.js";
import { newPersona } from "../persona.js";
import { anthropicModel } from "./anthropic.js";
import { openModel } from "./open-model.js";
import { openaiModel } from "./openai.js";
import { costMicros, priceOf } from "./prices.js";

const KEY = "k-only-for-this-test";
const prompt: Prompt = {
  system: "You are Tide.",
  user: "Choose.",
  schema: { title: "act", type: "object", properties: { action: { type: "string" } }, required: ["action"] },
  maxTokens: 100,
};
const { signal } = new AbortController();

interface Asked {
  path: string;
  headers: IncomingHttpHeaders;
  body: Record<string, unknown>;
}
/** Stands for a provider: keeps what it is asked, answers as the test says. */
let asked: Asked[] = [];
let answer: (asked: Asked, response: ServerResponse) => void = () => {};
let url = "";
const server = createServer((request, response) => {
  let text = "";
  request.setEncoding("utf8").on("data", (part) => {
    text += part;
  });
  request.on("end", () => {
    const one = {
      path: request.url ?? "",
      headers: request.headers,
      body: JSON.parse(text) as Record<string, unknown>,
    };
    asked.push(one);
    answer(one, response);
  });
});
before(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  assert.ok(typeof address === "object" && address);
  url = `http://127.0.0.1:${address.port}/v1`;
});
after(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  asked = [];
});
const json =
  (status: number, body: object, headers: Record<string, string> = {}) =>
  (_: Asked, response: ServerResponse) =>
    void response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));

const kinds = [
  {
    name: "a model of Anthropic",
    path: "/v1/messages",
    open: (timeoutMs?: number) => anthropicModel({ name: "claude-haiku-4-5", key: KEY, url, timeoutMs }),
    said: (text: string) => ({
      content: [
        { type: "thinking", thinking: "x" },
        { type: "text", text },
      ],
      usage: { input_tokens: 11, output_tokens: 7 },
    }),
    key: (headers: IncomingHttpHeaders) => headers["x-api-key"],
    schema: (body: Record<string, unknown>) => body.output_config,
  },
  {
    name: "a model behind chat completions",
    path: "/v1/chat/completions",
    open: (timeoutMs?: number) => openaiModel({ name: "some-model", key: KEY, url, timeoutMs }),
    said: (content: string) => ({
      choices: [{ message: { role: "assistant", content } }],
      usage: { prompt_tokens: 11, completion_tokens: 7 },
    }),
    key: (headers: IncomingHttpHeaders) => headers.authorization?.replace("Bearer ", ""),
    schema: (body: Record<string, unknown>) => body.response_format,
  },
];

for (const { name, path, open, said, key, schema } of kinds) {
  describe(name, () => {
    it("is asked once, with the key in its header, for an answer of the schema", async () => {
      answer = json(200, said('{"action":"do_nothing"}'));
      const reply = await open()(prompt, signal);
      assert.deepEqual(reply, { text: '{"action":"do_nothing"}', tokens: { input: 11, output: 7 }, costMicros: 0 });
      assert.equal(asked.length, 1);
      assert.equal(asked[0]?.path, path);
      assert.equal(key(asked[0]?.headers ?? {}), KEY);
      assert.ok(schema(asked[0]?.body ?? {}));
      assert.ok(!JSON.stringify(asked[0]?.body).includes(KEY));
    });

    it("is asked without the schema by a server that knows none, from then on", async () => {
      answer = (one, response) => json(schema(one.body) ? 400 : 200, said("{}"))(one, response);
      const model = open();
      assert.equal((await model(prompt, signal)).text, "{}");
      await model(prompt, signal);
      assert.deepEqual(
        asked.map(({ body }) => schema(body) !== undefined),
        [true, false, false],
      );
    });

    it("fails with the status, the wait that is asked for, and no word of the provider", async () => {
      answer = json(429, { error: { message: `bad key ${KEY}` } }, { "retry-after": "17" });
      await assert.rejects(open()(prompt, signal), (error: Error & { status?: number; retryAfterSeconds?: number }) => {
        assert.equal(error.status, 429);
        assert.equal(error.retryAfterSeconds, 17);
        assert.ok(!error.message.includes(KEY));
        return true;
      });
      for (const status of [401, 403, 404, 500, 529]) {
        answer = json(status, {});
        await assert.rejects(open()(prompt, signal), new RegExp(`answered ${status}`));
      }
    });

    it("fails when the answer breaks off, is no JSON, or is far too long", async () => {
      answer = (_, response) => {
        response.writeHead(200, { "content-length": "1000" });
        response.write('{"content":');
        response.destroy();
      };
      await assert.rejects(open()(prompt, signal), /could not be reached|broke off/);
      answer = (_, response) => void response.end("<html>");
      await assert.rejects(open()(prompt, signal), /no JSON/);
      answer = (_, response) => void response.end("x".repeat(1_100_000));
      await assert.rejects(open()(prompt, signal), /too long/);
    });

    it("follows no redirect with its key", async () => {
      answer = (one, response) =>
        one.path === path
          ? void response.writeHead(307, { location: `${url}/elsewhere` }).end()
          : json(200, said("{}"))(one, response);
      await assert.rejects(open()(prompt, signal));
      assert.equal(asked.length, 1);
    });

    it("is given up after its time, and at once when it is aborted", async () => {
      answer = () => {};
      await assert.rejects(open(30)(prompt, signal), /within 30 ms/);
      const stop = new AbortController();
      const asking = open()(prompt, stop.signal);
      stop.abort(new Error("killed"));
      await assert.rejects(asking, /killed/);
    });

    it("is an answer like any other when it is empty, a refusal, or of another shape", async () => {
      for (const body of [
        {},
        { content: null, choices: null },
        { content: [null], choices: [{ message: null }] },
        [],
      ]) {
        answer = json(200, body);
        const reply = await open()(prompt, signal);
        assert.equal(reply.text, "");
        assert.ok(reply.tokens.input > 0, "what is not reported is guessed");
      }
    });
  });
}

describe("the price of a model", () => {
  it("is that of the list, without date or maker in the name", () => {
    const cloud = "https://api.anthropic.com/v1";
    assert.deepEqual(priceOf("claude-haiku-4-5-20251001", cloud), { input: 1, output: 5 });
    assert.deepEqual(priceOf("anthropic/claude-sonnet-4.5", "https://openrouter.ai/api/v1"), { input: 3, output: 15 });
  });

  it("is the dearest where it is not known, and nothing on one's own machine", () => {
    assert.deepEqual(priceOf("gpt-5.5", "https://api.openai.com/v1"), { input: 15, output: 120 });
    assert.deepEqual(priceOf("gpt-5.5", "http://localhost:11434/v1"), { input: 0, output: 0 });
    assert.deepEqual(priceOf("x", "https://localhost.example.org/v1"), { input: 15, output: 120 });
  });

  it("is counted in millionths of a dollar, rounded up", () => {
    assert.equal(costMicros({ input: 1_000_000, output: 0 }, { input: 3, output: 15 }), 3_000_000);
    assert.equal(costMicros({ input: 1, output: 1 }, { input: 0.05, output: 0.4 }), 1);
  });
});

describe("a persona's model", () => {
  it("needs no name when it is offline, and one otherwise", async () => {
    const { model } = newPersona({ name: "Tide", role: "Reads" });
    const shown = { ...prompt, schema: { title: "act", properties: { action: { enum: ["do_nothing"] } } } };
    assert.equal((await openModel(model)(shown, signal)).costMicros, 0);
    assert.throws(() => openModel({ ...model, provider: "openai" }), /model\.name/);
    assert.ok(openModel({ ...model, provider: "anthropic", name: "claude-haiku-4-5" }, KEY));
  });
});
