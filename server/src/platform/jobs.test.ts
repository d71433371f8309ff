import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { pino } from "pino";
import { type TestDatabase, testDatabase } from "../../test/harness-db.js";
import { newId } from "./ids.js";
import { addJob, Jobs, type Task } from "./jobs.js";
import { openPools, type Pools } from "./pools.js";
import { transaction } from "./transaction.js";

describe("jobs", () => {
  let database: TestDatabase;
  let pools: Pools;
  const log = pino({ level: "silent" });
  before(async () => {
    database = await testDatabase();
    pools = openPools({ app: database.app, reader: database.reader, log: () => undefined });
  });
  after(async () => {
    await pools.end();
    await database.drop();
  });

  const add = (id: string, task = "work") => transaction(pools.app, {}, (tx) => addJob(tx, task, id, 5));
  /** Runs `task` for jobs called work, and passes on what each was called with. */
  const running = async (task: Task = async () => undefined) => {
    const done = new EventTarget();
    const seen: string[] = [];
    const jobs = new Jobs(pools.app, log);
    const work = async (id: string) => {
      seen.push(id);
      done.dispatchEvent(new Event(id));
      await task(id);
    };
    await jobs.start({ work }, []);
    return { jobs, seen, did: (id: string) => once(done, id) };
  };
  const waiting = async () =>
    (await pools.app.query("select payload, attempts, last_error from graphile_worker._private_jobs")).rows;

  it("run after the commit of the transaction that added them", async () => {
    const { jobs, did } = await running();
    const id = newId();
    const ran = did(id);
    await add(id);
    await ran;
    await jobs.close();
    assert.deepEqual(await waiting(), []);
  });

  it("never run when that transaction was rolled back", async () => {
    const { jobs, seen, did } = await running();
    const [lost, kept] = [newId(), newId()];
    const failed = transaction(pools.app, {}, async (tx) => {
      await addJob(tx, "work", lost, 5);
      throw new Error("changed my mind");
    });
    await assert.rejects(failed, /changed my mind/);
    const ran = did(kept);
    await add(kept);
    await ran;
    await jobs.close();
    assert.deepEqual(seen, [kept]);
  });

  it("carry the id of a row and nothing else", async () => {
    for (const text of ["jo@example.org", "", `${newId()} `, "https://example.org/confirm/x"]) {
      await assert.rejects(add(text), /id of a row/);
    }
    const id = newId();
    await add(id, "unknown");
    assert.deepEqual((await waiting())[0].payload, { id });
    await pools.app.query("delete from graphile_worker._private_jobs");
  });

  it("are tried again when they fail", async () => {
    let tries = 0;
    const { jobs, did } = await running(async () => {
      if (++tries === 1) throw new Error("not this time");
    });
    const id = newId();
    const first = did(id);
    await add(id);
    await first;
    await did(id);
    await jobs.close();
    assert.equal(tries, 2);
    assert.deepEqual(await waiting(), []);
  });

  it("are finished before the end, and what nobody took is left for the next start", async () => {
    let finish = (): void => undefined;
    let finished = false;
    const { jobs, did } = await running(async () => {
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      finished = true;
    });
    const id = newId();
    const started = did(id);
    await add(id);
    await started;
    const closed = jobs.close();
    const left = newId();
    await add(left);
    finish();
    await closed;
    assert.ok(finished);
    assert.deepEqual(
      (await waiting()).map(({ payload }) => payload.id),
      [left],
    );
    const next = await running();
    if (next.seen.length === 0) await next.did(left);
    await next.jobs.close();
    assert.deepEqual(await waiting(), []);
  });

  it("go on after all connections were lost", async () => {
    const { jobs, did } = await running();
    const admin = new pg.Client(database.admin);
    await admin.connect();
    await admin.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()",
      [database.name],
    );
    await admin.end();
    const id = newId();
    const ran = did(id);
    for (;;) {
      const added = await add(id).then(
        () => true,
        () => false,
      );
      if (added) break;
    }
    await ran;
    await jobs.close();
  });
});
