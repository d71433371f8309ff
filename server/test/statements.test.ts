import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import "../src/archive/read/export-folder.js";
import "../src/archive/write/import-folder.js";
import "../src/start.js";
import { statements } from "../src/platform/db.js";
import { type TestDatabase, testDatabase } from "./harness-db.js";

/** What the server says of a prepared statement, without running it. */
interface Description {
  parameters: number[];
  columns: { name: string; dataTypeID: number }[];
}

/** Types that stand for one another: a JSON text may be declared as text, json or jsonb. */
const SAME: Record<number, readonly number[]> = {
  25: [25, 1043, 114, 3802, 19],
  3802: [3802, 114, 25],
  20: [20, 1700],
};

describe("statements", () => {
  let database: TestDatabase;
  let client: pg.Client;
  before(async () => {
    database = await testDatabase();
    client = new pg.Client(database.app);
    await client.connect();
  });
  after(async () => {
    await client.end();
    await database.drop();
  });

  it("are registered", () => {
    assert.ok(statements.length > 30, `only ${statements.length} statements are registered`);
  });

  it("have names of their own", () => {
    const texts = new Map(statements.map((statement) => [statement.name, statement.text]));
    for (const { name, text } of statements) assert.equal(texts.get(name), text);
  });

  it("all prepare against the schema and return the columns they claim", async () => {
    const problems: string[] = [];
    for (const statement of statements) {
      try {
        const { parameters, columns } = await describeStatement(client, statement.text);
        statement.parameters.forEach((name, index) => {
          const declared = statement.types[name]?.oid ?? 0;
          const actual = parameters[index] ?? 0;
          if (!fits(declared, actual)) problems.push(`${name}: declared ${declared}, is ${actual}: ${statement.text}`);
        });
        for (const name of Object.keys(statement.types)) {
          if (!statement.parameters.includes(name))
            problems.push(`${name} is declared but not used: ${statement.text}`);
        }
        const claimed = Object.entries(statement.columns).map(([name, type]) => ({ name, dataTypeID: type.oid }));
        const same =
          claimed.length === columns.length &&
          claimed.every((column, index) => {
            const actual = columns[index];
            return column.name === actual?.name && fits(column.dataTypeID, actual.dataTypeID);
          });
        if (!same)
          problems.push(`claims ${JSON.stringify(claimed)}, returns ${JSON.stringify(columns)}: ${statement.text}`);
      } catch (error) {
        problems.push(`${error instanceof Error ? error.message : error}: ${statement.text}`);
      }
    }
    assert.deepEqual(problems, []);
  });

  it("are caught when they claim a column of another type", async () => {
    const { columns } = await describeStatement(client, "select id, name from agents where id = $1");
    assert.deepEqual(
      columns.map((column) => column.dataTypeID),
      [2950, 25],
    );
    assert.equal(fits(23, columns[0]?.dataTypeID ?? 0), false);
  });
});

function fits(declared: number, actual: number): boolean {
  return declared === actual || (SAME[declared] ?? []).includes(actual);
}

/** Parse and describe by the extended protocol; nothing is executed. */
function describeStatement(client: pg.Client, text: string): Promise<Description> {
  const { connection } = client as unknown as { connection: ProtocolConnection };
  return new Promise((resolve, reject) => {
    const found: Description = { parameters: [], columns: [] };
    const on = {
      parameterDescription: (message: { dataTypeIDs: number[] }) => {
        found.parameters = message.dataTypeIDs;
      },
      rowDescription: (message: { fields: Description["columns"] }) => {
        found.columns = message.fields.map(({ name, dataTypeID }) => ({ name, dataTypeID }));
      },
    };
    client.query({
      submit(target: ProtocolConnection) {
        target.on("parameterDescription", on.parameterDescription);
        target.on("rowDescription", on.rowDescription);
        target.parse({ name: "", text, types: [] });
        target.describe({ type: "S", name: "" });
        target.sync();
      },
      handleRowDescription: () => undefined,
      handleReadyForQuery: () => done(() => resolve(found)),
      handleError: (error: Error) => done(() => reject(error)),
      callback: () => undefined,
    } as never);
    function done(then: () => void): void {
      connection.removeListener("parameterDescription", on.parameterDescription);
      connection.removeListener("rowDescription", on.rowDescription);
      then();
    }
  });
}

interface ProtocolConnection {
  on(event: string, listener: (message: never) => void): void;
  removeListener(event: string, listener: (message: never) => void): void;
  parse(query: { name: string; text: string; types: number[] }): void;
  describe(message: { type: "S"; name: string }): void;
  sync(): void;
}
