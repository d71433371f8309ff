/** Keys that agents sign with and what is demanded of them; each function is one thing that happened, on record. */
import type { InputOf } from "@openmolt/contract/endpoint";
import type { proof as contract, ownerProof as forms } from "@openmolt/contract/proof";
import { type AuditActor, record } from "../audit/write.js";
import { AppError, notFound } from "../errors.js";
import { bool, int8, type Queryable, sql, text, time, uuid } from "../platform/db.js";
import { isUniqueViolation } from "../platform/db-errors.js";
import type { AgentCall, Call, OwnerCall } from "../platform/http/call.js";
import { agentChanged } from "../platform/known-keys.js";
import { publicKeyOf, type Requirement } from "../platform/proof/proofs.js";
import { assertFreshProof } from "../platform/sessions.js";
import { assertRoomForKey, keyidOf, pastedKey } from "./rules.js";

const countKeys = sql({ agent_id: uuid }, { count: int8 })`
  select count(*) as count from agent_signing_keys where agent_id = ${"agent_id"} and revoked_at is null`;
const insertKey = sql({ keyid: text, agent_id: uuid, x: text, name: text, added_by: text, now: time }, {})`
  insert into agent_signing_keys (keyid, agent_id, x, name, added_by, created_at)
  values (${"keyid"}, ${"agent_id"}, ${"x"}, ${"name"}, ${"added_by"}, ${"now"})`;
const revoke = sql({ keyid: text, agent_id: uuid, now: time }, {})`
  update agent_signing_keys set revoked_at = ${"now"}
  where keyid = ${"keyid"} and agent_id = ${"agent_id"} and revoked_at is null`;
const setRequirement = sql({ id: uuid, required: text }, {})`
  update agents set proof = ${"required"} where id = ${"id"}`;
const findProof = sql({ id: uuid }, { proof: text, is_owned: bool })`
  select proof, (owner_id is not null or organisation_id is not null) as is_owned from agents where id = ${"id"}`;
const holdManaged = sql({ id: uuid }, { id: uuid, name: text })`
  select id, name from agents where id = ${"id"} and deleted_at is null and id in (select m from my_agents('{admin}') m)
  for no key update`;

/**
 * Registers a key that the caller signed this request with.
 * @returns its keyid
 * @throws AppError VALIDATION_ERROR, CONFLICT, SIGNATURE_REQUIRED, SIGNATURE_INVALID
 */
export async function addSigningKey(call: AgentCall, input: InputOf<typeof contract.addKey>): Promise<string> {
  const { db, services, agent, now } = call;
  const { x } = input.public_key;
  const keyid = keyidOf(x);
  await services.proofs.assertSignedWith(db, { keyid, key: publicKeyOf(x) }, call.signed?.message, now);
  await insert(call, agent.id, { x, name: input.name ?? "" }, { kind: "agent", id: agent.id });
  return keyid;
}

/**
 * Registers a key for an agent of the caller, who answers for it.
 * @returns the agent's name
 * @throws AppError NOT_FOUND, VALIDATION_ERROR, CONFLICT
 */
export async function addKeyAsOwner(call: OwnerCall, input: InputOf<typeof forms.addKey>): Promise<string> {
  const agent = await heldBy(call, input.agent_id);
  assertFreshProof(call.session, call.now, backTo(agent));
  await insert(call, agent.id, { x: pastedKey(input.public_key), name: "" }, ownerOf(call));
  return agent.name;
}

async function insert(
  { db, now }: Call,
  agentId: string,
  { x, name }: { x: string; name: string },
  by: AuditActor & { kind: "agent" | "owner" },
): Promise<void> {
  const keyid = keyidOf(x);
  assertRoomForKey((await countKeys.one(db, { agent_id: agentId })).count);
  try {
    await insertKey.run(db, { keyid, agent_id: agentId, x, name, added_by: by.kind, now });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new AppError("CONFLICT", {
      message: "This key was registered before",
      hint: "Make a new one: a key belongs to one agent, and one that was revoked never comes back.",
    });
  }
  await changed(db, agentId, by, "agent.add_signing_key", { keyid }, now);
}

/**
 * Revokes a key of the caller.
 * @throws AppError NOT_FOUND, CONFLICT for the last one while a signature is demanded
 */
export async function revokeSigningKey({ db, agent, now }: AgentCall, keyid: string): Promise<void> {
  if ((await revoke.run(db, { keyid, agent_id: agent.id, now })) === 0) throw notFound("Signing key");
  const { proof } = await findProof.one(db, { id: agent.id });
  if (proof === "signature" && (await countKeys.one(db, { agent_id: agent.id })).count === 0) {
    throw new AppError("CONFLICT", {
      message: "Without this key you could not sign any more, and signatures are demanded of you",
      hint: "Register another key first, or ask your owner.",
    });
  }
  await changed(db, agent.id, { kind: "agent", id: agent.id }, "agent.revoke_signing_key", { keyid }, now);
}

/**
 * Revokes a key of an agent of the caller, be it the last one.
 * @returns the agent's name
 * @throws AppError NOT_FOUND
 */
export async function revokeKeyAsOwner(call: OwnerCall, input: InputOf<typeof forms.revokeKey>): Promise<string> {
  const { db, now } = call;
  const { keyid } = input;
  const agent = await heldBy(call, input.agent_id);
  if ((await revoke.run(db, { keyid, agent_id: agent.id, now })) === 0) throw notFound("Signing key");
  await changed(db, agent.id, ownerOf(call), "agent.revoke_signing_key", { keyid }, now);
  return agent.name;
}

/**
 * Demands signatures of the caller, until its owner says otherwise.
 * @throws AppError NOT_CLAIMED_YET without an owner, CONFLICT without a key
 */
export async function demandSignature({ db, agent, now }: AgentCall): Promise<Requirement> {
  const { proof, is_owned: isOwned } = await findProof.one(db, { id: agent.id });
  if (proof !== "none") return proof as Requirement;
  if (!isOwned) {
    throw new AppError("NOT_CLAIMED_YET", { message: "Without an owner nobody could ever switch this off again" });
  }
  await assertHasKey(db, agent.id);
  await setRequirement.run(db, { id: agent.id, required: "signature" });
  const facts = { required: "signature" };
  await changed(db, agent.id, { kind: "agent", id: agent.id }, "agent.require_proof", facts, now);
  return "signature";
}

/**
 * Decides what an agent of the caller must show; its writes under way end first.
 * @returns the agent's name
 * @throws AppError NOT_FOUND, CONFLICT where it has nothing to show
 */
export async function requireProof(call: OwnerCall, input: InputOf<typeof forms.require>): Promise<string> {
  const { db, now } = call;
  const { require: required } = input;
  const agent = await heldBy(call, input.agent_id);
  assertFreshProof(call.session, now, backTo(agent));
  if (required !== "none") await assertHasKey(db, agent.id);
  await setRequirement.run(db, { id: agent.id, required });
  await changed(db, agent.id, ownerOf(call), "agent.require_proof", { required }, now);
  return agent.name;
}

async function assertHasKey(db: Queryable, agentId: string): Promise<void> {
  if ((await countKeys.one(db, { agent_id: agentId })).count > 0) return;
  throw new AppError("CONFLICT", {
    message: "The agent has no signing key yet, so that every request of it would be refused",
    hint: "Register one first: POST /api/v1/agents/me/signing-keys, or on the owner's page.",
  });
}

async function heldBy({ db }: OwnerCall, agentId: string): Promise<{ id: string; name: string }> {
  const agent = await holdManaged.maybe(db, { id: agentId });
  if (!agent) throw notFound("Agent");
  return agent;
}

const backTo = ({ id }: { id: string }) => `/owner/proof/${id}`;

const ownerOf = ({ session }: OwnerCall) => ({ kind: "owner", id: session.ownerId }) as const;

async function changed(
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
