/** Verifies the access ledger: every chain from its first row to where it must end. */
import type { Pool } from "pg";
import { bytes, int4, int8, nullable, type Queryable, type Row, sql, text, uuid } from "../../platform/db.js";
import { ledgerDigest } from "../../platform/ledger/chain.js";
import { SYSTEM, transaction } from "../../platform/transaction.js";

const CHAINS = 500;
const ROWS = 500;

const chainColumns = { subject_id: uuid, month: text, number: nullable(int8), digest: nullable(bytes) };
/** Chains by their heads, and rows that no head knows. */
const nextChains = sql({ subject_id: uuid, month: text, limit: int4 }, chainColumns)`
  select c.subject_id, to_char(c.month, 'YYYY-MM-DD') as month, h.number, h.digest
  from (select subject_id, month from access_ledger_heads union select subject_id, month from access_ledger) c
    left join access_ledger_heads h on h.subject_id = c.subject_id and h.month = c.month
  where (c.subject_id, c.month) > (${"subject_id"}, ${"month"}::text::date)
  order by c.subject_id, c.month limit ${"limit"}::int`;
const nextRows = sql(
  { subject_id: uuid, month: text, after: int8, limit: int4 },
  { number: int8, entries: text, digest: bytes },
)`select number, entries, digest from access_ledger
  where subject_id = ${"subject_id"} and month = ${"month"}::text::date and number > ${"after"}
  order by number limit ${"limit"}::int`;

/** What a verification of the ledger found. */
export interface VerifiedLedger {
  /** Chains and rows looked at. */
  chains: number;
  rows: number;
  /** What differs, one sentence each. */
  problems: string[];
}

/** Verifies the whole ledger, in short transactions as the server itself. */
export async function verifyLedger(pool: Pool): Promise<VerifiedLedger> {
  const result: VerifiedLedger = { chains: 0, rows: 0, problems: [] };
  const read = <T>(work: (db: Queryable) => Promise<T>) => transaction(pool, { actor: SYSTEM }, work, true);
  // Before the server's own, whose id is the least.
  let last = { subject_id: SYSTEM, month: "0001-01-01" };
  for (;;) {
    const chains = await read((db) => nextChains.all(db, { ...last, limit: CHAINS }));
    for (const chain of chains) await checkChain(read, chain, result);
    const end = chains.at(-1);
    if (end === undefined) return result;
    last = end;
  }
}

type Read = <T>(work: (db: Queryable) => Promise<T>) => Promise<T>;

async function checkChain(read: Read, chain: Row<typeof chainColumns>, result: VerifiedLedger): Promise<void> {
  const { subject_id, month } = chain;
  const name = `Ledger of ${subject_id} for ${month.slice(0, 7)}`;
  const problem = (text: string) => result.problems.push(`${name}: ${text}`);
  let expected = 1;
  let before: Buffer | undefined;
  for (let after = 0; ; ) {
    const rows = await read((db) => nextRows.all(db, { subject_id, month, after, limit: ROWS }));
    for (const { number, entries, digest } of rows) {
      after = number;
      // Rows that came since the head was read belong to the next verification.
      if (chain.number !== null && number > chain.number) break;
      result.rows++;
      if (number !== expected) problem(`${missing(expected, number - 1)} missing`);
      else if (!ledgerDigest({ subjectId: subject_id, month, lines: entries }, before).equals(digest)) {
        problem(`row ${number} is not what was recorded, or not in its place`);
      }
      expected = number + 1;
      before = digest;
    }
    if (rows.length < ROWS || (chain.number !== null && after > chain.number)) break;
  }
  result.chains++;
  if (chain.number === null) problem("nothing says where it ends");
  else if (expected <= chain.number) problem(`${missing(expected, chain.number)} missing`);
  else if (before && chain.digest && !before.equals(chain.digest))
    problem(`row ${chain.number} is not the last recorded`);
}

function missing(first: number, last: number): string {
  return first === last ? `row ${first} is` : `rows ${first} to ${last} are`;
}
