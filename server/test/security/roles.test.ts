import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { startTestServer, type TestServer } from "../harness.js";

/** Read by anybody; without row-level security, which would disable the search index. */
const PUBLIC = [
  "agent_signing_keys",
  "agent_stats",
  "agents",
  "comment_revisions",
  "comment_stats",
  "comments",
  "communities",
  "community_roles",
  "community_stats",
  "events",
  "follows",
  "label_attachments",
  "labels",
  "media",
  "population",
  "post_revisions",
  "post_stats",
  "posts",
  "pulse_figures",
  "search_documents",
  "signed_writes",
];
/** The app's own bookkeeping: ids, counters, sealed answers. */
const APP_ONLY = [
  "agent_certificates",
  "agent_seq",
  "comment_votes",
  "envelope_keys",
  "idempotency_keys",
  "identity_apps",
  "instance",
  "outbox",
  "owner_cap_uses",
  "post_votes",
  "signature_nonces",
  "subscriptions",
  "used_values",
];
/** Somebody's: forced row-level security. */
const PRIVATE = [
  "access_review_marks",
  "access_review_reminders",
  "access_reviews",
  "access_ledger",
  "access_ledger_heads",
  "agent_keys",
  "agent_offers",
  "audit_log",
  "break_glass",
  "challenge_records",
  "challenges",
  "claims",
  "conversations",
  "identity_apps_told",
  "invitations",
  "key_habits",
  "magic_links",
  "messages",
  "notifications",
  "organisation_invitations",
  "organisation_members",
  "organisations",
  "owner_notices",
  "operators",
  "owner_sessions",
  "owners",
  "passkeys",
  "pending_content",
  "provider_accounts",
  "removed_content",
  "reports",
  "revoked_tokens",
  "webhook_deliveries",
  "webhooks",
];
/** The migrator's alone. */
const CLOSED = ["schema_migrations"];
/** Columns of agents that pages never see. */
const HIDDEN_AGENT_COLUMNS = [
  "identity_consent",
  "identity_series",
  "organisation_id",
  "owner_id",
  "owner_limits",
  "paused_at",
  "proof",
  "salt",
  "suspension_count",
  "suspension_reason",
  "suspended_at",
];

const DENIED = "42501";
const UNWRITABLE = "55000";

describe("database roles", () => {
  let network: TestServer;
  let app: pg.Client;
  let reader: pg.Client;
  let admin: pg.Client;
  before(async () => {
    network = await startTestServer();
    [app, reader, admin] = (await Promise.all(
      [network.database.app, network.database.reader, network.database.admin].map(async (login) => {
        const client = new pg.Client(login);
        await client.connect();
        return client;
      }),
    )) as [pg.Client, pg.Client, pg.Client];
    await network.agent();
  });
  after(async () => {
    await Promise.all([app.end(), reader.end(), admin.end()]);
    await network.close();
  });

  const tables = async () =>
    (
      await admin.query(
        `select c.relname as name, c.relrowsecurity as on, c.relforcerowsecurity as forced from pg_class c
         where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f') order by 1`,
      )
    ).rows as { name: string; on: boolean; forced: boolean }[];
  const code = (client: pg.Client, text: string) =>
    client.query(text).then(
      () => "ok",
      (error: { code?: string }) => error.code,
    );

  it("have a decision for every table", async () => {
    const names = (await tables()).map((table) => table.name);
    assert.deepEqual(names, [...PUBLIC, ...APP_ONLY, ...PRIVATE, ...CLOSED].sort());
  });

  it("force row-level security on private tables and on no public one", async () => {
    for (const { name, on, forced } of await tables()) {
      assert.equal(on && forced, PRIVATE.includes(name), name);
    }
  });

  it("let the reader see public tables and nothing else", async () => {
    for (const { name } of await tables()) {
      const expected = PUBLIC.includes(name) ? "ok" : DENIED;
      assert.equal(await code(reader, `select count(*) from ${name}`), expected, name);
    }
  });

  it("hide an agent's owner and its suspension from the reader", async () => {
    assert.equal(await code(reader, "select id, name, owner_name from agents"), "ok");
    for (const column of HIDDEN_AGENT_COLUMNS) assert.equal(await code(reader, `select ${column} from agents`), DENIED);
  });

  it("tell the reader which texts are signed, and no more of the signatures", async () => {
    assert.equal(await code(reader, "select subject_id, version from signed_writes"), "ok");
    for (const column of ["agent_id", "keyid", "base", "signature", "body", "written_at"])
      assert.equal(await code(reader, `select ${column} from signed_writes`), DENIED, column);
  });

  it("let the reader write nothing, even outside its read-only mode", async () => {
    await reader.query("set default_transaction_read_only = off");
    for (const { name } of await tables()) {
      // Nobody can write to a view that counts.
      const refused = name === "population" ? UNWRITABLE : DENIED;
      assert.equal(await code(reader, `delete from ${name}`), refused, name);
      assert.equal(await code(reader, `insert into ${name} default values`), refused, name);
    }
  });

  it("show the app no private row while nobody is acting", async () => {
    assert.notEqual((await admin.query("select count(*)::int as n from agent_keys")).rows[0].n, 0);
    for (const name of PRIVATE) {
      const { rows } = await app.query(`select count(*)::int as n from ${name}`);
      assert.equal(rows[0].n, 0, name);
    }
  });

  it("forget the actor when a transaction ends, so that a reused connection is nobody", async () => {
    const { rows } = await admin.query("select agent_id from agent_keys limit 1");
    await app.query(`begin; set local app.actor = '${rows[0].agent_id}'`);
    assert.equal((await app.query("select count(*)::int as n from agent_keys")).rows[0].n, 1);
    await app.query("commit");
    assert.equal((await app.query("select count(*)::int as n from agent_keys")).rows[0].n, 0);
  });

  it("let the app neither change nor delete history and audit", async () => {
    for (const name of ["events", "audit_log"]) {
      assert.equal(await code(app, `delete from ${name}`), DENIED, name);
      assert.equal(await code(app, `truncate ${name}`), DENIED, name);
    }
    for (const name of ["access_ledger", "access_ledger_heads"]) {
      for (const change of ["insert into", "update", "delete from", "truncate"]) {
        const rest = { "insert into": "default values", update: "set digest = ''" }[change] ?? "";
        assert.equal(await code(app, `${change} ${name} ${rest}`), DENIED, `${change} ${name}`);
      }
    }
    assert.equal(await code(app, "update events set digest = ''"), DENIED);
    assert.equal(await code(app, "update audit_log set act = ''"), DENIED);
  });

  it("let neither role change the schema", async () => {
    for (const client of [app, reader]) {
      assert.equal(await code(client, "create table mine (id int)"), DENIED);
      assert.equal(await code(client, "alter table agents add column mine int"), DENIED);
      assert.equal(await code(client, "drop table agents"), DENIED);
    }
  });

  it("give the app one way from a key to its agent, which tells nothing else", async () => {
    const { rows } = await admin.query("select key_hash, agent_id from agent_keys limit 1");
    const found = await app.query("select * from find_key($1)", [rows[0].key_hash]);
    assert.deepEqual(Object.keys(found.rows[0]), [
      "key_id",
      "agent_id",
      "key_expires_at",
      "key_revoked_at",
      "scopes",
      "networks",
    ]);
    assert.equal((await app.query("select * from find_key($1)", [Buffer.alloc(32)])).rowCount, 0);
    assert.equal(await code(reader, "select * from find_key('')"), DENIED);
    assert.equal(await code(reader, `select * from find_key_of_token('${rows[0].agent_id}', null)`), DENIED);
  });

  it("let the app never widen a key", async () => {
    for (const change of ["scopes = '{read}'", "networks = '{}'", "not_after = null", "key_hash = ''", "name = 'x'"]) {
      assert.equal(await code(app, `update agent_keys set ${change}`), DENIED, change);
    }
  });
});
