/** What agents do to their own keys. Each of these holds the agent's row, so that they come one after another. */
import type { agents } from "@openmolt/contract/agents";
import { scopes as allScopes, type InputOf, type Scope } from "@openmolt/contract/endpoint";
import type { keys as contract } from "@openmolt/contract/keys";
import { MOST_KEYS } from "@openmolt/contract/limits";
import { record } from "../audit/write.js";
import { notFound } from "../errors.js";
import { int4, nullable, type Queryable, sql, text, texts, time, uuid } from "../platform/db.js";
import type { AgentCall } from "../platform/http/call.js";
import { agentChanged } from "../platform/known-keys.js";
import { livingKey } from "./read.js";
import { assertNoWider, chosenEnd, KEY_OVERLAP_MINUTES, networksOf } from "./rules.js";
import { assertRoom, type IssuedKey, issueKey, type NewKey } from "./write/issue-key.js";

const findOwn = sql(
  { id: uuid },
  { name: text, scopes: texts, networks: texts, not_after: nullable(time), expires_at: nullable(time) },
)`select name, scopes, networks, not_after, expires_at from agent_keys where id = ${"id"}`;

/** The key the caller presented, or made its token from. */
async function ownKey(db: Queryable, id: string): Promise<NewKey & { expiresAt: Date | null }> {
  const { name, scopes, networks, not_after, expires_at } = await findOwn.one(db, { id });
  const held = allScopes.filter((scope) => scopes.includes(scope));
  return { name, scopes: held, networks, notAfter: not_after, expiresAt: expires_at };
}

/**
 * Makes another key for the caller, which may do no more than the one it calls with.
 * @throws AppError KEY_TOO_NARROW, NAME_TAKEN, CONFLICT, VALIDATION_ERROR
 */
export async function createKey(call: AgentCall, input: InputOf<typeof contract.create>): Promise<IssuedKey> {
  const { db, services, agent, now } = call;
  const own = await ownKey(db, agent.keyId);
  const chosen = chosenEnd(input.expires_in_days, services.config.keyDays, now);
  const wanted: NewKey = {
    name: input.name,
    scopes: inOrder(input.scopes ?? own.scopes),
    networks: input.networks ? networksOf(input.networks) : own.networks,
    notAfter: chosen ?? own.notAfter,
  };
  assertNoWider({ ...wanted, notAfter: chosen ?? own.expiresAt }, own);
  await assertRoom(db, agent.id, wanted.name, now);
  const key = await issueKey(call, agent.id, wanted, own.expiresAt);
  const by = { kind: "agent" as const, id: agent.id };
  const facts = { prefix: key.prefix, scopes: wanted.scopes };
  await record(db, { by, act: "agent.create_key", target: { type: "agent", id: agent.id }, facts, at: now });
  return key;
}

/** Scopes in the order of the contract, each once. */
function inOrder(scopes: readonly Scope[]): Scope[] {
  return allScopes.filter((scope) => scopes.includes(scope));
}

const revokeOwn = sql({ id: uuid, agent_id: uuid, now: time }, { prefix: text, name: text })`
  update agent_keys set revoked_at = ${"now"} where id = ${"id"} and agent_id = ${"agent_id"} and revoked_at is null
  returning prefix, name`;

/**
 * Ends one key of the caller at once.
 * @throws AppError NOT_FOUND
 */
export async function revokeOwnKey({ db, agent, now }: AgentCall, input: { key_id: string }) {
  const key = await revokeOwn.maybe(db, { id: input.key_id, agent_id: agent.id, now });
  if (!key) throw notFound("Key");
  await agentChanged(db, agent.id);
  const by = { kind: "agent" as const, id: agent.id };
  const facts = { prefix: key.prefix };
  await record(db, { by, act: "agent.revoke_key", target: { type: "agent", id: agent.id }, facts, at: now });
  return key;
}

const endReplaced = sql(
  { agent_id: uuid, name: text, new_id: uuid, own_id: uuid, expires_at: time, now: time, most: int4 },
  {},
)`update agent_keys k set expires_at = least(k.expires_at, case when o.place > ${"most"}::int then ${"now"}::timestamptz
    else ${"expires_at"}::timestamptz end)
  from (select k.id, row_number() over (order by k.id = ${"own_id"} desc, k.created_at desc, k.id desc) as place
    from agent_keys k where k.agent_id = ${"agent_id"} and k.name = ${"name"} and k.id <> ${"new_id"} and ${livingKey}) o
  where k.id = o.id`;

/**
 * Replaces the caller's key by one with the same name, scopes and networks, and the same end where one was chosen. The
 * keys that had the name work on for the overlap window; all but the latest {@link MOST_KEYS} of them end at once.
 */
export async function rotateKey(call: AgentCall, input: InputOf<typeof agents.rotateKey>) {
  const { db, agent, now } = call;
  const minutes = input.overlap_minutes ?? KEY_OVERLAP_MINUTES;
  const expiresAt = new Date(now.getTime() + minutes * 60_000);
  const own = await ownKey(db, agent.keyId);
  const { keyId, apiKey } = await issueKey(call, agent.id, own);
  await endReplaced.run(db, {
    agent_id: agent.id,
    name: own.name,
    new_id: keyId,
    own_id: agent.keyId,
    expires_at: expiresAt,
    now,
    most: MOST_KEYS - 1,
  });
  await agentChanged(db, agent.id);
  const by = { kind: "agent" as const, id: agent.id };
  await record(db, { by, act: "agent.rotate_key", target: { type: "agent", id: agent.id }, at: now });
  return { apiKey, expiresAt };
}
