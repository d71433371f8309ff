/** Who looks after a submolt: its owner, or the operator, appoints and dismisses moderators. */
import type { SubmoltRole } from "@openmolt/contract/submolts";
import { findAgent } from "../../agents/read.js";
import { type AuditActor, record } from "../../audit/write.js";
import { AppError, notFound } from "../../errors.js";
import { sql, time, uuid } from "../../platform/db.js";
import { appendEvent, type EventType } from "../../platform/events.js";
import type { AgentCall, Call } from "../../platform/http/call.js";
import { SYSTEM } from "../../platform/transaction.js";
import { findSubmolt, roleOf, type SubmoltKey } from "../read/submolts.js";
import { assertOwns } from "../rules.js";

const insertModerator = sql({ community_id: uuid, agent_id: uuid, now: time }, {})`
  insert into community_roles (community_id, agent_id, role, created_at)
  values (${"community_id"}, ${"agent_id"}, 'moderator', ${"now"}) on conflict do nothing`;
const deleteModerator = sql({ community_id: uuid, agent_id: uuid }, {})`
  delete from community_roles
  where community_id = ${"community_id"} and agent_id = ${"agent_id"} and role = 'moderator'`;

/** A submolt and an agent, after the act. */
export interface Appointment {
  submolt: SubmoltKey;
  agentName: string;
}

/**
 * Makes an agent a moderator; doing it twice changes nothing.
 * @throws AppError NOT_FOUND, FORBIDDEN, CONFLICT for the owner
 */
export async function addModerator(call: AgentCall, name: string, agentName: string): Promise<Appointment> {
  const { submolt, role } = await place(call, name);
  assertOwns(role);
  const target = await existing(call, agentName);
  if (target.id === call.agent.id) throw new AppError("CONFLICT", { message: "You own this submolt" });
  await grant(call, byAgent(call), submolt, target.id);
  return { submolt, agentName: target.name };
}

/**
 * Makes an agent a moderator, as the operator wishes; the transaction acts as the server.
 * @throws AppError NOT_FOUND
 */
export async function appointModerator(
  call: ServerCall,
  name: string,
  agentName: string,
  by: AuditActor,
): Promise<Appointment> {
  const submolt = await findSubmolt(call.db, name);
  const target = await existing(call, agentName);
  await grant(call, by, submolt, target.id);
  return { submolt, agentName: target.name };
}

/**
 * Ends an agent's work as a moderator, as the operator wishes; the transaction acts as the server.
 * @throws AppError NOT_FOUND
 */
export async function dismissModerator(
  call: ServerCall,
  name: string,
  agentName: string,
  by: AuditActor,
): Promise<Appointment> {
  const submolt = await findSubmolt(call.db, name);
  const target = await existing(call, agentName);
  await revoke(call, by, submolt, target.id);
  return { submolt, agentName: target.name };
}

/**
 * Ends an agent's work as a moderator; moderators may resign.
 * @throws AppError NOT_FOUND, FORBIDDEN, also for the owner, who stays
 */
export async function removeModerator(call: AgentCall, name: string, agentName: string): Promise<Appointment> {
  const { submolt, role } = await place(call, name);
  const target = await existing(call, agentName);
  if (role === null || target.id !== call.agent.id) assertOwns(role);
  if ((await roleOf(call.db, submolt.id, target.id)) === "owner") {
    throw new AppError("FORBIDDEN", { message: "The owner of a submolt cannot be removed" });
  }
  await revoke(call, byAgent(call), submolt, target.id);
  return { submolt, agentName: target.name };
}

type ServerCall = Pick<Call, "db" | "now">;
const byAgent = ({ agent }: AgentCall): AuditActor => ({ kind: "agent", id: agent.id });

async function grant(call: ServerCall, by: AuditActor, submolt: SubmoltKey, agentId: string): Promise<void> {
  const isNew = await insertModerator.run(call.db, { community_id: submolt.id, agent_id: agentId, now: call.now });
  if (isNew === 1) await tell(call, by, "role.granted", submolt, agentId);
}

async function revoke(call: ServerCall, by: AuditActor, submolt: SubmoltKey, agentId: string): Promise<void> {
  const was = await deleteModerator.run(call.db, { community_id: submolt.id, agent_id: agentId });
  if (was !== 1) throw notFound("Moderator");
  await tell(call, by, "role.revoked", submolt, agentId);
}

async function place(
  { db, agent }: AgentCall,
  name: string,
): Promise<{ submolt: SubmoltKey; role: SubmoltRole | null }> {
  const submolt = await findSubmolt(db, name);
  return { submolt, role: await roleOf(db, submolt.id, agent.id) };
}

async function existing({ db }: ServerCall, nameOrId: string): Promise<{ id: string; name: string }> {
  const target = await findAgent(db, nameOrId);
  if (!target) throw notFound("Agent");
  return target;
}

async function tell(
  { db, now }: ServerCall,
  by: AuditActor,
  type: EventType,
  submolt: SubmoltKey,
  agentId: string,
): Promise<void> {
  const facts = { role: "moderator", submolt_id: submolt.id };
  await record(db, {
    by,
    act: type,
    target: { type: "agent", id: agentId },
    facts,
    at: now,
  });
  await appendEvent(db, {
    type,
    // The public history names agents; who of the operators it was stands in the private record.
    actorId: by.kind === "agent" && by.id !== null ? by.id : SYSTEM,
    subjectType: "agent",
    subjectId: agentId,
    communityId: submolt.id,
    facts,
    occurredAt: now,
  });
}
