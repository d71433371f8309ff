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

  it("that change what a key stands for are known, and their commands tell of it", () => {
    assert.deepEqual(statements.filter(changesStanding).map(actOf).toSorted(), STANDING_CHANGES.toSorted());
  });

  it("are caught when they change what a key stands for behind everybody's back", () => {
    for (const text of [
      "update agents set display_name = $1, paused_at = $2 where id = $3",
      "UPDATE public.agents AS a SET name = $1 from x where a.id = x.id",
      "with k as (update agent_keys k set last_used_at = $1, revoked_at = $1 where id = $2 returning id) select id from k",
      "insert into agents (id) values ($1) on conflict (id) do update set deleted_at = $2",
      "insert into agent_keys (id) values ($1) on conflict (id) do update set expires_at = $2",
      "delete from agents where id = $1",
      "with gone as (delete from only agent_keys where id = $1 returning id) select id from gone",
    ]) {
      assert.ok(changesStanding({ text }), text);
    }
    for (const text of [
      "update agents set display_name = $1 where name = $2",
      "update agent_keys k set last_used_at = greatest($1, k.expires_at) from a where k.id = $2",
      "insert into agents (id, name) values ($1, $2) on conflict do nothing",
      "update claims set claimed_at = $1 from agents a where a.id = agent_id",
    ]) {
      assert.ok(!changesStanding({ text }), text);
    }
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

/** What {@link changesStanding} must find, by its first words; the command around each calls agentChanged. */
const STANDING_CHANGES = [
  // rotateKey
  "update agent_keys set expires_at",
  // endUnusedKeys
  "update agent_keys set expires_at",
  // revokeOwnKey
  "update agent_keys set revoked_at",
  // replaceKeys
  "update agent_keys set revoked_at",
  // revokeKey
  "update agent_keys set revoked_at",
  // decideRows, in organisations
  "update agent_keys set revoked_at",
  "update agents set paused_at",
  // revokeLeaked
  "update agent_keys set revoked_at",
  // deleteAgent
  "delete from agent_keys",
  "update agents set name",
  // claimAgent
  "update agents set claimed_at",
  // release
  "update agents set claimed_at",
  // acceptOffer
  "update agents set owner_id",
  // suspendAgent
  "update agents set suspended_until",
  // unsuspendAgent
  "update agents set suspended_until",
  // pauseAgent, resumeAgent, killAgent
  "update agents set paused_at",
  // setLimits
  "update agents set owner_limits",
  // refuseAnswer, in verification
  "update agents set suspended_until",
];
const actOf = ({ text }: { text: string }): string =>
  text.match(/delete from agent_keys|update agent(s|_keys)( k)? set \w+/)?.[0].replace(" k ", " ") ?? text;

/** Columns that {@link KnownKeys} remembers; agents are otherwise written often and by many. */
const REMEMBERED =
  /\b(id|name|created_at|claimed_at|suspended_until|suspension_reason|paused_at|owner_limits|deleted_at|agent_id|key_hash|expires_at|revoked_at)\s*=/;

/** Whether a statement changes rows or columns by which agents are known. */
function changesStanding({ text }: { text: string }): boolean {
  const table = /(?:only\s+)?(?:public\.)?(?:agents|agent_keys)\b/;
  if (new RegExp(`\\b(?:delete\\s+from|truncate(?:\\s+table)?)\\s+${table.source}`, "i").test(text)) return true;
  const sets = new RegExp(
    `\\b(?:update\\s+${table.source}(?:\\s+as)?(?:\\s+\\w+)?\\s+set|insert\\s+into\\s+${table.source}.*?\\bdo\\s+update\\s+set)\\s(.*?)(?=\\b(?:where|from|returning)\\b|$)`,
    "gi",
  );
  return [...text.matchAll(sets)].some(([, assignments = ""]) => REMEMBERED.test(assignments));
}

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
