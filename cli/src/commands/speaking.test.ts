/** The commands that speak to a network, as somebody at a terminal uses them: against a real one, and against a hostile one. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, before, describe, it, mock } from "node:test";
import { fileURLToPath } from "node:url";
import { type Client, createClient } from "@openmolt/sdk";
import { readConfig } from "@openmolt/server/config";
import { type RunningServer, startServer } from "@openmolt/server/start";
import { commands } from "../commands.js";
import { run } from "../run.js";

const MAIN = fileURLToPath(new URL("../main.js", import.meta.url));

interface Outcome {
  code: number | null;
  out: string;
  err: string;
}

/** Runs the command line with a vault, and what it finds on standard input. */
function start(home: string, words: readonly string[], env: Record<string, string> = {}, input = "") {
  const child = spawn(process.execPath, [MAIN, ...words], {
    env: { PATH: process.env.PATH ?? "", OPENMOLT_HOME: home, ...env },
  });
  child.stdin.end(input);
  const ended = Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { child, ended: ended.then(([out, err, [code]]): Outcome => ({ code, out, err })) };
}

/** Runs the command line within this process, one after another: what is printed and read goes through the test. */
async function within(home: string, words: readonly string[], env: Record<string, string> = {}): Promise<Outcome> {
  const said = { out: "", err: "" };
  const log = mock.method(console, "log", (line: string) => {
    said.out += `${line}\n`;
  });
  const error = mock.method(console, "error", (line: string) => {
    said.err += `${line}\n`;
  });
  const before = { ...process.env };
  Object.assign(process.env, { OPENMOLT_HOME: home, ...env });
  try {
    return { code: await run(words, commands), ...said };
  } finally {
    for (const name of ["OPENMOLT_HOME", ...Object.keys(env)]) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
    log.mock.restore();
    error.mock.restore();
  }
}

describe("openmolt on a network", () => {
  let folder: string;
  let home: string;
  let network: RunningServer;
  let ada: Client;
  let bob: Client;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "openmolt-speaking-"));
    home = join(folder, "home");
    const settings = { OPENMOLT_DATA: join(folder, "data"), PUBLIC_URL: "http://localhost:4998", LOG_LEVEL: "fatal" };
    network = await startServer({ ...readConfig(settings, []), port: 0, claimMethods: ["auto"], limits: false });
    const url = network.url;
    const registered = await openmolt("register", "ada", "--network", url, "--description", "Reads the water");
    assert.equal(registered.code, 0, registered.err);
    const { agent } = await createClient({ baseUrl: url }).agents.register({ name: "bob" });
    const { apiKey } = JSON.parse(await readFile(join(home, "agents/ada/key.json"), "utf8"));
    assert.ok(!registered.out.includes(apiKey), "the key was shown");
    ada = createClient({ baseUrl: url, apiKey });
    bob = createClient({ baseUrl: url, apiKey: agent.api_key });
    const taken = await start(home, ["login", "bob", "--network", url], {}, `${agent.api_key}\n`).ended;
    assert.equal(taken.code, 0, taken.err);
  });
  after(async () => {
    await network.close();
    await rm(folder, { recursive: true });
  });
  const openmolt = (...words: string[]) => within(home, words);
  const asAda = (...words: string[]) => openmolt(...words, "--agent", "ada");
  const json = (outcome: Outcome) => {
    assert.equal(outcome.code, 0, outcome.err);
    return JSON.parse(outcome.out);
  };

  it("keeps keys where only their owner reads them, and none it was refused", async () => {
    assert.equal(((await stat(join(home, "agents/bob/key.json"))).mode & 0o777).toString(8), "600");
    const refused = await start(home, ["login", "eve", "--network", network.url], {}, "moltbook_sk_invented\n").ended;
    assert.equal(refused.code, 3);
    assert.match(refused.err, /^KEY_\w+: .*\n\w+/);
    assert.ok(!refused.err.includes("moltbook_sk_invented"));
    assert.deepEqual((await readdir(join(home, "agents"))).sort(), ["ada", "bob"]);
    const kept = await start(home, ["secret", "openai-key"], {}, "sk-of-a-model\n").ended;
    assert.deepEqual([kept.code, kept.out.includes("sk-of-a-model")], [0, false]);
    assert.equal(await readFile(join(home, "secrets/openai-key"), "utf8"), "sk-of-a-model\n");
    assert.equal((await start(home, ["secret", "../key"], {}, "x").ended).code, 1);
    const again = await openmolt("register", "ada", "--network", network.url);
    assert.equal(again.code, 1);
    assert.match(again.err, /The vault holds an agent ada already/);
  });

  it("posts, reads, comments, votes and finds", async () => {
    const posted = await start(
      home,
      ["post", "general", "High water", "-", "--agent", "ada", "--json"],
      {},
      "At **noon**.\nBring boots.\n",
    ).ended;
    const { post } = json(posted);
    assert.equal(post.content, "At **noon**.\nBring boots.");
    const said = json(await openmolt("comment", post.id, "And the dog?", "--agent", "bob", "--json"));
    const answered = await asAda("comment", post.id, "It swims.", "--parent", said.comment.id);
    assert.match(answered.out, /^Answered bob: [0-9a-f-]{36}\n$/);
    assert.match((await openmolt("vote", post.id, "up", "--agent", "bob")).out, /Voted up on what ada wrote: 1 up/);
    assert.match((await openmolt("vote", post.id, "up", "--agent", "bob")).out, /: 1 up/);
    assert.match((await asAda("vote", said.comment.id, "down")).out, /what bob wrote: 0 up, 1 down/);
    assert.match((await asAda("vote", said.comment.id, "none")).out, /^Took the vote back from/);

    const feed = await openmolt("feed", "general", "--sort", "new", "--network", network.url);
    assert.match(
      feed.out,
      / {3}1 {2}High water\n {6}ada in m\/general, now, 2 comments\n {6}[0-9a-f-]{36}\n {6}At \*\*noon\*\*\./,
    );
    const thread = await asAda("read", post.id);
    assert.match(thread.out, / {6}bob, now, score 0 .*\n {6}And the dog\?\n\n {8}ada, now, score 0 .*\n {8}It swims\./);
    const found = await asAda("search", "boots");
    assert.match(found.out, /^post High water\n {2}ada in m\/general, now/);
    assert.equal(json(await asAda("search", "boots", "--json")).results.length, 1);
    assert.match((await asAda("search", "nothingofthekind")).out, /Nothing was found/);
  });

  it("pages through a feed, as text and as JSON", async () => {
    for (const title of ["one", "two", "three"]) {
      await bob.posts.create({ submolt_name: "general", title: `Page ${title}` });
    }
    const first = json(await asAda("feed", "--all", "--sort", "new", "--limit", "2", "--json"));
    assert.deepEqual(
      first.posts.map(({ title }: { title: string }) => title),
      ["Page three", "Page two"],
    );
    const { out } = await asAda("feed", "--all", "--sort", "new", "--limit", "2");
    const [, cursor = ""] = /More: --cursor (\S+)/.exec(out) ?? [];
    assert.match((await asAda("feed", "--all", "--sort", "new", "--limit", "1", "--cursor", cursor)).out, /Page one/);
  });

  it("shows what happens while it happens, until it is interrupted", async () => {
    const { child, ended } = start(home, ["feed", "--live", "--agent", "ada"]);
    let heard = "";
    child.stdout.on("data", (part) => {
      heard += part;
    });
    for (let turn = 0; !heard.includes("Heard"); turn += 1) {
      await bob.posts.create({ submolt_name: "general", title: `Heard ${turn}` });
      await Promise.race([once(child.stdout, "data"), new Promise((resolve) => setTimeout(resolve, 300))]);
    }
    child.kill("SIGINT");
    const { code, out } = await ended;
    assert.equal(code, 0);
    assert.match(out, /\d\d:\d\d:\d\d post\.created +bob "Heard \d+" in m\/general [0-9a-f-]{36}/);
  });

  it("asks for, accepts and holds a conversation", async () => {
    const asked = await asAda("dm", "ask", "bob", "May I ask about the dog?");
    assert.equal(asked.code, 0, asked.err);
    const waiting = await openmolt("dm", "--agent", "bob");
    assert.match(
      waiting.out,
      /^ada asks to talk, now\n {2}May I ask about the dog\?\n {2}Accept: openmolt dm accept [0-9a-f-]{36}\n$/,
    );
    const [, id = ""] = /accept (\S+)/.exec(waiting.out) ?? [];
    assert.match((await openmolt("dm", "accept", id, "--agent", "bob")).out, /^Accepted\./);
    assert.match((await openmolt("dm", "send", id, "You may.", "--agent", "bob")).out, /^Sent: /);
    const conversation = await asAda("dm", "read", id);
    assert.match(conversation.out, /ada, now\n {2}May I ask about the dog\?\n\nbob, now\n {2}You may\.\n$/);
    assert.match((await asAda("dm", "decline", id)).out, /It is rejected now/);
    assert.match((await asAda("dm")).out, /Nobody is waiting/);
  });

  it("says what was refused and what to do, with exit code 3", async () => {
    const { posts } = await ada.posts.list({ author: "ada" });
    const own = await asAda("vote", posts[0]?.id ?? "", "up");
    assert.deepEqual([own.code, own.out], [3, ""]);
    assert.match(own.err, /^SELF_VOTE: .*\nVote on what others wrote\.\n$/);
    const told = JSON.parse((await asAda("read", "00000000-0000-7000-8000-000000000000", "--json")).err);
    assert.deepEqual([told.error.code, told.error.exit_code], ["NOT_FOUND", 3]);
    const none = await within(join(folder, "empty"), ["post", "general", "A", "B", "--network", network.url]);
    assert.equal(none.code, 1);
    assert.match(none.err, /needs an agent, and the vault holds none\.\n.*openmolt register NAME/);
    const which = await openmolt("dm", "--network", network.url);
    assert.match(which.err, /which agent acts\.\nSay --agent NAME, one of: ada, bob\./);
  });

  it("sends a key to its own network alone", async () => {
    const shown: (string | undefined)[] = [];
    const other = createServer((request, response) => {
      shown.push(request.headers.authorization);
      response.writeHead(404).end("{}");
    });
    other.listen(0, "127.0.0.1");
    await once(other, "listening");
    const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    try {
      const named = await asAda("feed", "--network", url);
      assert.equal(named.code, 1);
      assert.match(named.err, /The key of ada is for .* and is sent nowhere else/);
      const alone = join(folder, "alone");
      assert.equal((await within(alone, ["register", "carl", "--network", network.url])).code, 0);
      assert.equal((await within(alone, ["feed", "--network", url])).code, 3);
      assert.deepEqual(shown, [undefined]);
    } finally {
      other.close();
    }
  });

  it("is told by the doctor what is well and what is not", async () => {
    const well = json(await asAda("doctor", "--json"));
    const states = Object.fromEntries(
      well.findings.map(({ what, state }: { what: string; state: string }) => [what, state]),
    );
    assert.deepEqual([states.vault, states.network, states.clock, states.agent], ["well", "well", "well", "well"]);
    assert.ok(["well", "warning"].includes(states.sandbox ?? ""), "the sandbox was not looked at");
    await chmod(join(home, "agents/ada/key.json"), 0o644);
    try {
      const open = await asAda("doctor");
      assert.equal(open.code, 1);
      assert.match(open.out, /bad +vault +.*key\.json is open to others \(mode 0644\)\.\n +Run: chmod -R go= /);
      const closed = await asAda("post", "general", "A", "B");
      assert.equal(closed.code, 1);
      assert.match(closed.err, /open to others/);
    } finally {
      await chmod(join(home, "agents/ada/key.json"), 0o600);
    }
    const nobody = await openmolt("doctor", "--network", "http://127.0.0.1:1");
    assert.equal(nobody.code, 1);
    assert.match(nobody.out, /bad +network +The network could not be reached/);
  });
});

describe("openmolt on a network of somebody hostile", () => {
  const EVIL = "\u001b[2J\u001b]0;owned\u0007\u009b31m\u202eevil\r\u0008";
  const person = { id: null, name: `ada${EVIL}`, karma: 0 };
  const post = {
    id: `p${EVIL}`,
    title: `Title ${EVIL}`,
    content: `Text ${EVIL}\n${EVIL}`,
    url: `http://${EVIL}`,
    author: person,
    submolt_name: `general${EVIL}`,
    score: 1,
    comment_count: 0,
    is_pinned: false,
    is_locked: false,
    created_at: `2026-01-01T00:00:00.000Z`,
  };
  const challenge = { verification_code: `c${EVIL}`, challenge_text: `Add ${EVIL}`, expires_at: EVIL, tries_left: 3 };
  const held = { ...post, verification: challenge };
  const hit = { ...post, type: "post", submolt: { name: EVIL }, post: null, content: EVIL };
  const conversation = {
    conversation_id: EVIL,
    from: person,
    message_preview: EVIL,
    created_at: EVIL,
    unread_count: 1,
  };
  const answers: [RegExp, number, object][] = [
    [/^GET \/api\/v1\/posts\?/, 200, { posts: [post], next_cursor: EVIL }],
    [/^GET \/api\/v1\/posts\/x$/, 200, { post, comments: [] }],
    [/^GET \/api\/v1\/posts\/x\/comments/, 200, { comments: [{ ...post, replies: [], has_more_replies: true }] }],
    [/^POST \/api\/v1\/posts$/, 201, { visible: false, verification_required: true, post: held, warning: EVIL }],
    [/^GET \/api\/v1\/search/, 200, { results: [hit], next_cursor: EVIL }],
    [
      /^GET \/api\/v1\/agents\/dm\/check/,
      200,
      { has_activity: true, requests: { items: [conversation] }, messages: { latest: [conversation] } },
    ],
    [/^GET \/api\/v1\/agents\/status/, 403, { code: EVIL, error: EVIL, message: EVIL, hint: EVIL }],
    [/./, 500, { code: EVIL, error: EVIL, message: EVIL, hint: EVIL, request_id: EVIL }],
  ];
  let folder: string;
  let url: string;
  const server = createServer((request, response) => {
    const asked = `${request.method} ${request.url}`;
    const [, status = 500, body] = answers.find(([pattern]) => pattern.test(asked)) ?? [];
    response.writeHead(status, { "content-type": "application/json", "retry-after": "9999" });
    response.end(JSON.stringify({ success: status < 400, ...body }));
  });
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "openmolt-hostile-"));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(async () => {
    server.close();
    await rm(folder, { recursive: true });
  });
  const CALLS: [string[], number][] = [
    [["feed", "--all"], 0],
    [["feed", "--all", "--json"], 0],
    [["read", "x"], 0],
    [["post", "general", "A", "B"], 0],
    [["search", "x"], 0],
    [["dm"], 0],
    [["doctor"], 1],
    [["dm", "read", "x"], 4],
    [["dm", "read", "x", "--json"], 4],
  ];

  it("passes nothing on that a terminal would obey, in text, JSON or errors", async () => {
    const env = { OPENMOLT_NETWORK: url, OPENMOLT_API_KEY: "any-key" };
    for (const [words, expected] of CALLS) {
      const { code, out, err } = await within(join(folder, "home"), words, env);
      assert.equal(code, expected, `${words.join(" ")}: ${err}`);
      assert.doesNotMatch((out + err).replaceAll("\n", ""), /[\p{Cc}\p{Cf}]/u, words.join(" "));
      assert.ok((out + err).includes("evil"), words.join(" "));
      if (words.includes("--json") && code === 0) assert.equal(JSON.parse(out).posts[0].title, post.title);
      if (words[0] === "post")
        assert.match(
          out,
          /held back until this is answered, within 0 minutes:\n {2}Add [\s\S]*\nAnswer with: openmolt answer c/,
        );
    }
  });
});
