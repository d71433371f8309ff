/**
 * SQL as data: every statement is a named, prepared text in one registry, its parameters and result columns typed.
 * Values never become part of the text; a test prepares each statement and compares the columns it claims.
 */
import { createHash } from "node:crypto";
import pg from "pg";
import { AppError } from "../errors.js";

/** A PostgreSQL type with the TypeScript type that stands for it. */
export interface SqlType<T> {
  /** The PostgreSQL type's OID. */
  oid: number;
  nullable: boolean;
  /** Carries the type only. */
  readonly type?: T;
}
const sqlType = <T>(oid: number): SqlType<T> => ({ oid, nullable: false });

export const uuid = sqlType<string>(2950);
export const uuids = sqlType<readonly string[]>(2951);
/** A list of ids, some of them null. */
export const nullableUuids = sqlType<readonly (string | null)[]>(2951);
export const text = sqlType<string>(25);
export const texts = sqlType<readonly string[]>(1009);
/** A list of texts, some of them null. */
export const nullableTexts = sqlType<readonly (string | null)[]>(1009);
export const bool = sqlType<boolean>(16);
export const int2 = sqlType<number>(21);
export const int2s = sqlType<readonly number[]>(1005);
export const int4 = sqlType<number>(23);
export const int4s = sqlType<readonly number[]>(1007);
/** A list of small numbers, some of them null. */
export const nullableInt2s = sqlType<readonly (number | null)[]>(1005);
/** The same of larger ones. */
export const nullableInt4s = sqlType<readonly (number | null)[]>(1007);
/** Read as a number: our values stay below 2^53. */
export const int8 = sqlType<number>(20);
export const int8s = sqlType<readonly number[]>(1016);
/**
 * Whole numbers that a statement returns as one column, in this order: a row of a list has a dozen, and each column of its
 * own costs as much to send and to take apart as all of these.
 */
export const figures = <T extends readonly number[]>(): SqlType<T> => sqlType<T>(1016);
export const float8 = sqlType<number>(701);
export const time = sqlType<Date>(1184);
export const times = sqlType<readonly Date[]>(1185);
export const bytes = sqlType<Buffer>(17);
export const manyBytes = sqlType<readonly Buffer[]>(1001);
/** Stored JSON; as a parameter pass a JSON text. */
export const jsonb = sqlType<unknown>(3802);
/** The type or null. */
export const nullable = <T>(inner: SqlType<T>): SqlType<T | null> => ({ oid: inner.oid, nullable: true });

pg.types.setTypeParser(20, Number);
// One dimension, and nothing in it is null.
pg.types.setTypeParser(int8s.oid, (text) => JSON.parse(`[${text.slice(1, -1)}]`));

type Columns = Record<string, SqlType<unknown>>;
/** The row of such columns. */
export type Row<C extends Columns> = { [K in keyof C]: C[K] extends SqlType<infer T> ? T : never };
type Values<P extends Columns> = Row<P>;

/** Anything that runs a query: a pool or a transaction. */
export interface Queryable {
  query(config: { name?: string; text: string; values: unknown[] }): Promise<pg.QueryResult>;
}

/** A registered statement. */
export interface Statement<P extends Columns, C extends Columns> {
  readonly name: string;
  readonly text: string;
  readonly parameters: readonly string[];
  readonly types: P;
  readonly columns: C;
  /** All rows. */
  all(db: Queryable, values: Values<P>): Promise<Row<C>[]>;
  /** The only row, or undefined. */
  maybe(db: Queryable, values: Values<P>): Promise<Row<C> | undefined>;
  /** The only row; anything else is a bug. */
  one(db: Queryable, values: Values<P>): Promise<Row<C>>;
  /** The number of rows written. */
  run(db: Queryable, values: Values<P>): Promise<number>;
}

/** Every statement of the server, for the test that prepares them all. */
export const statements: Statement<Columns, Columns>[] = [];

/** A piece of constant SQL to build statements from, with parameter names as holes; never made of input. */
export interface Fragment {
  readonly parts: readonly string[];
  readonly holes: readonly Hole[];
}
type Hole = string | Fragment;
/** Declares constant SQL for use inside statements: `part\`a.id = ${"agent_id"}\``. */
export const part = (parts: TemplateStringsArray, ...holes: Hole[]): Fragment => ({ parts, holes });

/** Options of a statement. */
export interface StatementOptions {
  /** Plan anew for each set of values (search: a generic plan can walk a whole index). */
  customPlan?: boolean;
}

/**
 * Declares a statement: parameter types, result columns, then the SQL as a template whose holes are parameter names or
 * fragments. `sql({ id: uuid }, { title: text })\`select title from posts where id = ${"id"}\``
 */
export function sql<P extends Columns, C extends Columns>(types: P, columns: C, options: StatementOptions = {}) {
  return (parts: TemplateStringsArray, ...holes: ((keyof P & string) | Fragment)[]): Statement<P, C> => {
    const parameters: string[] = [];
    const compact = textOf({ parts, holes }, parameters)
      .replace(/\s*\n\s*/g, " ")
      .trim();
    const name = `q_${createHash("sha256").update(compact).digest("base64url").slice(0, 20)}`;
    const execute = async (db: Queryable, values: Values<P>) => {
      const list = parameters.map((parameter) => values[parameter as keyof P]);
      try {
        return await db.query(
          options.customPlan ? { text: compact, values: list } : { name, text: compact, values: list },
        );
      } catch (error) {
        noteFailure(db, error);
        throw error;
      }
    };
    const statement: Statement<P, C> = {
      name,
      text: compact,
      parameters,
      types,
      columns,
      all: async (db, values) => (await execute(db, values)).rows as Row<C>[],
      maybe: async (db, values) => (await execute(db, values)).rows[0] as Row<C> | undefined,
      one: async (db, values) => {
        const { rows } = await execute(db, values);
        if (rows.length !== 1) throw new Error(`${name} returned ${rows.length} rows instead of one: ${compact}`);
        return rows[0] as Row<C>;
      },
      run: async (db, values) => (await execute(db, values)).rowCount ?? 0,
    };
    statements.push(statement as unknown as Statement<Columns, Columns>);
    return statement;
  };
}

/** Each of some ids once, beside how often it is there: two lists that a statement can count by. */
export function counted(ids: readonly string[]): { ids: string[]; counts: number[] } {
  const counts = new Map<string, number>();
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  return { ids: [...counts.keys()], counts: [...counts.values()] };
}

/** The latest of the times that go with each id, in the order of {@link counted}. */
export function latestOf(ids: readonly string[], moments: readonly Date[]): Date[] {
  const latest = new Map<string, Date>();
  for (const [index, moment] of moments.entries()) {
    const id = ids[index] ?? "";
    const known = latest.get(id);
    latest.set(id, known !== undefined && known > moment ? known : moment);
  }
  return [...latest.values()];
}

function textOf({ parts, holes }: Fragment, parameters: string[]): string {
  const rendered = holes.map((hole) => {
    if (typeof hole !== "string") return textOf(hole, parameters);
    if (!parameters.includes(hole)) parameters.push(hole);
    return `$${parameters.indexOf(hole) + 1}`;
  });
  return parts.map((text, index) => text + (rendered[index] ?? "")).join("");
}

/** Who acts in a transaction; row-level security goes by it. */
export interface Actor {
  /** Agent or owner id; {@link SYSTEM} for the server itself; undefined for nobody. */
  actor?: string | undefined;
  /** Keyed hash of a presented token (claim, link, session). */
  token?: Buffer | undefined;
  /** Milliseconds to wait for a lock at most, where that is less than the pool allows. */
  lockMs?: number | undefined;
}
/** The server's own identity in transactions and in the history. */
export const SYSTEM = "00000000-0000-0000-0000-000000000000";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const RETRIES = 5;

const afterwards = new WeakMap<Queryable, ((pool: pg.Pool) => void)[]>();
/** Has `then` called when a transaction has ended, however it ended, before its caller goes on. */
export function whenEnded(tx: Queryable, then: (pool: pg.Pool) => void): void {
  afterwards.set(tx, [...(afterwards.get(tx) ?? []), then]);
}

/** What failed first in each open transaction. Whatever was sent behind it fails, too, and may be heard of before it. */
const failures = new WeakMap<Queryable, { first?: unknown }>();

function noteFailure(db: Queryable, error: unknown): void {
  const known = failures.get(db);
  if (known && !("first" in known)) known.first = error;
}

/** Why a transaction failed: what failed first, where `error` only says that something had failed before. */
function causeOf(client: Queryable, error: unknown): unknown {
  const isConsequence = codeOf(error) === "25P02" || (error instanceof Error && error.message === ROLLED_BACK);
  return isConsequence ? (failures.get(client)?.first ?? error) : error;
}

/** What is said where a commit was answered with a rollback. */
const ROLLED_BACK = "The transaction was rolled back";

const unanswered = new WeakMap<Queryable, Promise<unknown>>();
/**
 * Has a transaction commit right behind `writes`, which were sent, without waiting for their answers first. If one of
 * them fails, nothing is committed and its error is thrown; they must not be able to write less than they should.
 */
export function commitBehind(tx: Queryable, writes: Promise<unknown>): void {
  const all = Promise.all([unanswered.get(tx), writes]);
  all.catch(() => undefined);
  unanswered.set(tx, all);
}

/**
 * Runs `work` in one transaction as `actor`, again after a serialization failure or deadlock. The first statements of
 * `work` are sent together with the beginning.
 * An {@link AppError} with `keep` commits and is thrown all the same.
 */
export async function transaction<T>(
  pool: pg.Pool,
  actor: Actor,
  work: (tx: Queryable) => Promise<T>,
  readOnly = false,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const client = await pool.connect();
    let broken: Error | undefined;
    failures.set(client, {});
    try {
      const begun = client.query(beginAs(actor, readOnly));
      begun.catch(() => undefined);
      let refusal: AppError | undefined;
      let result: T | undefined;
      try {
        result = await work(client);
      } catch (error) {
        if (!(error instanceof AppError && error.details.keep)) {
          // What failed first is the cause; whatever was sent behind it failed because of it.
          await Promise.all([begun, unanswered.get(client)]);
          throw error;
        }
        refusal = error;
      }
      const [{ command }] = await Promise.all([client.query("commit"), begun, unanswered.get(client)]);
      if (command !== "COMMIT") throw new Error(ROLLED_BACK);
      if (refusal) throw refusal;
      return result as T;
    } catch (thrown) {
      const error = causeOf(client, thrown);
      if (!(error instanceof AppError && error.details.keep)) {
        await client.query("rollback").catch((failure: Error) => {
          broken = failure;
        });
      }
      if (attempt >= RETRIES || !isRetryable(error)) throw error;
    } finally {
      for (const then of afterwards.get(client) ?? []) then(pool);
      afterwards.delete(client);
      unanswered.delete(client);
      failures.delete(client);
      client.release(broken);
    }
  }
}

/**
 * Runs `work` inside a transaction so that an {@link AppError} undoes what `work` wrote and nothing else; any other
 * error ends the transaction as usual.
 * @returns the refusal, or undefined when the work was done
 */
export async function attempt(tx: Queryable, work: () => Promise<unknown>): Promise<AppError | undefined> {
  await tx.query({ text: "savepoint attempt", values: [] });
  try {
    await work();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    await tx.query({ text: "rollback to savepoint attempt", values: [] });
    failures.set(tx, {});
    return error;
  }
  await tx.query({ text: "release savepoint attempt", values: [] });
  return undefined;
}

function beginAs({ actor, token, lockMs }: Actor, readOnly: boolean): string {
  let begin = readOnly ? "begin read only" : "begin";
  if (actor !== undefined) {
    if (!UUID.test(actor)) throw new Error("An actor must be a UUID");
    begin += `; set local app.actor = '${actor}'`;
  }
  if (token !== undefined) begin += `; set local app.token = '${token.toString("hex")}'`;
  if (lockMs !== undefined) begin += `; set local lock_timeout = ${Math.trunc(lockMs)}`;
  return begin;
}

const setActor = sql({ actor: text, token: text }, { actor: text, token: text })`
  select set_config('app.actor', ${"actor"}, true) as actor, set_config('app.token', ${"token"}, true) as token`;

/** Changes who acts in the rest of the transaction: after a token has been checked, the server may do what it stands for. */
export async function actAs(tx: Queryable, { actor, token }: Actor): Promise<void> {
  await setActor.one(tx, { actor: actor ?? "", token: token?.toString("hex") ?? "" });
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

/** Serialization failures and deadlocks: the same transaction may be tried again. */
function isRetryable(error: unknown): boolean {
  return codeOf(error) === "40001" || codeOf(error) === "40P01";
}

const AWAY = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ENOENT",
  "ETIMEDOUT",
  "57P01",
  "57P02",
  "57P03",
  // The disk does not do what it is told.
  "58030",
]);
const AWAY_TEXT =
  /Connection terminated|Query read timeout|timeout exceeded when trying to connect|Client has encountered a connection|Cannot use a pool after|not currently accepting connections/;

/** Whether the database could not be reached, was lost, or gave up in time: 503, never a wrong answer. */
export function isUnavailable(error: unknown): boolean {
  const code = codeOf(error);
  // Class 08 is about connections, class 53 about what has run out: connections, disk, memory.
  if (AWAY.has(code) || /^(08|53)/.test(code) || code === "57014" || code === "55P03" || code === "25P03") return true;
  return error instanceof Error && AWAY_TEXT.test(error.message);
}

/** Whether a statement was broken off because it took longer than it may. */
export function isTimeout(error: unknown): boolean {
  return codeOf(error) === "57014";
}

/** Whether a lock was waited for longer than may be. */
export function isLockTimeout(error: unknown): boolean {
  return codeOf(error) === "55P03";
}

/** Whether the database refused a second row with this key. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  if (codeOf(error) !== "23505") return false;
  return constraint === undefined || (error as { constraint?: string }).constraint === constraint;
}
