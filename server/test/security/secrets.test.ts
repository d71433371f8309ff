/** What is secret is found nowhere: not in the database, not in the log, not in the public history. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { pino } from "pino";
import { Browser } from "../browser.js";
import { startTestServer, type TestAgent, type TestServer } from "../harness.js";
import { type Mailbox, startMailbox } from "../mailbox.js";

describe("secrets", () => {
  let mailbox: Mailbox;
  let network: TestServer;
  let admin: pg.Client;
  const lines: string[] = [];
  before(async () => {
    mailbox = await startMailbox();
    const log = pino({ level: "trace" }, { write: (line: string) => void lines.push(line) });
    network = await startTestServer(
      { claimMethods: ["email", "operator"], smtpUrl: mailbox.url, privateWebhooks: true },
      log,
    );
    admin = new pg.Client(network.database.admin);
    await admin.connect();
  });
  after(async () => {
    await admin.end();
    await network.close();
    await mailbox.close();
  });

  /** Every row of every table, as text; bytes both as they are and as hex. */
  const dump = async () => {
    const { rows } = await admin.query(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables
       where schemaname not in ('pg_catalog', 'information_schema') order by 1`,
    );
    const tables = new Map<string, string>();
    for (const { name } of rows as { name: string }[]) {
      const found = await admin.query(`select to_jsonb(t) as row from ${name} t`);
      tables.set(name, JSON.stringify(found.rows));
    }
    return tables;
  };
  /** How a secret might stand somewhere; digests without a key count, because short secrets can be guessed by them. */
  const spellings = (secret: string) => {
    const digests = ["sha256", "sha1", "md5"].flatMap((name) => {
      const digest = createHash(name).update(secret).digest();
      return [digest.toString("hex"), digest.toString("base64").replace(/=+$/, "")];
    });
    return [
      secret,
      JSON.stringify(secret).slice(1, -1),
      Buffer.from(secret).toString("hex"),
      Buffer.from(secret).toString("base64").replace(/=+$/, ""),
      Buffer.from(secret).toString("base64url"),
      ...digests,
    ];
  };
  /** The files of this database as they lie on the disk, what was changed or deleted included. */
  const files = async () => {
    await admin.query("checkpoint");
    const { rows } = await admin.query(
      `select current_setting('data_directory') || '/base/' || oid as folder from pg_database where datname = current_database()`,
    );
    const { folder } = rows[0] as { folder: string };
    const names = await readdir(folder).catch(() => []);
    return new Map(await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as const)));
  };
  /** Tables and files that hold any of some secrets, in any spelling. */
  const holders = async (secrets: readonly string[]) => {
    const [tables, onDisk] = [await dump(), await files()];
    const found: string[] = [];
    for (const secret of secrets) {
      for (const [name, content] of tables) {
        if (spellings(secret).some((spelling) => content.includes(spelling))) found.push(`${name}: ${secret}`);
      }
      const raw = [secret, ...["sha256", "sha1", "md5"].map((name) => createHash(name).update(secret).digest())];
      for (const [name, content] of onDisk) {
        if (raw.some((bytes) => content.includes(bytes))) found.push(`file ${name}: ${secret}`);
      }
    }
    return { found, tables, files: onDisk.size };
  };

  const claimed = async (email: string, username: string, secrets: string[]) => {
    const agent = await network.agent();
    const claim_token = agent.claimUrl.split("/").pop() ?? "";
    await network.anonymous.owners.verifyEmail({ email, username, claim_token });
    const link = await mailbox.nextLink();
    const browser = new Browser(network.url);
    const home = await browser.submit(await browser.get(link), "/confirm");
    assert.equal(home.path, "/owner");
    secrets.push(agent.key, claim_token, email, link.split("/").pop() ?? "", ...browser.cookies.values());
    return { agent, browser, home };
  };

  it("of a whole story stand in no table, no line of the log and no event", async () => {
    const secrets: string[] = [];
    const first = await claimed("ada.lovelace@example.org", "ada", secrets);
    const second = await claimed("grace.hopper@example.org", "grace", secrets);
    const [ada, grace]: TestAgent[] = [first.agent, second.agent] as [TestAgent, TestAgent];
    assert.ok(ada && grace);
    const idempotencyKey = "an-idempotency-key-that-is-long-enough-0001";
    const rotated = await ada.client.agents.rotateKey({ overlap_minutes: 60 }, { idempotencyKey });
    const words = "The lobster hides under the third rock";
    const asked = await ada.client.messages.request({ to: grace.name, message: words });
    const { conversation_id } = asked as unknown as { conversation_id: string };
    await grace.client.messages.approve({ conversation_id });
    const answer = "Then I shall look under the fourth";
    await grace.client.messages.send({ conversation_id, message: answer }, { idempotencyKey: "short-key-0000000042" });
    const replaced = await first.browser.submit(
      await first.browser.get(`/owner/agents/${ada.name}`),
      "/owner/keys/replace",
    );
    const newKey = /moltbook_[A-Za-z0-9]{49}/.exec(replaced.html)?.[0] ?? "";
    assert.notEqual(newKey, "");
    const operatorLink = await network.server.operatorLink();
    const operator = new Browser(network.url);
    const desk = await operator.submit(await operator.get(new URL(operatorLink).pathname), "/confirm");
    const app = await operator.submit(desk, "/operator/identity-apps", { name: "A shop" });
    const appKey = /moltdev_[A-Za-z0-9]{43}/.exec(app.html)?.[0] ?? "";
    assert.notEqual(appKey, "");
    const { identity_token } = await grace.client.identity.token({});
    const url = "http://127.0.0.1:9/hook";
    const made = await grace.client.webhooks.create({ url }, { idempotencyKey: "short-key-0000000043" });
    const renewed = await grace.client.webhooks.rotateSecret({ webhook_id: made.webhook.id });
    await grace.client.webhooks.ping({ webhook_id: made.webhook.id });
    await network.server.courier.settle();
    secrets.push(made.secret, made.secret.slice("whsec_".length), renewed.secret);
    const guess = "moltbook_not-a-real-key-but-somebody-s-secret";
    const call = (headers: Record<string, string>, path = "/api/v1/agents/me") =>
      fetch(network.url + path, { headers });
    for (const bad of [
      await call({ authorization: `Bearer ${guess}` }),
      await call({ authorization: guess }),
      await call({ "x-api-key": guess }),
      await call({ cookie: `openmolt_owner=${guess}`, accept: "text/html" }, "/owner"),
    ]) {
      assert.equal(bad.status, 401);
      assert.ok(!(await bad.text()).includes(guess), "an error repeats what was presented");
    }
    await network.settle();
    await network.server.services.activity.flush();
    secrets.push(
      rotated.api_key,
      idempotencyKey,
      "short-key-0000000042",
      words,
      answer,
      newKey,
      appKey,
      identity_token,
    );
    secrets.push(operatorLink.split("/").pop() ?? "", ...operator.cookies.values(), guess);
    assert.ok(secrets.length > 20 && secrets.every((secret) => secret.length > 10));

    const { found, tables, files: looked } = await holders(secrets);
    assert.deepEqual(found, []);
    assert.ok([...tables.keys()].length > 40, "the job queue's tables are looked at too");
    assert.ok(tables.get("public.agents")?.includes(ada.name), "the dump shows what is there");
    assert.ok(looked > 100 || process.env.OPENMOLT_TEST_DATABASE_URL, "the files on the disk are looked at too");
    assert.ok(lines.length > 0, "something was logged");
    for (const secret of secrets) assert.ok(!lines.some((line) => line.includes(secret)), `the log holds ${secret}`);
    const history = await (await fetch(`${network.url}/api/v1/events?limit=500`)).text();
    for (const secret of secrets) assert.ok(!history.includes(secret), `the history holds ${secret}`);
  });

  it("would be found wherever somebody had put them", async () => {
    await admin.query("create table planted (id int, words text, bytes bytea, facts jsonb)");
    const planted = (name: string) => `planted-${name}-${Math.random().toString(36).slice(2)}`;
    const digestOf = (secret: string) => createHash("sha256").update(secret).digest();
    const plants: { column: string; secret: string; as(secret: string): unknown }[] = [
      { column: "words", secret: planted("clear"), as: (secret) => `see ${secret}.` },
      { column: "words", secret: planted("hex"), as: (secret) => Buffer.from(secret).toString("hex") },
      { column: "words", secret: planted("base64"), as: (secret) => Buffer.from(secret).toString("base64") },
      { column: "words", secret: planted("digest"), as: (secret) => digestOf(secret).toString("hex") },
      { column: "bytes", secret: planted("bytes"), as: (secret) => Buffer.from(secret) },
      { column: "bytes", secret: planted("hashed"), as: digestOf },
      { column: "facts", secret: planted("facts"), as: (secret) => ({ secret }) },
    ];
    for (const { column, secret, as } of plants) {
      await admin.query(`insert into planted (${column}) values ($1)`, [as(secret)]);
    }
    const inTables = (await holders(plants.map(({ secret }) => secret))).found;
    for (const { secret } of plants) assert.ok(inTables.includes(`public.planted: ${secret}`), secret);
    await admin.query("delete from planted");
    const deleted = (await holders(plants.map(({ secret }) => secret))).found;
    const isOutside = process.env.OPENMOLT_TEST_DATABASE_URL !== undefined;
    for (const { column, secret } of plants.filter(({ secret }) => /clear|bytes|hashed/.test(secret))) {
      const isThere = deleted.some((where) => where.startsWith("file ") && where.endsWith(secret));
      assert.ok(isOutside || isThere, `${column} ${secret}`);
    }
    await admin.query("drop table planted");
  });
});
