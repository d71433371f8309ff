/** Break-glass: the act without which no operator reads a private message. */
import { findAgent } from "../../agents/read.js";
import { noticeOwner } from "../../audit/write/notices.js";
import { record } from "../../audit/write.js";
import { notFound } from "../../errors.js";
import { sql, text, time, uuid } from "../../platform/db.js";
import { byOperator, type OperatorCall } from "../../platform/http/call.js";
import { newId } from "../../platform/ids.js";
import { assertFreshProof } from "../../platform/sessions.js";
import { pairKey } from "../rules.js";

const openConversation = sql(
  { id: uuid, pair_key: text, reason: text, now: time },
  { conversation_id: uuid, requester_id: uuid, recipient_id: uuid },
)`select conversation_id, requester_id, recipient_id
  from break_glass_into(${"id"}, ${"pair_key"}, ${"reason"}, ${"now"})`;

/**
 * Opens the conversation of two agents to the operator for an hour. The act is in the ledgers of both owners, who are
 * told by mail, before anything can be read.
 * @returns the id of the act
 * @throws AppError NOT_FOUND, PROOF_REQUIRED
 */
export async function breakGlassInto(
  call: OperatorCall,
  input: { agent_name: string; other_name: string; reason: string },
): Promise<string> {
  const { db, session, now } = call;
  assertFreshProof(session, now, "/operator/messages");
  const one = await findAgent(db, input.agent_name.trim());
  const other = await findAgent(db, input.other_name.trim());
  if (!one || !other) throw notFound("Agent");
  const id = newId();
  const reason = input.reason.trim();
  const opened = await openConversation.maybe(db, { id, pair_key: pairKey(one.id, other.id), reason, now });
  if (!opened) throw notFound("Conversation");
  const facts = { act_id: id, conversation_id: opened.conversation_id, reason };
  for (const [agent, with_] of [
    [one, other],
    [other, one],
  ] as const) {
    const target = { type: "agent", id: agent.id } as const;
    await record(db, { by: byOperator(call), act: "messages.break_glass", target, facts, at: now });
    await noticeOwner(db, { agentId: agent.id, kind: "break_glass", facts: { other: with_.name, reason } }, now);
  }
  return id;
}
