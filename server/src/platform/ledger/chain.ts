/** The chain of the access ledger: what a row's digest covers, and how rows are appended. */
import { createHash } from "node:crypto";
import { int8, type Queryable, sql, text, texts, times, uuid, uuids } from "../db.js";

const appendRows = sql(
  { subjects: uuids, months: texts, froms: times, untils: times, lines: texts },
  { appended: int8 },
)`select append_to_ledger(${"subjects"}, ${"months"}::text[]::date[], ${"froms"}, ${"untils"}, ${"lines"}) as appended`;
const forget = sql({ subject_id: uuid }, { forgotten: int8 })`
  select forget_in_ledger(${"subject_id"}) as forgotten`;

const dropMonths = sql({ before: text }, { dropped: int8 })`
  select drop_ledger_months(${"before"}::text::date) as dropped`;

/** What is appended to one chain at once. */
export interface LedgerRow {
  subjectId: string;
  /** First day of the month, `2026-11-01`. */
  month: string;
  /** When the first and the last of it happened. */
  from: Date;
  until: Date;
  /** Lines of JSON. */
  lines: string;
}

/** The month of a moment, as its first day in UTC. */
export function monthOf(at: Date): string {
  return `${at.toISOString().slice(0, 7)}-01`;
}

/** Appends a row to each chain, no two of them to the same one. Agents that are gone have none any more. */
export async function appendToLedger(db: Queryable, rows: readonly LedgerRow[]): Promise<void> {
  await appendRows.one(db, {
    subjects: rows.map(({ subjectId }) => subjectId),
    months: rows.map(({ month }) => month),
    froms: rows.map(({ from }) => from),
    untils: rows.map(({ until }) => until),
    lines: rows.map(({ lines }) => lines),
  });
}

/** Forgets all there is of somebody who is erased; the transaction acts as that somebody or as the server. */
export async function forgetInLedger(tx: Queryable, subjectId: string): Promise<void> {
  await forget.one(tx, { subject_id: subjectId });
}

/** Drops the months that ended before the one `before` is in. */
export async function dropLedgerMonths(db: Queryable, before: Date): Promise<void> {
  await dropMonths.one(db, { before: monthOf(before) });
}

/** The digest a row must have, behind the one before it; the first of a chain has none before it. */
export function ledgerDigest(
  row: { subjectId: string; month: string; lines: string },
  before: Buffer | undefined,
): Buffer {
  const own = sha256(Buffer.from(`${row.subjectId}/${row.month.slice(0, 7)}\n${row.lines}`));
  return before === undefined ? own : sha256(Buffer.concat([before, own]));
}

const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest();
