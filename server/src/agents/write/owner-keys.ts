/**
 * What owners, and admins of organisations, do to the keys of agents; the transactions act as that person. They lock the agent first and so wait
 * for its writes under way: once they have answered, nothing comes any more from a key that was ended.
 */
import { record } from "../../audit/write.js";
import { notFound } from "../../errors.js";
import { type Queryable, sql, text, time, uuid } from "../../platform/db.js";
import type { OwnerCall } from "../../platform/http/call.js";
import { agentChanged } from "../../platform/known-keys.js";
import { assertFreshProof } from "../../platform/sessions.js";
import { issueKey } from "../write.js";
import { holdManaged } from "./hold-agent.js";

const revokeAll = sql({ agent_id: uuid, now: time }, {})`
  update agent_keys set revoked_at = ${"now"} where agent_id = ${"agent_id"} and revoked_at is null`;
const holdAgentOfKey = sql({ id: uuid }, { agent_id: uuid, name: text })`
  select a.id as agent_id, a.name from agents a join agent_keys k on k.agent_id = a.id
  where k.id = ${"id"} and a.deleted_at is null and a.id in (select m from my_agents('{admin}') m)
  for no key update of a`;
const revokeOne = sql({ id: uuid, now: time }, { prefix: text })`
  update agent_keys set revoked_at = ${"now"} where id = ${"id"} and revoked_at is null returning prefix`;

/** A key that was just made, shown this once. */
export interface ReplacedKeys {
  agentName: string;
  apiKey: string;
}

/**
 * Gives an agent of the caller a new key and ends all others at once, those in use included.
 * @throws AppError NOT_FOUND, PROOF_REQUIRED
 */
export async function replaceKeys(call: OwnerCall, input: { agent_id: string }): Promise<ReplacedKeys> {
  const { db, session, now } = call;
  const agent = await holdManaged(call, input.agent_id);
  assertFreshProof(session, now, `/owner/agents/${agent.name}`);
  await revokeAllKeys(db, agent.id, now);
  const { apiKey } = await issueKey(call, agent.id);
  await agentChanged(db, agent.id);
  const by = { kind: "owner" as const, id: session.ownerId };
  await record(db, { by, act: "agent.replace_keys", target: { type: "agent", id: agent.id }, at: now });
  return { agentName: agent.name, apiKey };
}

/** Ends all keys of an agent whose owner acts; the caller says that the agent has changed. */
export async function revokeAllKeys(db: Queryable, agentId: string, now: Date): Promise<void> {
  await revokeAll.run(db, { agent_id: agentId, now });
}

/**
 * Ends one key of an agent of the caller.
 * @throws AppError NOT_FOUND
 */
export async function revokeKey({ db, session, now }: OwnerCall, input: { key_id: string }) {
  const agent = await holdAgentOfKey.maybe(db, { id: input.key_id });
  const key = agent && (await revokeOne.maybe(db, { id: input.key_id, now }));
  if (!key) throw notFound("Key");
  await agentChanged(db, agent.agent_id);
  const by = { kind: "owner" as const, id: session.ownerId };
  const facts = { prefix: key.prefix };
  await record(db, { by, act: "agent.revoke_key", target: { type: "agent", id: agent.agent_id }, facts, at: now });
  return { agentName: agent.name, prefix: key.prefix };
}
