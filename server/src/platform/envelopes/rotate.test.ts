import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { Browser } from "../../../test/browser.js";
import { startTestServer, type TestAgent, type TestServer } from "../../../test/harness.js";
import { type Mailbox, startMailbox } from "../../../test/mailbox.js";
import { newId } from "../ids.js";
import { loadMasterKey, openVault } from "../secrets.js";
import { rotateEnvelopes, SEALED_COLUMNS, SEALED_ELSEWHERE } from "./rotate.js";

const MODULE = new URL("rotate.js", import.meta.url).href;
const SECRETS = new URL("../secrets.js", import.meta.url).href;

describe("a rotation of the envelope keys", { timeout: 120_000 }, () => {
  let mailbox: Mailbox;
  let network: TestServer;
  let admin: pg.Client;
  before(async () => {
    mailbox = await startMailbox();
    network = await startTestServer({
      claimMethods: ["auto", "email"],
      smtpUrl: mailbox.url,
      privateWebhooks: true,
    });
    admin = new pg.Client(network.database.admin);
    await admin.connect();
  });
  after(async () => {
    await admin.end();
    await network.close();
    await mailbox.close();
  });

  const secretsDir = () => join(network.server.services.config.dataDir, "secrets");
  const vaultOf = () => openVault(loadMasterKey(secretsDir()));
  /** The key begins to seal at once, and the server knows it by then. */
  const atOnce = async () => {
    await admin.query("update envelope_keys set current_from = least(current_from, now())");
    await network.server.services.envelopes.refresh();
  };
  const rotate = () => rotateEnvelopes(network.database.migrator, vaultOf(), { wait: atOnce });
  /** The ids of the keys that columns are sealed under, in hex. */
  const keysInUse = async () => {
    const used = new Set<string>();
    for (const { table, column } of SEALED_COLUMNS) {
      const { rows } = await admin.query(
        `select distinct encode(substring(${column} from 1 for 5), 'hex') as header from ${table} where ${column} is not null`,
      );
      for (const { header } of rows) used.add(header);
    }
    return [...used];
  };

  it("knows every sealed column of the schema", async () => {
    const { rows } = await admin.query(
      `select table_name || '.' || column_name as name from information_schema.columns
       where table_schema = 'public' and data_type = 'bytea' and column_name like '%sealed' order by 1`,
    );
    const known = [...SEALED_COLUMNS.map(({ table, column }) => `${table}.${column}`), ...SEALED_ELSEWHERE];
    assert.deepEqual(
      rows.map(({ name }) => name),
      known.toSorted(),
    );
  });

  it("seals everything anew while the network is served, and all of it opens", async () => {
    const [ada, grace] = [await network.agent(), await network.agent()];
    await ada.client.owners.setupEmail({ email: "ada@example.org", username: "ada" });
    const browser = new Browser(network.url);
    const { conversation_id, words } = await talk(ada, grace);
    const { webhook } = await ada.client.webhooks.create({ url: "http://127.0.0.1:9/hook" });
    await ada.client.webhooks.rotateSecret({ webhook_id: webhook.id });
    const link = await mailbox.nextLink();
    const before = await keysInUse();
    assert.equal(before.length, 1);
    let stop = false;
    let written = 0;
    const writing = (async () => {
      for (; !stop; written++) {
        await grace.client.messages.send({ conversation_id, message: `meanwhile ${written}` });
        assert.match(JSON.stringify(await ada.client.messages.read({ conversation_id })), new RegExp(words));
      }
    })();
    // What was under way when the key changed has ended.
    const switched = async () => {
      await atOnce();
      for (const end = written + 2; written < end; ) await new Promise(setImmediate);
    };
    const options = { wait: switched };
    const { keyId, resealed, finishedEarlier } = await rotateEnvelopes(network.database.migrator, vaultOf(), options);
    stop = true;
    await writing;
    assert.equal(finishedEarlier, false);
    assert.ok(resealed >= 4, `${resealed} values`);
    assert.deepEqual(await keysInUse(), [`02${keyId}`]);
    assert.notDeepEqual(before, [`02${keyId}`]);
    assert.match(JSON.stringify(await ada.client.messages.read({ conversation_id })), /meanwhile 0/);
    await browser.submit(await browser.get(link), "/confirm");
    assert.match((await browser.get("/owner")).html, /ada@example\.org/);
    await ada.client.webhooks.ping({ webhook_id: webhook.id });
    await network.server.courier.settle();
    const { deliveries } = await ada.client.webhooks.deliveries({ webhook_id: webhook.id });
    assert.equal(deliveries[0]?.last_error, "connection", "it was signed and sent");
  });

  it("that is killed loses nothing, and the next one finishes it", async () => {
    const [ada, grace] = [await network.agent(), await network.agent()];
    const { conversation_id, words } = await talk(ada, grace);
    await fill(conversation_id, ada, grace, 3_000);
    const program = `import { rotateEnvelopes } from ${JSON.stringify(MODULE)};
      import { loadMasterKey, openVault } from ${JSON.stringify(SECRETS)};
      const { migrator, secretsDir } = JSON.parse(process.env.ROTATE);
      await rotateEnvelopes(migrator, openVault(loadMasterKey(secretsDir)), {
        wait: () => new Promise((resolve) => process.stdin.once("data", resolve)).then(() => process.stdin.pause()),
        onProgress: (done) => { if (done >= 400) process.kill(process.pid, "SIGKILL"); },
      });`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
      env: {
        ...process.env,
        ROTATE: JSON.stringify({ migrator: network.database.migrator, secretsDir: secretsDir() }),
      },
      stdio: ["pipe", "inherit", "inherit"],
      cwd: fileURLToPath(new URL(".", import.meta.url)),
    });
    const ended = once(child, "exit");
    const count = async () => (await admin.query("select count(*)::int as n from envelope_keys")).rows[0].n as number;
    const known = await count();
    while ((await count()) === known) await new Promise(setImmediate);
    await atOnce();
    child.stdin?.end("go\n");
    assert.equal((await ended)[1], "SIGKILL");
    assert.ok((await keysInUse()).length > 1, "it was killed in the middle");
    assert.match(JSON.stringify(await ada.client.messages.read({ conversation_id })), new RegExp(words));
    const { keyId, resealed, finishedEarlier } = await rotate();
    assert.ok(finishedEarlier);
    assert.ok(resealed > 0 && resealed < 3_000, `${resealed} values were left`);
    assert.deepEqual(await keysInUse(), [`02${keyId}`]);
    assert.equal(await count(), known + 1, "no further key was made");
    const { rows } = await admin.query("select id, body_sealed from messages");
    const { vault } = network.server.services;
    for (const { id, body_sealed } of rows) assert.ok(vault.open("message", body_sealed, id).length > 0);
    assert.match(JSON.stringify(await ada.client.messages.read({ conversation_id })), new RegExp(words));
  });

  it("destroys keys only a day after they were replaced", async () => {
    const count = async () => (await admin.query("select count(*)::int as n from envelope_keys")).rows[0].n as number;
    const known = await count();
    assert.equal((await rotate()).destroyed, 0);
    assert.equal(await count(), known + 1);
    await admin.query("update envelope_keys set current_from = current_from - interval '25 hours'");
    assert.equal((await rotate()).destroyed, known);
    assert.equal(await count(), 2);
  });

  it("refuses another master key and a second rotation at once", async () => {
    const stranger = openVault(Buffer.alloc(32, 9));
    await assert.rejects(
      rotateEnvelopes(network.database.migrator, stranger, { wait: atOnce }),
      /belongs to the master key/,
    );
    const inner = { error: "" };
    const wait = async () => {
      inner.error = await rotate().then(
        () => "",
        (error: Error) => error.message,
      );
      await atOnce();
    };
    await rotateEnvelopes(network.database.migrator, vaultOf(), { wait });
    assert.match(inner.error, /under way/);
  });

  const talk = async (ada: TestAgent, grace: TestAgent) => {
    const words = `Words of ${ada.name}`;
    const asked = await ada.client.messages.request({ to: grace.name, message: words });
    const { conversation_id } = asked as unknown as { conversation_id: string };
    await grace.client.messages.approve({ conversation_id });
    return { conversation_id, words };
  };
  /** Many messages, as the server would have sealed them. */
  const fill = async (conversationId: string, ada: TestAgent, grace: TestAgent, count: number) => {
    const { vault } = network.server.services;
    const ids = Array.from({ length: count }, () => newId());
    await admin.query(
      `insert into messages (id, conversation_id, requester_id, recipient_id, sender_id, body_sealed, created_at)
       select m.id, $1, $2, $3, $2, m.sealed, now() - interval '1 day' from unnest($4::uuid[], $5::bytea[]) as m(id, sealed)`,
      [conversationId, ada.id, grace.id, ids, ids.map((id) => vault.seal("message", "filled", id))],
    );
  };
});
