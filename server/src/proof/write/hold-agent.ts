/** What changes of proofs have in common: who holds the agent, what it has to show, and the record of the change. */
import { type AuditActor, record } from "../../audit/write.js";
import { AppError, notFound } from "../../errors.js";
import { int8, type Queryable, sql, text, uuid } from "../../platform/db.js";
import type { OwnerCall } from "../../platform/http/call.js";
import { agentChanged } from "../../platform/known-keys.js";

const holdManaged = sql({ id: uuid }, { id: uuid, name: text })`
  select id, name from agents where id = ${"id"} and deleted_at is null and id in (select m from my_agents('{admin}') m)
  for no key update`;
const countShown = sql({ id: uuid }, { proof: text, keys: int8, certificates: int8 })`
  select proof, (select count(*) from agent_signing_keys where agent_id = a.id and revoked_at is null) as keys,
    (select count(*) from agent_certificates where agent_id = a.id and revoked_at is null) as certificates
  from agents a where id = ${"id"}`;

/**
 * An agent that the caller answers for, held until the end: its writes under way end first.
 * @throws AppError NOT_FOUND
 */
export async function heldBy({ db }: OwnerCall, agentId: string): Promise<{ id: string; name: string }> {
  const agent = await holdManaged.maybe(db, { id: agentId });
  if (!agent) throw notFound("Agent");
  return agent;
}

/** How many keys and certificates of an agent work. */
export function shownBy(db: Queryable, agentId: string) {
  return countShown.one(db, { id: agentId });
}

/**
 * Refuses a change after which the agent could not show what is demanded of it.
 * @throws AppError CONFLICT
 */
export async function assertNotLocked(db: Queryable, agentId: string): Promise<void> {
  const { proof, keys, certificates } = await shownBy(db, agentId);
  const has = { none: 1, signature: keys, certificate: certificates, either: keys + certificates };
  if (has[proof as keyof typeof has] > 0) return;
  throw new AppError("CONFLICT", {
    message: "The agent would have nothing to show, so that every request of it would be refused",
    hint: "Register a signing key or certificate first: POST /api/v1/agents/me/signing-keys or certificates, or on the owner's page.",
  });
}

/** The owner as one who acts. */
export const ownerOf = ({ session }: OwnerCall) => ({ kind: "owner", id: session.ownerId }) as const;

/** Where a fresh sign-in leads back to. */
export const backTo = ({ id }: { id: string }) => `/owner/proof/${id}`;

/** Has all servers hear of a change, and puts it on record. */
export async function changed(
  db: Queryable,
  agentId: string,
  by: AuditActor,
  act: string,
  facts: Record<string, unknown>,
  at: Date,
): Promise<void> {
  await agentChanged(db, agentId);
  await record(db, { by, act, target: { type: "agent", id: agentId }, facts, at });
}
