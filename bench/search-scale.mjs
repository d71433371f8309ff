/**
 * `node bench/search-scale.mjs [--texts N]`: fills the search documents of a network of its own (8.4 million texts take about
 * ten minutes and 6 GB) and measures what the database spends on queries of frequent and rare words.
 */
import { parseArgs } from "node:util";
import { ensureBuilt } from "../scripts/build.mjs";
import { databaseMs } from "./cpu.mjs";
import { startNetwork } from "./network.mjs";

const { values: options } = parseArgs({ options: { texts: { type: "string", default: "8400000" } } });
if (ensureBuilt() !== 0) process.exit(1);
const { openPools } = await import("../server/dist/src/platform/pools.js");
const { runningLogins } = await import("../server/dist/src/platform/provision.js");
const { findTexts } = await import("../server/dist/src/search/read/candidates.js");
const { readStatistics } = await import("../server/dist/src/search/read/statistics.js");
const { readQuery } = await import("../server/dist/src/search/rules/words.js");

const WARM = 6;
const TIMES = 15;
/** w1 is the most frequent of 100,000 words, wN about N times as rare. */
const QUERIES = [
  ["w1", "w20", "w200", "w700", "w3000", "w8123", "w90000"],
  ["w1 w2", "w1 w90000", "w100 w110 w120", "w40 w41 w42 w43", "w3 w150 w2500"],
].flat();

/** Texts of 120,000 kinds, a third of them posts, the newest written now and the oldest ninety days ago. */
const LOAD = [
  "set synchronous_commit = off",
  "set maintenance_work_mem = '1GB'",
  "drop index search_documents_words, search_documents_new",
  `create temporary table pool as
    select n, (select string_agg('w' || floor(exp(random() * ln(100000)))::int || ':' || place, ' ')::tsvector
      from generate_series(1, n * 0 + case when n % 6 = 0 then 40 + random() * 40 else 12 + random() * 20 end::int) place) as tsv
    from generate_series(0, 119999) n`,
  "create index on pool (n)",
  "analyze pool",
  `insert into search_documents (id, kind, community_id, author_id, created_at, tsv)
    select gen_random_uuid(), case when i % 3 = 0 then 'post' else 'comment' end,
      md5('community' || floor(exp(ln(5000) * (i * 48271 % 65537) / 65537)))::uuid,
      md5('author' || floor(2500000 * power((i * 69621 % 65539) / 65539.0, 3)))::uuid,
      now() - interval '90 days' * (1 - i / ${Number(options.texts)}::float8), p.tsv
    from generate_series(1::bigint, ${Number(options.texts)}) i
      join pool p on p.n = i * 7919 % 20000 * 6 + case when i % 3 = 0 then 0 else 1 + i % 5 end`,
  "create index search_documents_new on search_documents (created_at desc, id desc)",
  `create index search_documents_words on search_documents
    using gin (tsv, search_marks(kind, community_id, author_id, created_at)) with (gin_pending_list_limit = 256)`,
  "vacuum analyze search_documents",
];

const network = await startNetwork();
const logins = await runningLogins(network.data);
const pools = openPools({
  app: logins.migrator,
  reader: logins.reader,
  sizes: { app: 1, reader: 1 },
  log: console.error,
});
try {
  await pools.app.query("set statement_timeout = 0");
  for (const statement of LOAD) {
    const startedAt = performance.now();
    await pools.app.query(statement);
    console.error(
      `${((performance.now() - startedAt) / 1_000).toFixed(0).padStart(5)} s  ${statement.split("\n", 1)[0]}`,
    );
  }
  const known = await readStatistics(pools.reader, new Date());
  for (const text of QUERIES) {
    const search = () =>
      findTexts(
        pools.reader,
        readQuery(text),
        { kind: null, community: null, author: null, asOf: new Date() },
        known,
        21,
      );
    let found = [];
    for (let i = 0; i < WARM; i++) found = await search();
    const before = databaseMs(network.postmaster);
    for (let i = 0; i < TIMES; i++) await search();
    const spent = (databaseMs(network.postmaster) - before) / TIMES;
    console.log(`${text.padEnd(20)} ${found.length} found, ${spent.toFixed(1)} CPU-ms`);
  }
} finally {
  await pools.end();
  await network.stop();
}
