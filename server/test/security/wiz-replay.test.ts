/**
 * What happened to Moltbook, tried here: somebody holds the page role's database login, or nothing but the address of
 * the server. No private row can be read and nothing can be written, in any table and on any route.
 */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { allEndpoints } from "@openmolt/contract/api";
import type { Endpoint } from "@openmolt/contract/endpoint";
import pg from "pg";
import { connect, EMAIL, MESSAGE, type PrivateStory, playPrivateStory } from "../private-story.js";

describe("the page role's database login", () => {
  let story: PrivateStory;
  let reader: pg.Client;
  let admin: pg.Client;
  before(async () => {
    story = await playPrivateStory();
    [reader, admin] = await Promise.all([
      connect(story.network.database.reader),
      connect(story.network.database.admin),
    ]);
    await reader.query("set default_transaction_read_only = off");
  });
  after(async () => {
    await Promise.all([reader.end(), admin.end()]);
    await story.close();
  });

  /** Everything that has rows, in every schema, with what protects it. */
  const relations = async () =>
    (
      await admin.query(
        `select format('%I.%I', n.nspname, c.relname) as name, c.relkind as kind, c.relrowsecurity as is_private,
          (select array_agg(quote_ident(a.attname)) from pg_attribute a
            where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns
         from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
         order by 1`,
      )
    ).rows as { name: string; kind: string; is_private: boolean; columns: string[] }[];
  const succeeds = (text: string) =>
    reader.query(text).then(
      () => true,
      () => false,
    );
  /** The same, undone. */
  const wouldSucceed = async (text: string) => {
    await reader.query("begin");
    const did = await succeeds(text);
    await reader.query("rollback");
    return did;
  };
  /** What can be read although it must not: private tables at all, private words in any column of any other. */
  const leaks = async () => {
    const found: string[] = [];
    for (const { name, kind, is_private, columns } of await relations()) {
      if (is_private && (await succeeds(`select 1 from ${name}`))) found.push(`${name} can be read`);
      if (kind === "S") continue;
      for (const column of columns) {
        const answer = await reader.query(`select ${column}::text as value from ${name}`).catch(() => undefined);
        const text = JSON.stringify(answer?.rows ?? []);
        for (const secret of story.secrets) if (text.includes(secret)) found.push(`${name}.${column} holds ${secret}`);
      }
    }
    return found;
  };
  /** What can be written. */
  const holes = async () => {
    const found: string[] = [];
    for (const { name, kind, columns } of await relations()) {
      const [column = "x"] = columns;
      const acts =
        kind === "S"
          ? [`select nextval('${name}')`, `select setval('${name}', 1)`]
          : [
              `insert into ${name} default values`,
              `update ${name} set ${column} = ${column}`,
              `delete from ${name}`,
              `truncate ${name} cascade`,
              `alter table ${name} add column mine int`,
              `lock table ${name} in exclusive mode`,
            ];
      for (const act of acts) if (await wouldSucceed(act)) found.push(act);
    }
    return found;
  };

  it("reads no private row, and nothing private elsewhere", async () => {
    assert.ok((await relations()).length > 40);
    assert.ok(await succeeds("select id, title from posts"), "what is public can be read");
    assert.deepEqual(await leaks(), []);
  });

  it("is nobody else by saying so", async () => {
    for (const actor of ["00000000-0000-0000-0000-000000000000", story.ada.id, story.ownerId]) {
      await reader.query("select set_config('app.actor', $1, false)", [actor]);
      assert.deepEqual(await leaks(), []);
    }
    await reader.query("reset app.actor");
    const { rows } = await admin.query("select quote_ident(rolname) as role from pg_roles where rolname <> $1", [
      story.network.database.reader.user,
    ]);
    for (const { role } of rows) {
      assert.ok(!(await succeeds(`set role ${role}`)), `it became ${role}`);
      assert.ok(!(await succeeds(`set session authorization ${role}`)), `it became ${role}`);
    }
  });

  it("writes nothing", async () => {
    assert.deepEqual(await holes(), []);
    for (const act of [
      "create table mine (id int)",
      "create schema mine",
      "create function mine() returns int language sql as 'select 1'",
      "create role mine",
      "copy (select 1) to program 'true'",
      "copy posts from '/etc/passwd'",
      "select lo_from_bytea(0, 'x')",
      "select pg_read_file('/etc/passwd')",
      "select rolpassword from pg_authid",
      "select pg_notify('agent_changed', 'x') from pg_authid",
    ]) {
      assert.ok(!(await wouldSucceed(act)), act);
    }
  });

  it("calls no function that acts with the rights of another, but those that give public names, numbers and what owners show", async () => {
    const mine = `select p.oid::regprocedure::text as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where p.prosecdef and n.nspname not in ('pg_catalog', 'information_schema')
        and has_function_privilege($1, p.oid, 'execute') and has_schema_privilege($1, n.oid, 'usage')`;
    const { rows } = await admin.query(mine, [story.network.database.reader.user]);
    assert.deepEqual(rows.map(({ name }) => name).sort(), [
      "agents_like(uuid)",
      "agents_of_its_owner(uuid)",
      "proof_its_owner_shows(uuid)",
    ]);
    const returned = await admin.query(
      "select typname from pg_type t join pg_proc p on p.prorettype = t.oid where p.proname = 'agents_of_its_owner'",
    );
    assert.deepEqual(returned.rows, [{ typname: "int4" }]);
    await admin.query("update claims set proven_by = 'dns', proven_place = 'hidden.example' where used_at is not null");
    const shown = await reader.query("select proof_its_owner_shows(id) as proof from agents");
    assert.ok(
      shown.rows.every(({ proof }) => proof === null) && shown.rows.length > 0,
      "nobody said that it may be seen",
    );
    const columns = await admin.query("select pg_get_function_result('agents_like(uuid)'::regprocedure) as columns");
    const [{ columns: named }] = columns.rows as [{ columns: string }];
    assert.equal(
      named,
      "TABLE(id uuid, name text, karma integer, shared_submolts bigint, shared_follower_count bigint)",
    );
    assert.notEqual((await admin.query(mine, [story.network.database.app.user])).rows.length, 0, "there are such");
  });

  it("is seen to read and write where somebody opens a hole", async () => {
    const role = pg.escapeIdentifier(story.network.database.reader.user ?? "");
    const planted: [string, string, () => Promise<string[]>, RegExp][] = [
      [`grant select on messages to ${role}`, `revoke select on messages from ${role}`, leaks, /messages can be read/],
      [
        `create view sight as select text_of as said from (select '${MESSAGE}'::text as text_of) x; grant select on sight to ${role}`,
        "drop view sight",
        leaks,
        /sight\.said holds/,
      ],
      [`grant update on posts to ${role}`, `revoke update on posts from ${role}`, holes, /update public\.posts/],
    ];
    for (const [plant, remove, look, expected] of planted) {
      await admin.query(plant);
      const found = await look();
      await admin.query(remove);
      assert.ok(
        found.some((what) => expected.test(what)),
        `${plant} was not noticed: ${found}`,
      );
    }
  });
});

describe("a stranger without credentials", () => {
  let story: PrivateStory;
  let admin: pg.Client;
  before(async () => {
    story = await playPrivateStory();
    admin = await connect(story.network.database.admin);
  });
  after(async () => {
    await admin.end();
    await story.close();
  });

  /** A digest of every table of ours. */
  const state = async () => {
    // What the story left to be written a moment later is the story's.
    await story.network.server.services.activity.flush();
    await story.network.server.services.ledger.flush();
    await story.network.settle();
    await story.network.server.courier.settle();
    await story.network.server.unusualUse.look();
    // The server draws its public figures by itself, whoever asks.
    const { rows } = await admin.query(
      "select quote_ident(tablename) as name from pg_tables where schemaname = 'public' and tablename <> 'pulse_figures' order by 1",
    );
    const digests: Record<string, string> = {};
    for (const { name } of rows as { name: string }[]) {
      // How often a delivery was tried changes by itself; which deliveries there are does not.
      const row = name === "webhook_deliveries" ? "t.id" : "t";
      const digest = `md5(string_agg(${row}::text, '|' order by ${row}::text))`;
      const found = await admin.query(`select ${digest} as digest from ${name} t`);
      digests[name] = found.rows[0].digest;
    }
    return digests;
  };
  const call = async (endpoint: Endpoint, { method, path }: Route, headers: Record<string, string>) => {
    const filled = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(story.names[name] ?? "general"));
    const url = new URL(filled.startsWith("//") ? filled.slice(1) : `/api/v1${filled}`, story.network.url);
    for (const field of Object.keys(endpoint.query)) {
      const value = story.names[field];
      if (value !== undefined) url.searchParams.set(field, value);
    }
    const hasBody = method !== "GET" && method !== "DELETE";
    const body = JSON.stringify(
      Object.fromEntries(Object.keys(endpoint.body).map((name) => [name, story.names[name] ?? "general"])),
    );
    // A stream goes on for ever; its beginning is enough.
    const signal = AbortSignal.timeout(5_000);
    const answer = await fetch(url, {
      method,
      redirect: "manual",
      signal,
      headers: { ...headers, ...(hasBody ? { "content-type": "application/json" } : {}) },
      ...(hasBody ? { body } : {}),
    });
    const isStream = answer.headers.get("content-type")?.startsWith("text/event-stream") === true;
    if (isStream) await answer.body?.cancel();
    const text = isStream ? "" : await answer.text();
    return { status: answer.status, text: text + JSON.stringify([...answer.headers]) };
  };
  const routesOf = ({ method, path, alsoAt = [] }: Endpoint): Route[] => [
    { method, path },
    ...alsoAt.map((other) => ({ method: other.method ?? method, path: other.path })),
  ];

  it("reads nothing private and writes nothing on any route that wants credentials", async () => {
    const earlier = await state();
    let asked = 0;
    for (const { name, endpoint } of allEndpoints) {
      const isOpen = endpoint.auth === "none" || endpoint.auth === "optional";
      if (isOpen && endpoint.method !== "GET") continue;
      for (const route of routesOf(endpoint)) {
        for (const accept of ["application/json", "text/html"]) {
          const { status, text } = await call(endpoint, route, { accept });
          asked++;
          assert.ok(
            isOpen || [401, 403, 404].includes(status) || isSignIn(status, text),
            `${name} at ${route.path}: ${status}`,
          );
          for (const secret of story.secrets)
            assert.ok(!text.includes(secret), `${name} at ${route.path} tells ${secret}`);
        }
      }
    }
    assert.ok(asked > 150, `${asked} routes were asked`);
    assert.deepEqual(await state(), earlier);
  });

  it("as an agent of its own reads nothing of others", async () => {
    const { key } = await story.network.agent();
    for (const { name, endpoint } of allEndpoints) {
      if (endpoint.method !== "GET") continue;
      for (const route of routesOf(endpoint)) {
        const { text } = await call(endpoint, route, { authorization: `Bearer ${key}`, accept: "application/json" });
        for (const secret of story.secrets)
          assert.ok(!text.includes(secret), `${name} at ${route.path} tells ${secret}`);
      }
    }
  });

  it("finds nothing in pages and documents either", async () => {
    for (const path of [
      "/",
      "/m/general",
      `/u/${story.ada.name}`,
      `/post/${story.names.post_id}`,
      "/owner",
      "/operator",
      "/login",
      "/skill.md",
      "/openapi.json",
      "/llms.txt",
      "/metrics",
      "/.env",
      "/.git/config",
      "/server/migrations/0001_network.sql",
    ]) {
      const text = await (await fetch(story.network.url + path)).text();
      for (const secret of story.secrets) assert.ok(!text.includes(secret), `${path} tells ${secret}`);
    }
  });

  it("would be told what these words are, with the credentials of those they belong to", async () => {
    const { conversation_id = "" } = story.names;
    assert.match(JSON.stringify(await story.grace.client.messages.read({ conversation_id })), new RegExp(MESSAGE));
    assert.match(JSON.stringify(await story.ada.client.webhooks.list({})), /a-private-hook/);
    assert.match((await story.browser.get("/owner")).html, new RegExp(EMAIL));
  });
});

/** Sends to the sign-in page, or shows it. */
const isSignIn = (status: number, text: string) => status === 303 && /login/.test(text);

interface Route {
  method: string;
  path: string;
}
