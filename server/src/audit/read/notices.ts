/** What an owner was told lately. */
import { jsonb, nullable, sql, text, time } from "../../platform/db.js";
import type { OwnerCall } from "../../platform/http/call.js";
import type { NoticeKind } from "../../platform/notice-letters.js";

/** Something an owner was told. */
export interface Told {
  kind: NoticeKind;
  /** Empty where it is about a sign-in. */
  agent: string;
  facts: Readonly<Record<string, unknown>>;
  at: Date;
}

const findNotices = sql({}, { kind: text, facts: jsonb, created_at: time, agent_name: nullable(text) })`
  select n.kind, n.facts, n.created_at, a.name as agent_name
  from owner_notices n left join agents a on a.id = n.agent_id order by n.created_at desc, n.id desc limit 20`;

/** The newest notices of the signed-in owner; the transaction acts as the owner. */
export async function noticesOf({ db }: OwnerCall): Promise<Told[]> {
  const rows = await findNotices.all(db, {});
  return rows.map(({ kind, facts, created_at: at, agent_name: agent }) => ({
    kind: kind as NoticeKind,
    agent: agent ?? "",
    facts: facts as Record<string, unknown>,
    at,
  }));
}
