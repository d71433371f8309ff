/** Statements that share connections, against a real database: who waits for whom, and what a failure does to the others. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { type TestDatabase, testDatabase } from "../../test/harness-db.js";
import { openPools, type Pools } from "./pools.js";
import { sharedConnections } from "./shared-connections.js";

describe("statements that share connections", () => {
  let database: TestDatabase;
  let pools: Pools;

  before(async () => {
    database = await testDatabase("empty");
    pools = openPools({ app: database.app, reader: database.reader, log: () => undefined });
  });
  after(async () => {
    await pools.end();
    await database.drop();
  });

  const ask = async (name: string, text: string, values: unknown[] = []) => {
    const { rows } = await sharedConnections(pools.app).query({ name, text, values });
    return rows[0] as { pid: number; n: string };
  };
  const tell = (n: number) => ask("tell", "select pg_backend_pid() as pid, $1::text as n", [String(n)]);
  /** A statement that ends when the lock is given up; what else is asked comes when the others are known to be slow. */
  const waitForLock = () => ask("wait", "select pg_backend_pid() as pid, pg_advisory_xact_lock_shared(7)::text as n");
  const whileLocked = async (act: () => Promise<void>) => {
    const holder = await pools.app.connect();
    await holder.query("select pg_advisory_lock(7)");
    try {
      await act();
    } finally {
      await holder.query("select pg_advisory_unlock(7)");
      holder.release();
    }
  };
  const untilSlow = () => delay(30);
  const numbers = Array.from({ length: 24 }, (_, n) => n);
  const areAllBack = () => pools.app.idleCount === pools.app.totalCount && pools.app.waitingCount === 0;

  test("many at once are each answered, over three connections, which are given back", async () => {
    const answers = await Promise.all(numbers.map(tell));
    assert.deepEqual(
      answers.map(({ n }) => Number(n)),
      numbers,
    );
    assert.equal(new Set(answers.map(({ pid }) => pid)).size, 3);
    await new Promise(setImmediate);
    assert.ok(areAllBack(), "a connection was kept");
  });

  test("one after the other use one connection, that of a pool that has some idle", async () => {
    const pids = new Set<number>();
    for (const n of numbers) pids.add((await tell(n)).pid);
    assert.equal(pids.size, 1);
  });

  test("what comes while all shared connections are at slow statements is not held up by them", async () => {
    const slow: ReturnType<typeof ask>[] = [];
    let quick = 0;
    await whileLocked(async () => {
      slow.push(waitForLock(), waitForLock(), waitForLock());
      await untilSlow();
      quick = (await tell(1)).pid;
    });
    const pids = (await Promise.all(slow)).map(({ pid }) => pid);
    assert.equal(new Set([...pids, quick]).size, 4);
  });

  test("one that fails fails alone, and its connection is not used again", async () => {
    const wrong = ask("wrong", "select 1 / $1::int as n", [0]);
    const others = numbers.map(tell);
    await assert.rejects(wrong, /division by zero/);
    assert.equal((await Promise.all(others)).length, numbers.length);
    assert.equal(pools.app.totalCount, pools.app.idleCount);
  });

  test("a lost connection fails those that were on it; the next statement is answered", async () => {
    await whileLocked(async () => {
      const lost = [1, 2, 3, 4].map(() => assert.rejects(waitForLock(), /terminat/));
      await untilSlow();
      await pools.app.query("select pg_terminate_backend(pid) from pg_stat_activity where wait_event = 'advisory'");
      await Promise.all(lost);
    });
    assert.equal((await tell(7)).n, "7");
  });

  test("a statement without a name has a connection of its own", async () => {
    const shared = sharedConnections(pools.app);
    const text = "select pg_backend_pid() as pid";
    const answers = await Promise.all(Array.from({ length: 6 }, () => shared.query({ text, values: [] })));
    assert.equal(new Set(answers.map(({ rows }) => rows[0].pid)).size, 6);
  });
});
