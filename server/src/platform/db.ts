/**
 * SQL as data: every statement is a named, prepared text in one registry, its parameters and result columns typed.
 * Values never become part of the text; a test prepares each statement and compares the columns it claims.
 */
import { createHash } from "node:crypto";
import pg from "pg";
import { noteFailure } from "./db-errors.js";

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

/** Numbers of transactions. */
export const xids = sqlType<readonly number[]>(1011);
/** Lists of whole numbers, all of one length. */
export const int4Rows = <T extends readonly number[]>(): SqlType<readonly T[]> => sqlType<readonly T[]>(1007);

pg.types.setTypeParser(20, Number);
// Numbers and ids need no care for quotes, which the client's own way of reading lists pays for.
const numbersIn = (text: string) =>
  JSON.parse(text.replaceAll("{", "[").replaceAll("}", "]").replaceAll("NULL", "null"));
for (const { oid } of [int4s, int8s, xids]) pg.types.setTypeParser(oid, numbersIn);
pg.types.setTypeParser(uuids.oid, (text) => {
  if (text === "{}") return [];
  const ids = text.slice(1, -1).split(",");
  return text.includes("NULL") ? ids.map((id) => (id === "NULL" ? null : id)) : ids;
});

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
