/** Conversations as an operator sees them who has said why; the database shows their messages to nobody else. */
import { AppError, notFound } from "../../errors.js";
import { bytes, int4, nullable, type Queryable, sql, text, time, uuid } from "../../platform/db.js";
import type { OperatorCall } from "../../platform/http/call.js";

/** Messages shown at most, the newest. */
const MOST = 500;

const actColumns = {
  id: uuid,
  one: nullable(text),
  other: nullable(text),
  reason: text,
  opened_at: time,
  expires_at: time,
};
const findActs = sql({}, actColumns)`
  select b.id, a.name as one, o.name as other, b.reason, b.opened_at, b.expires_at
  from break_glass b left join agents a on a.id = b.requester_id left join agents o on o.id = b.recipient_id
  order by b.opened_at desc, b.id desc limit 100`;
const findAct = sql({ id: uuid }, { ...actColumns, conversation_id: uuid })`
  select b.id, a.name as one, o.name as other, b.reason, b.opened_at, b.expires_at, b.conversation_id
  from break_glass b left join agents a on a.id = b.requester_id left join agents o on o.id = b.recipient_id
  where b.id = ${"id"}`;
const findMessages = sql(
  { conversation_id: uuid, limit: int4 },
  { id: uuid, sender: nullable(text), body_sealed: bytes, created_at: time },
)`select m.id, a.name as sender, m.body_sealed, m.created_at from messages m left join agents a on a.id = m.sender_id
  where m.conversation_id = ${"conversation_id"} order by m.created_at desc, m.id desc limit ${"limit"}::int`;

/** A recorded act. */
export interface BreakGlassAct {
  id: string;
  /** The two agents. */
  parties: readonly [string, string];
  reason: string;
  openedAt: Date;
  isOpen: boolean;
}

/** A conversation that was opened. */
export interface OpenedConversation extends BreakGlassAct {
  expiresAt: Date;
  /** Newest first. */
  messages: { sender: string; text: string; at: Date }[];
}

/** The newest acts; the transaction acts as the server. */
export async function breakGlassActs(db: Queryable, now: Date): Promise<BreakGlassAct[]> {
  return (await findActs.all(db, {})).map((row) => actOf(row, now));
}

/**
 * The messages that an act opened.
 * @throws AppError NOT_FOUND, GONE after its hour
 */
export async function openedConversation(
  { db, services, now }: OperatorCall,
  input: { act_id: string },
): Promise<OpenedConversation> {
  const row = await findAct.maybe(db, { id: input.act_id });
  if (!row) throw notFound("Act");
  const act = actOf(row, now);
  if (!act.isOpen) {
    throw new AppError("GONE", { message: "The hour is over", hint: "Say again why the conversation must be read." });
  }
  const messages = await findMessages.all(db, { conversation_id: row.conversation_id, limit: MOST });
  return {
    ...act,
    expiresAt: row.expires_at,
    messages: messages.map(({ id, sender, body_sealed, created_at }) => ({
      sender: sender ?? "",
      text: services.vault.open("message", body_sealed, id).toString("utf8"),
      at: created_at,
    })),
  };
}

function actOf(
  row: { id: string; one: string | null; other: string | null; reason: string; opened_at: Date; expires_at: Date },
  now: Date,
): BreakGlassAct {
  const { id, one, other, reason, opened_at: openedAt } = row;
  return { id, parties: [one ?? "", other ?? ""], reason, openedAt, isOpen: row.expires_at > now };
}
