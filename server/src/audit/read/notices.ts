/** What an owner was told lately. */
import { jsonb, sql, text, time } from "../../platform/db.js";
import type { OwnerCall } from "../../platform/http/call.js";
import { type NoticeKind, noticeText } from "../rules.js";

const findNotices = sql({}, { kind: text, facts: jsonb, created_at: time, agent_name: text })`
  select n.kind, n.facts, n.created_at, a.name as agent_name
  from owner_notices n join agents a on a.id = n.agent_id order by n.created_at desc, n.id desc limit 20`;

/** The newest notices of the signed-in owner, in words; the transaction acts as the owner. */
export async function noticesOf({ db }: OwnerCall): Promise<{ title: string; text: string; at: Date }[]> {
  const rows = await findNotices.all(db, {});
  return rows.map(({ kind, facts, created_at: at, agent_name: agent }) => ({
    ...noticeText(kind as NoticeKind, agent, facts as Record<string, unknown>),
    at,
  }));
}
