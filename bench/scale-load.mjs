/**
 * Fills a new network with as much as Moltbook has: 2.8 million posts, 14 million comments, 2.5 million agents, by COPY.
 * Indexes and foreign keys are dropped before and made again after, and the database does not sync meanwhile; all of that
 * is for loading only. Counters fit the rows. The history holds none of it: no reading or voting looks there.
 */
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import pg from "pg";
import { newId } from "../server/dist/src/platform/ids.js";
import { newAgentKey } from "../server/dist/src/platform/keys.js";
import { startEmbedded } from "../server/dist/src/platform/postgres.js";
import { runningLogins } from "../server/dist/src/platform/provision.js";
import { loadMasterKey, openVault } from "../server/dist/src/platform/secrets.js";
import { idAt, openCopy, THREAD_POST, wordsOf } from "./scale-rows.mjs";

/** How much of everything. */
export const SCALE = { agents: 2_500_000, posts: 2_800_000, communities: 18_000, keys: 1_000, sample: 10_000 };
const WORKERS = 2;
const TABLES = [
  "agents",
  "agent_stats",
  "agent_seq",
  "communities",
  "community_stats",
  "posts",
  "post_stats",
  "comments",
  "comment_stats",
  "search_documents",
];
/** Settings for loading; never for serving. */
const LOADING = {
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  wal_level: "minimal",
  max_wal_senders: "0",
  max_wal_size: "16GB",
  checkpoint_timeout: "1h",
  autovacuum: "off",
  maintenance_work_mem: "2GB",
  max_parallel_maintenance_workers: "2",
};

/**
 * Fills the network in a data directory that no server runs on; its tables must be there already.
 * @param {string} dataDir
 * @param {(line: string) => void} say hears of each step
 * @returns {Promise<object>} what {@link seed} of the small network returns, with the sizes and times of the load
 */
export async function loadScale(dataDir, say, size = SCALE) {
  const startedAt = performance.now();
  const embedded = await startEmbedded({ dataDir, log: () => undefined, settings: LOADING });
  try {
    const { migrator: login } = await runningLogins(dataDir);
    const superuser = new pg.Client({ ...embedded.connection, database: login.database });
    await superuser.connect();
    const steps = [];
    const step = async (name, work) => {
      const from = performance.now();
      const result = await work();
      const seconds = (performance.now() - from) / 1_000;
      steps.push({ name, seconds });
      say(`${name}: ${seconds.toFixed(0)} s`);
      return result;
    };
    const rebuild = await dropDerived(superuser);
    const born = Date.now() - 2 * 86_400_000 * 90;
    await step("agents, communities and keys", () => loadFew(superuser, dataDir, size, born));
    const comments = await step("posts and comments by COPY", () => loadThreads(login, size));
    await step("search documents", () => loadDocuments(login));
    await step("indexes and foreign keys", () => rebuild(login));
    await step("vacuum and analyze", () => superuser.query("vacuum analyze"));
    const sizes = await sizesOf(superuser);
    await superuser.query("checkpoint");
    await superuser.end();
    return { ...worldOf(size), steps, sizes, comments, seconds: (performance.now() - startedAt) / 1_000 };
  } finally {
    await embedded.stop();
  }
}

/** Drops what is derived from rows; answers how to make it again. */
async function dropDerived(db) {
  const constraints = await db.query(
    `select conrelid::regclass::text as "table", conname as name, pg_get_constraintdef(oid) as text, contype as kind
     from pg_constraint where contype in ('p', 'u', 'f')
       and (conrelid::regclass::text = any($1) or (contype = 'f' and confrelid::regclass::text = any($1)))
     order by contype = 'f' desc, conname`,
    [TABLES],
  );
  const indexes = await db.query(
    `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as text from pg_index i
     where indrelid::regclass::text = any($1) and not exists (select 1 from pg_constraint c where c.conindid = i.indexrelid)`,
    [TABLES],
  );
  for (const { table, name } of constraints.rows) await db.query(`alter table ${table} drop constraint ${name}`);
  for (const { name } of indexes.rows) await db.query(`drop index ${name}`);
  const keys = constraints.rows.filter(({ kind }) => kind !== "f");
  const foreign = constraints.rows.filter(({ kind }) => kind === "f");
  const add = ({ table, name, text }) => `alter table ${table} add constraint ${name} ${text}`;
  return async (login) => {
    await inParallel(login, keys.map(add));
    await inParallel(
      login,
      indexes.rows.map(({ text }) => text),
    );
    // These lock both tables, so one after the other.
    for (const one of foreign) await db.query(add(one));
  };
}

/** Runs statements over as many connections as there are cores to use. */
async function inParallel(login, statements) {
  const left = [...statements];
  const run = async () => {
    const client = new pg.Client({ ...login, statement_timeout: 0 });
    await client.connect();
    for (let text = left.shift(); text !== undefined; text = left.shift()) await client.query(text);
    await client.end();
  };
  await Promise.all(Array.from({ length: WORKERS }, run));
}

async function loadFew(db, dataDir, size, born) {
  const at = new Date(born);
  // Names of letters, so that they resemble each other and words as those of people and agents do.
  await db.query(
    `insert into agents (id, name, name_key, display_name, description, created_at, claimed_at)
     select id, name, name, name, 'I am ' || name || '.', $1, $1
     from (select ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid as id,
         substr(translate(md5(n::text), '0123456789abcdef', 'aeioubdfglmnprst'), 1, 9) || '_' || n as name
       from generate_series(1, $2::int) n) made`,
    [at, size.agents],
  );
  await db.query("insert into agent_seq (agent_id, seq) select id, 0 from agents on conflict do nothing");
  await db.query(
    `insert into communities (id, name, display_name, created_at)
     select ('00000000-0000-7000-9000-' || lpad(to_hex(n), 12, '0'))::uuid, 'scale' || n, 'scale' || n, $1
     from generate_series(1, $2::int) n`,
    [at, size.communities],
  );
  await db.query(
    `insert into community_stats (community_id, name, created_at, last_activity_at)
     select id, name, created_at, created_at from communities c
     where not exists (select 1 from community_stats s where s.community_id = c.id)`,
  );
  const vault = openVault(loadMasterKey(join(dataDir, "secrets")));
  for (const { id, keyId, key } of keysOf(size)) {
    await db.query("insert into agent_keys (id, agent_id, key_hash, prefix, created_at) values ($1, $2, $3, $4, $5)", [
      keyId,
      id,
      vault.hmac("agent-key", key),
      key.slice(0, 13),
      at,
    ]);
  }
}

let keys;
/** Some agents, with keys made once. */
function keysOf(size) {
  const apart = Math.floor(size.agents / size.keys);
  keys ??= Array.from({ length: size.keys }, (_, n) => ({
    id: idAt("agent", n * apart + 1),
    keyId: newId(),
    key: newAgentKey(),
  }));
  return keys;
}

/** Posts and comments with their counters; each worker writes half of them. */
async function loadThreads(login, size) {
  const counters = new SharedArrayBuffer(size.agents * 3 * 4);
  const posts = new SharedArrayBuffer(size.communities * 4);
  const now = Date.now();
  const half = Math.ceil(size.posts / WORKERS);
  const made = await Promise.all(
    Array.from({ length: WORKERS }, (_, n) => {
      const worker = new Worker(new URL("./scale-rows.mjs", import.meta.url), {
        workerData: { login, size, now, counters, posts, from: n * half, to: Math.min(size.posts, (n + 1) * half) },
      });
      return new Promise((resolve, reject) => {
        worker.once("message", resolve);
        worker.once("error", reject);
      });
    }),
  );
  await writeCounters(login, new Int32Array(counters), new Int32Array(posts), now);
  return made.reduce((sum, { comments }) => sum + comments, 0);
}

/** What the workers counted while they wrote. */
async function writeCounters(login, agents, communities, now) {
  const at = new Date(now).toISOString();
  const agentStats = await openCopy(login, "agent_stats", [
    "agent_id",
    "karma",
    "post_count",
    "comment_count",
    "last_active_at",
    "imported_karma",
  ]);
  for (let n = 1; n <= agents.length / 3; n++) {
    const [karma, posts, comments] = agents.subarray((n - 1) * 3, n * 3);
    agentStats.add([idAt("agent", n), karma, posts, comments, at, karma]);
    if (n % 50_000 === 0) await agentStats.flush();
  }
  await agentStats.end();
  await inParallel(login, [
    {
      text: `update community_stats s set post_count = t.n from unnest($1::uuid[], $2::int[]) as t(id, n) where s.community_id = t.id`,
      values: [Array.from(communities, (_, n) => idAt("community", n + 1)), Array.from(communities)],
    },
  ]);
}

/** Words in their places, as the server's own index has them: all of these are plain words. */
async function loadDocuments(login) {
  await inParallel(login, [
    `insert into search_documents (id, kind, community_id, author_id, created_at, tsv, title_key)
     select id, 'post', community_id, author_id, created_at,
       setweight(to_tsvector('simple', title), 'A') || to_tsvector('simple', content), title from posts`,
    ...[0, 1].map(
      (half) => `insert into search_documents (id, kind, community_id, author_id, created_at, tsv)
        select c.id, 'comment', p.community_id, c.author_id, c.created_at, to_tsvector('simple', c.content)
        from comments c join posts p on p.id = c.post_id where hashtext(c.post_id::text) & 1 = ${half}`,
    ),
  ]);
}

async function sizesOf(db) {
  const { rows } = await db.query(
    `select c.relname as name, pg_table_size(c.oid)::float8 / 1e6 as rows, pg_indexes_size(c.oid)::float8 / 1e6 as indexes
     from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public' and c.relkind = 'r'
     order by pg_total_relation_size(c.oid) desc limit 8`,
  );
  const whole = await db.query("select pg_database_size(current_database())::float8 / 1e9 as size");
  return { tables: rows, wholeGb: whole.rows[0].size };
}

/** What the cases ask for. */
function worldOf(size) {
  const apart = Math.floor(size.posts / size.sample);
  return {
    agents: keysOf(size),
    posts: Array.from({ length: size.sample }, (_, n) => ({ id: idAt("post", n * apart + 1), authorId: "" })),
    thread: idAt("post", THREAD_POST),
    words: wordsOf(),
    communities: Array.from({ length: 10 }, (_, n) => `scale${n + 1}`),
  };
}
