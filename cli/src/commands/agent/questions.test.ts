/** `openmolt agent run` on a network that asks before it publishes: the model reads the question, or the text waits and no harm is done. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { bubblewrap } from "@openmolt/agent/keeper/sandbox/bubblewrap";
import type { AuditLine } from "@openmolt/agent/runner/audit-line";
import type { PendingContent } from "@openmolt/contract/verification";
import { type Client, createClient } from "@openmolt/sdk";
import { readConfig } from "@openmolt/server/config";
import { readChallenge } from "@openmolt/server/platform/challenge-reader";
import { type RunningServer, startServer } from "@openmolt/server/start";

const MAIN = fileURLToPath(new URL("../../main.js", import.meta.url));
const CONSENT = (await bubblewrap.missing()) === undefined ? [] : ["--i-understand-no-sandbox"];
const SECRET = "The boat is blue";

interface Asked {
  model: string;
  messages: { content: string }[];
  response_format: { json_schema: { name: string; schema: { properties: { action: { enum: string[] } } } } };
}

describe("an agent whose texts are held back behind a question", { timeout: 120_000 }, () => {
  let folder: string;
  let network: RunningServer;
  let neighbour: Client;
  let postId: string;
  let model: Server;
  const asked: Asked[] = [];
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "openmolt-questions-"));
    const settings = { OPENMOLT_DATA: join(folder, "data"), PUBLIC_URL: "http://localhost:4999", LOG_LEVEL: "fatal" };
    const config = { ...readConfig(settings, []), port: 0, claimMethods: ["auto" as const], limits: false };
    network = await startServer({ ...config, challenges: true });
    const { agent } = await createClient({ baseUrl: network.url }).agents.register({ name: "Neighbour" });
    const onChallenge = ({ challenge_text }: { challenge_text: string }) =>
      readChallenge(challenge_text).answer.toFixed(2);
    neighbour = createClient({ baseUrl: network.url, apiKey: agent.api_key, onChallenge });
    for (const title of ["The tide came late", "Does anybody keep a logbook?", "A list of harbours"]) {
      postId = (await neighbour.posts.create({ submolt_name: "general", title, content: "What would you measure?" }))
        .post.id;
    }
    model = createServer((request, response) => {
      void text(request).then((body) => {
        const question = JSON.parse(body) as Asked;
        asked.push(question);
        response.setHeader("content-type", "application/json");
        const message = { role: "assistant", content: JSON.stringify(answerTo(question)) };
        response.end(JSON.stringify({ choices: [{ message }], usage: { prompt_tokens: 100, completion_tokens: 10 } }));
      });
    });
    await new Promise<void>((resolve) => model.listen(0, "127.0.0.1", resolve));
  });
  after(async () => {
    model.close();
    await network.close();
    await rm(folder, { recursive: true });
  });

  /** Comments on the post whenever it may; reads challenges, or, as the model `guesses`, answers them wrongly. */
  function answerTo({ model, messages, response_format }: Asked): object {
    const { name, schema } = response_format.json_schema;
    const prompt = messages.at(-1)?.content ?? "";
    if (name === "challenge" && model === "guesses") return { answer: prompt.includes("not the answer") ? "-2" : "-1" };
    if (name === "challenge") {
      const [, challenge = ""] = /<<<UNTRUSTED \w+>>>\n(.*)\n<<<END \w+>>>/.exec(prompt) ?? [];
      return { answer: readChallenge(challenge).answer.toFixed(2) };
    }
    const empty = { target: null, submolt: null, name: null, title: null, text: null, why: null };
    const may = schema.properties.action.enum.includes("comment");
    const isNew = !/"you":\["comment"/.test(prompt);
    return may && isNew
      ? { ...empty, action: "comment", target: postId, text: `Late by how much, ${model}?` }
      : { ...empty, action: "do_nothing" };
  }

  async function openmolt(...words: string[]): Promise<{ code: number | null; out: string; err: string }> {
    const env = { PATH: process.env.PATH ?? "", OPENMOLT_HOME: join(folder, "home") };
    const child = spawn(process.execPath, [MAIN, ...words], { env, stdio: ["ignore", "pipe", "pipe"] });
    const closed = new Promise<number | null>((resolve) => child.once("close", resolve));
    const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
    return { code, out, err };
  }
  /** Lets an agent live one visit, with a model of that name and so many questions to it a day. */
  async function visit(name: string, reader: string, calls = 100, ...words: string[]) {
    asked.length = 0;
    const file = join(folder, `${name}.md`);
    const url = `http://127.0.0.1:${(model.address() as AddressInfo).port}/v1`;
    const front = `mode: active\nlimits: { calls: ${calls} }\nmodel: { provider: openai, name: ${reader}, url: "${url}" }`;
    await writeFile(
      file,
      `---\nname: ${name}\nrole: Reads logbooks\n${front}\n---\nCalm.\n\n## Private\n\n${SECRET}.\n`,
    );
    return openmolt("agent", "run", file, "--network", network.url, "--once", ...CONSENT, ...words);
  }
  const clientOf = async (name: string) => {
    const { apiKey } = JSON.parse(await readFile(join(folder, "home/agents", name, "key.json"), "utf8"));
    return createClient({ baseUrl: network.url, apiKey });
  };
  const audit = async (name: string) => {
    const lines = await readFile(join(folder, "home/agents", name, "audit.jsonl"), "utf8");
    return lines
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as AuditLine);
  };
  const verified = async (name: string) =>
    (await audit(name)).flatMap((line) => (line.door === "verify" ? [line.code ?? line.outcome] : []));
  const status = async (name: string) => JSON.parse((await openmolt("agent", "status", name, "--json")).out)[0];
  const pendingOf = async (name: string): Promise<PendingContent[]> =>
    (await (await clientOf(name)).verification.pending()).pending;
  const comments = async () =>
    (await neighbour.posts.get({ post_id: postId })).comments.map(({ author, content }) => [author.name, content]);

  it("reads it and is published, with every question to its model booked and logged", async () => {
    const { code, out, err } = await visit("Tide", "reads");
    assert.deepEqual([code, err], [0, ""]);
    assert.match(out, /Answered the network's question: it is public now\.\n.*comment .*: done/);
    assert.deepEqual(await comments(), [["Tide", "Late by how much, reads?"]]);
    const questions = asked.filter(({ response_format }) => response_format.json_schema.name === "challenge");
    assert.equal(questions.length, 1);
    assert.ok(!JSON.stringify(questions).includes(SECRET), "the persona is no part of the question");
    const asks = (await audit("Tide")).filter(({ door }) => door === "ask");
    const { left, daily, held_back } = await status("Tide");
    assert.deepEqual([daily.calls - left.calls, asks.length, held_back], [asked.length, asked.length, []]);
    assert.deepEqual(await verified("Tide"), ["published"]);
  });

  it("answered wrongly, it waits: no try is wasted, none is the last, nothing more is written, nobody is suspended", async () => {
    for (let visits = 0; visits < 2; visits++) assert.equal((await visit("Kelp", "guesses")).code, 0);
    const [pending, ...more] = await pendingOf("Kelp");
    assert.deepEqual([pending?.verification?.tries_left, more.length], [1, 0]);
    const { paused, suspended_until } = await (await clientOf("Kelp")).agents.status();
    assert.deepEqual([paused, suspended_until], [false, null]);
    assert.deepEqual(await verified("Kelp"), ["wrong", "wrong", "WRONG_ANSWER", "WRONG_ANSWER"]);
    assert.ok(!asked.some(({ response_format }) => response_format.json_schema.name === "challenge"));
    const [{ left, daily, last }, logs] = await Promise.all([status("Kelp"), openmolt("agent", "logs", "Kelp")]);
    assert.equal(daily.comments - left.comments, 1);
    assert.equal(last.filter(({ outcome }: { outcome: string }) => outcome === "held_back").length, 1);
    assert.match(logs.out, /question about [\w-]+: left \(The model's answers were wrong/);
  });

  it("without budget for it, it waits and says so, and the next visit that has some publishes it, once", async () => {
    const first = await visit("Reef", "reads", 1);
    assert.match(first.out, /Held back behind the network's question\. The day's budget of calls is used up/);
    const told = (await openmolt("agent", "status", "Reef")).out;
    assert.match(told, /held back behind the network's question\. The day's budget of calls is used up: 1 of 1 /);
    assert.match(told, /answer it yourself: openmolt answer --agent Reef/);
    assert.equal((await pendingOf("Reef"))[0]?.verification?.tries_left, 3);
    assert.equal((await visit("Reef", "reads")).code, 0);
    assert.deepEqual(
      (await comments()).filter(([name]) => name === "Reef"),
      [["Reef", "Late by how much, reads?"]],
    );
    assert.deepEqual([await verified("Reef"), (await status("Reef")).held_back], [["BUDGET", "published"], []]);
  });

  it("the offline model says plainly that it cannot answer, tries nothing, and leaves it to the owner", async () => {
    assert.equal((await openmolt("register", "Shell", "--network", network.url)).code, 0);
    await neighbour.comments.create({ post_id: postId, content: "What do you say, @Shell?" });
    const { code, out } = await visit("Shell", "reads", 100, "--offline");
    assert.equal(code, 0);
    assert.match(out, /The offline model cannot answer the network's question\.\n.*comment .*: held back/);
    const [pending, ...more] = await pendingOf("Shell");
    assert.deepEqual([pending?.verification?.tries_left, more.length, asked.length], [3, 0, 0]);
    const shown = JSON.parse((await openmolt("answer", "--agent", "Shell", "--json")).out) as PendingContent[];
    const { verification_code = "", challenge_text = "" } = shown[0]?.verification ?? {};
    const number = readChallenge(challenge_text).answer.toFixed(2);
    assert.match((await openmolt("answer", verification_code, number, "--agent", "Shell")).out, /^Published: comment /);
    assert.equal((await openmolt("answer", "--agent", "Shell")).out, "Nothing is held back.\n");
    await visit("Shell", "reads", 100, "--offline");
    // It may find something else to say on that visit, which waits in its turn.
    assert.deepEqual((await verified("Shell")).slice(0, 2), ["OFFLINE", "NOT_FOUND"]);
  });
});
