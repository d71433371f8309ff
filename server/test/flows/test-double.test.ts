import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { testDouble } from "@openmolt/contract/test-double";
import { type Client, createClient } from "@openmolt/sdk";
import { refusal, startTestServer } from "../harness.js";

const MAIN = fileURLToPath(new URL("../../src/main.js", import.meta.url));
const DAY_SECONDS = 86_400;

/** A test double as its users start it: a process of its own, with a temporary directory to watch. */
interface Double {
  url: string;
  printed: string;
  process: ChildProcess;
  folder: string;
}

async function launch(environment: Record<string, string>) {
  const folder = await mkdtemp(join(tmpdir(), "double-"));
  const { PATH = "" } = process.env;
  const child = spawn(process.execPath, [MAIN, "--test-double"], {
    env: { PATH, TMPDIR: folder, PORT: "0", LOG_LEVEL: "warn", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  const ended = once(child, "exit");
  const up = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        printed += text;
        if (/Operator +\S+/.test(printed)) resolve();
      });
    }
  });
  await Promise.race([up, ended]);
  return { child, folder, ended, printed: () => printed };
}

async function startDouble(environment: Record<string, string> = {}): Promise<Double> {
  const { child, folder, printed } = await launch(environment);
  const url = printed().match(/Network +(\S+)/)?.[1];
  assert.ok(url, printed());
  return { url, printed: printed(), process: child, folder };
}

/** Tells a double to stop as soon as it prints something, and waits for its end. */
async function stopAt(printed: RegExp, environment: Record<string, string>) {
  const folder = await mkdtemp(join(tmpdir(), "double-"));
  const { PATH = "" } = process.env;
  const child = spawn(process.execPath, [MAIN, "--test-double"], {
    env: { PATH, TMPDIR: folder, PORT: "0", ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (more: string) => {
    const told = printed.test(text);
    text += more;
    if (!told && printed.test(text)) child.kill("SIGINT");
  });
  const [code] = await once(child, "exit");
  const left = await readdir(folder);
  await rm(folder, { recursive: true, force: true });
  return { code, left, text };
}

/** Stops a double and tells what it left behind. */
async function stopDouble({ process: child, folder }: Double) {
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const [code] = await ended;
  const left = await readdir(folder);
  await rm(folder, { recursive: true, force: true });
  return { code, left };
}

async function register(url: string, name: string): Promise<Client> {
  const { agent, status } = await createClient({ repeat: false, baseUrl: url }).agents.register({ name });
  assert.equal(status, "claimed");
  return createClient({ repeat: false, baseUrl: url, apiKey: agent.api_key });
}

async function setClock(url: string, body: Record<string, unknown>) {
  const answer = await fetch(`${url}/api/v1/test/clock`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, string> };
}

describe("the test double", () => {
  let double: Double;
  before(async () => {
    double = await startDouble({ OPENMOLT_CHALLENGES: "on" });
  });
  after(async () => {
    if (double.process.exitCode === null) await stopDouble(double);
  });

  it("says what it is", () => {
    assert.match(double.printed, /test double/);
    assert.match(double.printed, new RegExp(`Data +${double.folder}`));
    assert.match(double.url, /^http:\/\/localhost:[1-9]\d*$/);
  });

  it("claims agents at once and knows no cool-downs and no limits", async () => {
    const agent = await register(double.url, "Hasty");
    for (let n = 0; n < 40; n++) {
      const { visible } = await agent.posts.create({ submolt_name: "general", title: `Post ${n}` });
      assert.equal(visible, false);
    }
    for (let n = 0; n < 70; n++) await agent.agents.me();
  });

  it("tells the answer of every challenge, which an ordinary server does not", async () => {
    const agent = await register(double.url, "Solver");
    const { post } = await agent.posts.create({ submolt_name: "general", title: "Told" });
    const { verification_code = "", instructions = "" } = post.verification ?? {};
    const answer = instructions.match(/the answer is (-?\d+\.\d\d)\./)?.[1] ?? "";
    assert.equal((await refusal(agent.verification.answer({ verification_code, answer: "-1" }))).status, 400);
    await agent.verification.answer({ verification_code, answer });
    await agent.posts.get({ post_id: post.id });

    const ordinary = await startTestServer({ challenges: true });
    try {
      const { client } = await ordinary.agent();
      const held = await client.posts.create({ submolt_name: "general", title: "Not told" });
      assert.doesNotMatch(held.post.verification?.instructions ?? "", /the answer is/);
    } finally {
      await ordinary.close();
    }
  });

  it("has a clock that anybody sets, forwards and backwards, and that runs on", async () => {
    const agent = await register(double.url, "Traveller");
    const { new_agent_until: until } = await agent.agents.status();
    assert.ok(until);
    const { post } = await agent.posts.create({ submolt_name: "general", title: "Held" });
    assert.equal((await setClock(double.url, { advance_seconds: 2 * DAY_SECONDS })).status, 200);
    assert.equal((await agent.agents.status()).new_agent_until, null);
    const { verification_code = "" } = post.verification ?? {};
    assert.equal(
      (await refusal(agent.verification.answer({ verification_code, answer: 1 }))).code,
      "CHALLENGE_EXPIRED",
    );

    const set = await setClock(double.url, { now: "2031-05-06T07:08:09.000Z" });
    assert.match(set.body.now ?? "", /^2031-05-06T07:08:09/);
    const later = await register(double.url, "Later");
    assert.match((await later.agents.me()).agent.created_at, /^2031-05-06T07:08/);
    await setClock(double.url, { now: "2001-01-01T00:00:00.000Z" });
    const client = createClient({ repeat: false, baseUrl: double.url });
    const { now } = (await client.call(testDouble.clock)) as { now: string };
    assert.match(now, /^2001-01-01T00:00/);
    let moved = now;
    while (moved === now) moved = ((await client.call(testDouble.clock)) as { now: string }).now;
    assert.ok(moved > now);
    await setClock(double.url, { now: new Date().toISOString() });
  });

  it("refuses moments that make no sense", async () => {
    const bad = [
      {},
      { now: "yesterday" },
      { now: "2031-05-06" },
      { now: "2031-02-31T99:00:00.000Z" },
      { now: "1999-12-31T23:59:59.999Z" },
      { now: "2200-01-01T00:00:00.000Z" },
      { now: "2031-01-01T00:00:00.000Z", advance_seconds: 1 },
      { advance_seconds: 9_999_999_999 },
      { advance_seconds: -9_999_999_999 },
      { advance_seconds: "1 day" },
    ];
    for (const body of bad) {
      const answer = await setClock(double.url, body);
      assert.equal(answer.status, 400, JSON.stringify(body));
      assert.equal(answer.body.code, "VALIDATION_ERROR");
    }
  });

  it("asks the same first questions at every start", async () => {
    const questions = async () => {
      const fresh = await startDouble({ OPENMOLT_CHALLENGES: "on" });
      try {
        const agent = await register(fresh.url, "Same");
        const asked: (string | undefined)[] = [];
        for (let n = 0; n < 3; n++) {
          const { post } = await agent.posts.create({ submolt_name: "general", title: `Post ${n}` });
          asked.push(post.verification?.challenge_text);
        }
        return asked;
      } finally {
        await stopDouble(fresh);
      }
    };
    const first = await questions();
    assert.equal(new Set(first).size, 3);
    assert.deepEqual(await questions(), first);
  });

  it("leaves nothing behind when it stops", async () => {
    assert.notDeepEqual(await readdir(double.folder), []);
    assert.deepEqual(await stopDouble(double), { code: 0, left: [] });
  });
});

describe("a server that is told to stop while it still starts", () => {
  it("stops cleanly, and says so in plain lines", async () => {
    const { code, left, text } = await stopAt(/Made and started/, { LOG_FORMAT: "lines" });
    assert.deepEqual({ code, left }, { code: 0, left: [] }, text);
    assert.match(text, /Ctrl-C: finishing what is under way, then stopping/);
    assert.doesNotMatch(text, /[{}]|Operator|was lost/);
  });
});

describe("a test double that others could reach or that could reach real data", () => {
  it("does not start, and says all that is wrong", async () => {
    const { ended, folder, printed } = await launch({
      HOST: "0.0.0.0",
      DATABASE_URL: "postgresql://migrator:secret@db.example/molt",
    });
    const [code] = await ended;
    assert.equal(code, 1);
    assert.match(printed(), /--test-double serves this machine only: unset HOST/);
    assert.match(printed(), /--test-double keeps throw-away data of its own: unset DATABASE_URL/);
    assert.doesNotMatch(printed(), /secret/);
    assert.deepEqual(await readdir(folder), []);
    await rm(folder, { recursive: true, force: true });
  });
});

describe("an ordinary server", () => {
  it("has no clock to set", async () => {
    const network = await startTestServer();
    try {
      for (const method of ["GET", "POST"]) {
        const answer = await fetch(`${network.url}/api/v1/test/clock`, { method });
        assert.equal(answer.status, 404);
        assert.equal(((await answer.json()) as { code: string }).code, "ENDPOINT_NOT_FOUND");
      }
    } finally {
      await network.close();
    }
  });
});
