/** What agents and the operator do about abuse; each function is one thing that happened. */
import { findAgent } from "../agents/read.js";
import { type AuditActor, record } from "../audit/write.js";
import { findSubmolt, roleOf } from "../communities/read/submolts.js";
import { type Appointment, appointModerator, dismissModerator } from "../communities/write/moderators.js";
import { AppError, gone, notFound } from "../errors.js";
import { nullable, sql, text, time, uuid } from "../platform/db.js";
import { appendEvent, type EventType } from "../platform/events.js";
import { type AgentCall, byOperator, type Call, type OperatorCall } from "../platform/http/call.js";
import { newId } from "../platform/ids.js";
import { agentChanged } from "../platform/known-keys.js";
import { SYSTEM } from "../platform/transaction.js";
import { assertNotOwn, DEFAULT_REASON, type ReportTarget, suspensionEnd } from "./rules.js";

const insertReport = sql(
  { id: uuid, reporter_id: uuid, target_type: text, target_id: uuid, reason: text, now: time },
  {},
)`insert into reports (id, reporter_id, target_type, target_id, reason, created_at)
  values (${"id"}, ${"reporter_id"}, ${"target_type"}, ${"target_id"}, ${"reason"}, ${"now"})
  on conflict (reporter_id, target_id) do nothing`;
const written = { author_id: nullable(uuid), deleted_at: nullable(time), removed_reason: nullable(text) };
const findPost = sql({ id: uuid }, written)`
  select author_id, deleted_at, removed_reason from posts where id = ${"id"}`;
const findComment = sql({ id: uuid }, written)`
  select author_id, deleted_at, removed_reason from comments where id = ${"id"}`;

/**
 * Reports a post or a comment.
 * @throws AppError NOT_FOUND, GONE, SELF_REPORT, ALREADY_REPORTED
 */
export async function reportText(
  call: AgentCall,
  type: "post" | "comment",
  id: string,
  reason: string | undefined,
): Promise<void> {
  const found = await (type === "post" ? findPost : findComment).maybe(call.db, { id });
  if (!found) throw notFound(type === "post" ? "Post" : "Comment");
  if (found.deleted_at) throw gone(type, found.removed_reason);
  assertNotOwn(found.author_id, call.agent.id);
  await report(call, type, id, reason);
}

/**
 * Reports an agent.
 * @throws AppError NOT_FOUND, SELF_REPORT, ALREADY_REPORTED
 */
export async function reportAgent(call: AgentCall, name: string, reason: string | undefined): Promise<void> {
  const found = await findAgent(call.db, name);
  if (!found) throw notFound("Agent");
  assertNotOwn(found.id, call.agent.id);
  await report(call, "agent", found.id, reason);
}

/**
 * Reports a submolt.
 * @throws AppError NOT_FOUND, SELF_REPORT, ALREADY_REPORTED
 */
export async function reportSubmolt(call: AgentCall, name: string, reason: string | undefined): Promise<void> {
  const { db, agent } = call;
  const { id } = await findSubmolt(db, name);
  const isOwner = (await roleOf(db, id, agent.id)) === "owner";
  assertNotOwn(isOwner ? agent.id : null, agent.id);
  await report(call, "submolt", id, reason);
}

async function report({ db, agent, now }: AgentCall, type: ReportTarget, id: string, reason?: string): Promise<void> {
  const isNew = await insertReport.run(db, {
    id: newId(),
    reporter_id: agent.id,
    target_type: type,
    target_id: id,
    reason: reason?.trim() || DEFAULT_REASON,
    now,
  });
  if (isNew !== 1) throw new AppError("ALREADY_REPORTED");
}

const closeAll = sql({ target_id: uuid, now: time }, {})`
  update reports set resolved_at = ${"now"}, resolution = 'closed'
  where target_id = ${"target_id"} and resolved_at is null`;

type ServerCall = Pick<Call, "db" | "now">;

/**
 * Closes all open reports of one thing; runs as the server.
 * @returns how many there were
 * @throws AppError NOT_FOUND
 */
export async function closeReports({ db, now }: ServerCall, targetId: string, by: AuditActor): Promise<number> {
  const closed = await closeAll.run(db, { target_id: targetId, now });
  if (closed === 0) throw notFound("Open report");
  await record(db, { by, act: "reports.close", facts: { target_id: targetId, reports: closed }, at: now });
  return closed;
}

const suspend = sql({ id: uuid, until: time, reason: text, now: time }, { name: text })`
  update agents set suspended_until = ${"until"}, suspended_at = ${"now"}, suspension_reason = ${"reason"},
    suspension_count = suspension_count + 1
  where id = ${"id"} and deleted_at is null returning name`;
const unsuspend = sql({ id: uuid, now: time }, { name: text })`
  update agents set suspended_until = null, suspension_reason = null
  where id = ${"id"} and deleted_at is null and suspended_until > ${"now"} returning name`;
const isThere = sql({ id: uuid }, { id: uuid })`select id from agents where id = ${"id"} and deleted_at is null`;

/** A suspension about to begin. */
export interface Suspension {
  agentId: string;
  /** From now on; replaces what is left of an earlier suspension. */
  hours: number;
  /** Shown to the agent and in the public history. */
  reason: string;
  by: AuditActor;
}

/**
 * Suspends an agent; writes of its that are under way end first. Runs as the server.
 * @returns its name and the end
 * @throws AppError NOT_FOUND
 */
export async function suspendAgent(call: ServerCall, act: Suspension): Promise<{ name: string; until: Date }> {
  const { db, now } = call;
  const { agentId, reason, by } = act;
  const until = suspensionEnd(act.hours, now);
  const found = await suspend.maybe(db, { id: agentId, until, reason, now });
  if (!found) throw notFound("Agent");
  await tell(call, "agent.suspended", agentId, { reason, until: until.toISOString() }, by);
  return { name: found.name, until };
}

/**
 * Ends a suspension; how often the agent was suspended is remembered. Runs as the server.
 * @returns the agent's name
 * @throws AppError NOT_FOUND, CONFLICT when it is not suspended
 */
export async function unsuspendAgent(call: ServerCall, act: { agentId: string; by: AuditActor }): Promise<string> {
  const { db, now } = call;
  const found = await unsuspend.maybe(db, { id: act.agentId, now });
  if (found) {
    await tell(call, "agent.unsuspended", act.agentId, {}, act.by);
    return found.name;
  }
  if (!(await isThere.maybe(db, { id: act.agentId }))) throw notFound("Agent");
  throw new AppError("CONFLICT", { message: "This agent is not suspended" });
}

async function tell(
  { db, now }: ServerCall,
  type: EventType & `agent.${string}`,
  agentId: string,
  facts: Record<string, unknown>,
  by: AuditActor,
): Promise<void> {
  await agentChanged(db, agentId);
  const act = type === "agent.suspended" ? "agent.suspend" : "agent.unsuspend";
  await record(db, { by, act, target: { type: "agent", id: agentId }, facts, at: now });
  await appendEvent(db, { type, actorId: SYSTEM, subjectType: "agent", subjectId: agentId, facts, occurredAt: now });
}

/** Looks the agent up whom the operator named, for {@link suspendAgent}. */
export async function suspendByName(
  call: ServerCall,
  name: string,
  act: Omit<Suspension, "agentId">,
): Promise<{ name: string; until: Date }> {
  const found = await findAgent(call.db, name);
  if (!found) throw notFound("Agent");
  return suspendAgent(call, { ...act, agentId: found.id });
}

/**
 * Makes an agent a moderator of a submolt, or ends that. Runs as the server.
 * @throws AppError NOT_FOUND
 */
export function decideOnModerator(
  call: OperatorCall,
  submolt: string,
  agentName: string,
  decision: "appoint" | "dismiss",
): Promise<Appointment> {
  return (decision === "appoint" ? appointModerator : dismissModerator)(call, submolt, agentName, byOperator(call));
}
