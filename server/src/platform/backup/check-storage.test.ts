/** The check of tables and indexes, on a database whose index is made to disagree with its table. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { type TestDatabase, testDatabase } from "../../../test/harness-db.js";
import { checkStorage } from "./check-storage.js";

/** An outside server may be too old for some of the checks, which are made on embedded ones only. */
const skip = process.env.OPENMOLT_TEST_DATABASE_URL !== undefined;

describe("the check of tables and indexes", { skip }, () => {
  let database: TestDatabase;
  before(async () => {
    database = await testDatabase();
  });
  after(() => database.drop());

  it("finds nothing in a sound database, and names an index that lacks what its table holds", async () => {
    assert.deepEqual(await checkStorage(database.admin), []);
    const client = new pg.Client(database.admin);
    await client.connect();
    try {
      const define = (result: string) =>
        client.query(
          `create or replace function turned(n integer) returns integer immutable language sql as 'select ${result}'`,
        );
      await define("n");
      await client.query("create table shells as select n from generate_series(1, 100) n");
      await client.query("create index shells_turned on shells (turned(n))");
      assert.deepEqual(await checkStorage(database.admin), []);
      // The index was made with another result than the table gives now, as if its pages came from another time.
      await define("-n");
    } finally {
      await client.end();
    }
    const problems = await checkStorage(database.admin);
    assert.equal(problems.length, 1);
    assert.match(problems[0] ?? "", /^shells_turned: .*lacks matching index tuple/);
  });
});
