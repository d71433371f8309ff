/** Keys that agents sign with and what is demanded of them; each function is one thing that happened, on record. */
import type { InputOf } from "@openmolt/contract/endpoint";
import type { proof as contract, ownerProof as forms } from "@openmolt/contract/proof";
import type { AuditActor } from "../audit/write.js";
import { AppError, notFound } from "../errors.js";
import { bool, sql, text, time, uuid } from "../platform/db.js";
import { isUniqueViolation } from "../platform/db-errors.js";
import type { AgentCall, Call, OwnerCall } from "../platform/http/call.js";
import { publicKeyOf, type Requirement } from "../platform/proof/proofs.js";
import { assertFreshProof } from "../platform/sessions.js";
import { assertRoomForKey, keyidOf, pastedKey } from "./rules.js";
import { assertNotLocked, backTo, changed, heldBy, ownerOf, shownBy } from "./write/hold-agent.js";

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
  assertRoomForKey((await shownBy(db, agentId)).keys);
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
  await assertNotLocked(db, agent.id);
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
 * Demands a proof of the caller, until its owner says otherwise.
 * @throws AppError NOT_CLAIMED_YET without an owner, CONFLICT without anything to show
 */
export async function demandProof(
  { db, agent, now }: AgentCall,
  { require: required }: InputOf<typeof contract.demand>,
): Promise<Requirement> {
  const { proof, is_owned: isOwned } = await findProof.one(db, { id: agent.id });
  if (proof !== "none") return proof as Requirement;
  if (!isOwned) {
    throw new AppError("NOT_CLAIMED_YET", { message: "Without an owner nobody could ever switch this off again" });
  }
  await setRequirement.run(db, { id: agent.id, required });
  await assertNotLocked(db, agent.id);
  await changed(db, agent.id, { kind: "agent", id: agent.id }, "agent.require_proof", { required }, now);
  return required;
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
  await setRequirement.run(db, { id: agent.id, required });
  await assertNotLocked(db, agent.id);
  await changed(db, agent.id, ownerOf(call), "agent.require_proof", { required }, now);
  return agent.name;
}
