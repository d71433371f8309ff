/**
 * What owners, and admins of organisations, do to the keys of agents; the transactions act as that person. They lock the agent first and so wait
 * for its writes under way: once they have answered, nothing comes any more from a key that was ended.
 */
import { scopes as allScopes, type InputOf } from "@openmolt/contract/endpoint";
import type { keys as contract } from "@openmolt/contract/keys";
import { MOST_NETWORKS } from "@openmolt/contract/limits";
import { record } from "../../audit/write.js";
import { AppError, notFound } from "../../errors.js";
import { chosenEnd, networksOf } from "../../keys/rules.js";
import { assertRoom, FULL_KEY, issueKey } from "../../keys/write/issue-key.js";
import { type Queryable, sql, text, time, uuid } from "../../platform/db.js";
import type { OwnerCall } from "../../platform/http/call.js";
import { agentChanged } from "../../platform/known-keys.js";
import { assertFreshProof } from "../../platform/sessions.js";
import { endIdentityTokens } from "./end-identity-tokens.js";
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
export interface OwnerKey {
  agentName: string;
  apiKey: string;
}

/**
 * Gives an agent of the caller a new key and ends all others at once, those in use included, and its identity tokens.
 * @throws AppError NOT_FOUND, PROOF_REQUIRED
 */
export async function replaceKeys(call: OwnerCall, input: { agent_id: string }): Promise<OwnerKey> {
  const { db, session, now } = call;
  const agent = await holdManaged(call, input.agent_id);
  assertFreshProof(session, now, `/owner/agents/${agent.name}`);
  await revokeAllKeys(db, agent.id, now);
  await endIdentityTokens(db, agent.id);
  const { apiKey } = await issueKey(call, agent.id, FULL_KEY);
  await agentChanged(db, agent.id);
  const by = { kind: "owner" as const, id: session.ownerId };
  await record(db, { by, act: "agent.replace_keys", target: { type: "agent", id: agent.id }, at: now });
  return { agentName: agent.name, apiKey };
}

/**
 * Gives an agent of the caller one more key.
 * @throws AppError NOT_FOUND, NAME_TAKEN, CONFLICT, VALIDATION_ERROR, PROOF_REQUIRED
 */
export async function createKeyForAgent(
  call: OwnerCall,
  input: InputOf<typeof contract.ownerCreate>,
): Promise<OwnerKey> {
  const { db, services, session, now } = call;
  assertFreshProof(session, now);
  const agent = await holdManaged(call, input.agent_id);
  const scopes = allScopes.filter((scope) => input[scope]);
  if (scopes.length === 0) throw new AppError("VALIDATION_ERROR", { message: "Choose what the key may be used for" });
  const networks = networksOf((input.networks ?? "").split(/[\s,]+/).filter((text) => text !== ""));
  if (networks.length > MOST_NETWORKS) {
    throw new AppError("VALIDATION_ERROR", { message: `A key has at most ${MOST_NETWORKS} networks` });
  }
  const notAfter = chosenEnd(input.expires_in_days || undefined, services.config.keyDays, now);
  await assertRoom(db, agent.id, input.name, now);
  const { apiKey, prefix } = await issueKey(call, agent.id, { name: input.name, scopes, networks, notAfter });
  const by = { kind: "owner" as const, id: session.ownerId };
  const facts = { prefix, scopes };
  await record(db, { by, act: "agent.create_key", target: { type: "agent", id: agent.id }, facts, at: now });
  return { agentName: agent.name, apiKey };
}

/** Ends all keys of an agent whose owner acts; the caller says that the agent has changed. */
export async function revokeAllKeys(db: Queryable, agentId: string, now: Date): Promise<void> {
  await revokeAll.run(db, { agent_id: agentId, now });
}

/**
 * Ends one key of an agent of the caller. No fresh proof is asked for: a key that leaked is abused while one waits for a
 * mail, and another one is made whenever its owner wants.
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
