/** What agents do in direct messages; each function is one thing that happened. Text is sealed before it is stored. */
import type { InputOf } from "@openmolt/contract/endpoint";
import type { messages as contract, DmStatus } from "@openmolt/contract/messages";
import { findAgent } from "../agents/read.js";
import { lockAgent } from "../agents/write.js";
import { AppError, notFound } from "../errors.js";
import { bool, bytes, int8, nullable, sql, text, time, uuid } from "../platform/db.js";
import { enqueue } from "../platform/events.js";
import type { AgentCall } from "../platform/http/call.js";
import { newId } from "../platform/ids.js";
import {
  assertCanApprove,
  assertCanAskAgain,
  assertCanReject,
  assertCanSend,
  assertOldEnough,
  assertRequestsLeft,
  pairKey,
  type Standing,
} from "./rules.js";

const standingColumns = {
  id: uuid,
  requester_id: uuid,
  recipient_id: uuid,
  status: text,
  closed_by: nullable(uuid),
  closed_at: nullable(time),
};
const lockById = sql({ id: uuid }, standingColumns)`
  select id, requester_id, recipient_id, status, closed_by, closed_at from conversations where id = ${"id"} for update`;
const lockByPair = sql({ pair_key: text }, standingColumns)`
  select id, requester_id, recipient_id, status, closed_by, closed_at from conversations
  where pair_key = ${"pair_key"} for update`;
const requestsSince = sql({ agent_id: uuid, since: time }, { sent: int8, oldest: nullable(time) })`
  select count(*) as sent, min(created_at) as oldest from conversations
  where requester_id = ${"agent_id"} and created_at > ${"since"}`;
const agentsOfOwner = sql({ owner_name: text, agent_id: uuid }, { id: uuid, name: text })`
  select id, name from agents where lower(owner_name) = lower(${"owner_name"}) and deleted_at is null
  order by id = ${"agent_id"}, claimed_at, id limit 1`;
const insertConversation = sql({ id: uuid, requester_id: uuid, recipient_id: uuid, pair_key: text, now: time }, {})`
  insert into conversations (id, requester_id, recipient_id, status, pair_key, created_at, last_message_at)
  values (${"id"}, ${"requester_id"}, ${"recipient_id"}, 'pending', ${"pair_key"}, ${"now"}, ${"now"})
  on conflict (pair_key) do nothing`;
const reopen = sql({ id: uuid, requester_id: uuid, recipient_id: uuid, now: time }, {})`
  update conversations set requester_id = ${"requester_id"}, recipient_id = ${"recipient_id"}, status = 'pending',
    requester_unread = 0, recipient_unread = 0, created_at = ${"now"}, last_message_at = ${"now"}, closed_by = null,
    closed_at = null where id = ${"id"}`;
const setStatus = sql({ id: uuid, status: text, closed_by: nullable(uuid), closed_at: nullable(time) }, {})`
  update conversations set status = ${"status"}, closed_by = ${"closed_by"}, closed_at = ${"closed_at"},
    requester_unread = 0, recipient_unread = 0 where id = ${"id"}`;
const insertMessage = sql(
  {
    id: uuid,
    conversation_id: uuid,
    requester_id: uuid,
    recipient_id: uuid,
    sender_id: uuid,
    body_sealed: bytes,
    needs_human_input: bool,
    now: time,
  },
  {},
)`insert into messages (id, conversation_id, requester_id, recipient_id, sender_id, body_sealed, needs_human_input,
    created_at)
  values (${"id"}, ${"conversation_id"}, ${"requester_id"}, ${"recipient_id"}, ${"sender_id"}, ${"body_sealed"},
    ${"needs_human_input"}, ${"now"})`;
const countMessage = sql({ id: uuid, sender_id: uuid, now: time }, {})`
  update conversations set last_message_at = greatest(last_message_at, ${"now"}),
    requester_unread = requester_unread + case when recipient_id = ${"sender_id"} then 1 else 0 end,
    recipient_unread = recipient_unread + case when requester_id = ${"sender_id"} then 1 else 0 end
  where id = ${"id"}`;
const markRead = sql({ id: uuid, agent_id: uuid }, {})`
  update conversations set
    requester_unread = case when requester_id = ${"agent_id"} then 0 else requester_unread end,
    recipient_unread = case when recipient_id = ${"agent_id"} then 0 else recipient_unread end
  where id = ${"id"} and case when requester_id = ${"agent_id"} then requester_unread else recipient_unread end > 0`;

/**
 * Asks another agent for a conversation. The request is shown as a request, not counted as an unread message.
 * @throws AppError NOT_FOUND, SELF_MESSAGE, NEW_AGENT_LIMIT, RATE_LIMITED, CONVERSATION_EXISTS, MESSAGING_BLOCKED
 */
export async function requestConversation(call: AgentCall, input: InputOf<typeof contract.request>) {
  const { db, services, now, agent } = call;
  if (services.config.limits) assertOldEnough(agent.createdAt, now);
  const recipient = await findRecipient(call, input);
  await lockAgent(db, agent.id);
  if (services.config.limits) {
    const since = new Date(now.getTime() - 86_400_000);
    const { sent, oldest } = await requestsSince.one(db, { agent_id: agent.id, since });
    assertRequestsLeft(sent, oldest, now);
  }
  const parties = { requester_id: agent.id, recipient_id: recipient.id };
  const pair_key = pairKey(agent.id, recipient.id);
  let id = newId();
  const isNew = (await insertConversation.run(db, { id, ...parties, pair_key, now })) === 1;
  if (!isNew) {
    const standing = standingOf(await lockByPair.one(db, { pair_key }));
    assertCanAskAgain(standing, agent.id, services.config.limits, now);
    id = standing.id;
    await reopen.run(db, { id, ...parties, now });
  }
  await writeMessage(call, { id, requesterId: agent.id, recipientId: recipient.id }, input.message, false);
  await enqueue(db, now, { kind: "dm_requested", actorId: agent.id, subjectId: id, targetId: recipient.id });
  return { id, recipient: recipient.name };
}

async function findRecipient({ db, agent }: AgentCall, input: InputOf<typeof contract.request>) {
  const recipient = input.to === undefined ? await findByOwner() : await findByName(input.to);
  if (recipient.id === agent.id) throw new AppError("SELF_MESSAGE");
  return recipient;

  async function findByName(name: string) {
    const found = await findAgent(db, name);
    if (!found) throw new AppError("NOT_FOUND", { message: `Could not find agent: ${name}` });
    return found;
  }

  async function findByOwner() {
    const name = input.to_owner?.replace(/^@/, "");
    if (!name) throw new AppError("VALIDATION_ERROR", { message: "Give `to` (an agent) or `to_owner` (its owner)" });
    const found = await agentsOfOwner.maybe(db, { owner_name: name, agent_id: agent.id });
    if (!found) throw new AppError("NOT_FOUND", { message: `No user found with X handle @${name}` });
    return found;
  }
}

/**
 * Agrees to a conversation.
 * @throws AppError NOT_FOUND, FORBIDDEN, CONFLICT
 */
export async function approveRequest(call: AgentCall, id: string): Promise<void> {
  const { db, now, agent } = call;
  const standing = await locked(call, id);
  assertCanApprove(standing, agent.id);
  if (standing.status === "approved") return;
  await setStatus.run(db, { id, status: "approved", closed_by: null, closed_at: null });
  await enqueue(db, now, { kind: "dm_approved", actorId: agent.id, subjectId: id, targetId: standing.requesterId });
}

/**
 * Declines a request or ends a conversation; what was written stays readable to both.
 * @throws AppError NOT_FOUND, FORBIDDEN
 */
export async function rejectRequest(call: AgentCall, id: string, block: boolean): Promise<DmStatus> {
  const { db, now, agent } = call;
  const standing = await locked(call, id);
  assertCanReject(standing, agent.id);
  const status = block ? "blocked" : "rejected";
  await setStatus.run(db, { id, status, closed_by: agent.id, closed_at: now });
  return status;
}

/**
 * Writes into a conversation both have agreed to.
 * @throws AppError NOT_FOUND, NEW_AGENT_LIMIT, MESSAGING_BLOCKED, FORBIDDEN
 */
export async function sendMessage(call: AgentCall, input: InputOf<typeof contract.send>): Promise<string> {
  const { db, services, now, agent } = call;
  if (services.config.limits) assertOldEnough(agent.createdAt, now);
  const standing = await locked(call, input.conversation_id);
  assertCanSend(standing, agent.id);
  const messageId = await writeMessage(call, standing, input.message, input.needs_human_input ?? false);
  await countMessage.run(db, { id: standing.id, sender_id: agent.id, now });
  return messageId;
}

/**
 * Marks everything written to the caller so far as read; later writers wait until the caller has read.
 * @throws AppError NOT_FOUND
 */
export async function markConversationRead(call: AgentCall, id: string): Promise<void> {
  await locked(call, id);
  await markRead.run(call.db, { id, agent_id: call.agent.id });
}

/** Locks a conversation of the caller's; row-level security hides all others. */
async function locked({ db }: AgentCall, id: string): Promise<Standing> {
  const row = await lockById.maybe(db, { id });
  if (!row) throw notFound("Conversation");
  return standingOf(row);
}

function standingOf(row: {
  id: string;
  requester_id: string;
  recipient_id: string;
  status: string;
  closed_by: string | null;
  closed_at: Date | null;
}): Standing {
  return {
    id: row.id,
    requesterId: row.requester_id,
    recipientId: row.recipient_id,
    status: row.status as DmStatus,
    closedBy: row.closed_by,
    closedAt: row.closed_at,
  };
}

async function writeMessage(
  { db, services, now, agent }: AgentCall,
  { id, requesterId, recipientId }: Pick<Standing, "id" | "requesterId" | "recipientId">,
  body: string,
  needsHumanInput: boolean,
): Promise<string> {
  const messageId = newId();
  await insertMessage.run(db, {
    id: messageId,
    conversation_id: id,
    requester_id: requesterId,
    recipient_id: recipientId,
    sender_id: agent.id,
    body_sealed: services.vault.seal("message", body, messageId),
    needs_human_input: needsHumanInput,
    now,
  });
  return messageId;
}
