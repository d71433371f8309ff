/** Client certificates that agents show; each function is one thing that happened, on record. */
import type { InputOf } from "@openmolt/contract/endpoint";
import type { proof as contract, ownerProof as forms } from "@openmolt/contract/proof";
import type { AuditActor } from "../../audit/write.js";
import { AppError, notFound } from "../../errors.js";
import { sql, text, time, uuid } from "../../platform/db.js";
import { isUniqueViolation } from "../../platform/db-errors.js";
import type { AgentCall, Call, OwnerCall } from "../../platform/http/call.js";
import { assertFreshProof } from "../../platform/sessions.js";
import { assertRoomForKey, type Certificate, certificateOf } from "../rules.js";
import { assertNotLocked, backTo, changed, heldBy, ownerOf, shownBy } from "./hold-agent.js";

const insertCertificate = sql(
  { agent_id: uuid, thumbprint: text, not_before: time, not_after: time, added_by: text, now: time },
  {},
)`insert into agent_certificates (agent_id, thumbprint, not_before, not_after, added_by, created_at)
  values (${"agent_id"}, ${"thumbprint"}, ${"not_before"}, ${"not_after"}, ${"added_by"}, ${"now"})`;
const revoke = sql({ agent_id: uuid, thumbprint: text, now: time }, {})`
  update agent_certificates set revoked_at = ${"now"}
  where agent_id = ${"agent_id"} and thumbprint = ${"thumbprint"} and revoked_at is null`;

/**
 * Registers a certificate of the caller: the given one, or that of the connection.
 * @returns its thumbprint
 * @throws AppError VALIDATION_ERROR, CERTIFICATE_REQUIRED, CONFLICT
 */
export async function addCertificate(call: AgentCall, input: InputOf<typeof contract.addCertificate>): Promise<string> {
  const given = input.certificate ?? call.certificate();
  if (given === undefined) {
    throw new AppError("CERTIFICATE_REQUIRED", {
      message: "Send this request with the certificate, or the certificate in it",
    });
  }
  return insert(call, call.agent.id, certificateOf(given, call.now), { kind: "agent", id: call.agent.id });
}

/**
 * Registers a certificate for an agent of the caller, who answers for it.
 * @returns the agent's name
 * @throws AppError NOT_FOUND, VALIDATION_ERROR, CONFLICT, PROOF_REQUIRED
 */
export async function addCertificateAsOwner(
  call: OwnerCall,
  input: InputOf<typeof forms.addCertificate>,
): Promise<string> {
  const agent = await heldBy(call, input.agent_id);
  assertFreshProof(call.session, call.now, backTo(agent));
  await insert(call, agent.id, certificateOf(input.certificate, call.now), ownerOf(call));
  return agent.name;
}

async function insert(
  { db, now }: Call,
  agentId: string,
  { thumbprint, notBefore, notAfter }: Certificate,
  by: AuditActor & { kind: "agent" | "owner" },
): Promise<string> {
  assertRoomForKey((await shownBy(db, agentId)).certificates);
  const values = { agent_id: agentId, thumbprint, not_before: notBefore, not_after: notAfter, added_by: by.kind, now };
  try {
    await insertCertificate.run(db, values);
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new AppError("CONFLICT", {
      message: "This certificate was registered before",
      hint: "One that was revoked never comes back; make a new one.",
    });
  }
  await changed(db, agentId, by, "agent.add_certificate", { thumbprint }, now);
  return thumbprint;
}

/**
 * Revokes a certificate of the caller.
 * @throws AppError NOT_FOUND, CONFLICT for the last one while it is demanded
 */
export async function revokeCertificate({ db, agent, now }: AgentCall, thumbprint: string): Promise<void> {
  if ((await revoke.run(db, { agent_id: agent.id, thumbprint, now })) === 0) throw notFound("Certificate");
  await assertNotLocked(db, agent.id);
  await changed(db, agent.id, { kind: "agent", id: agent.id }, "agent.revoke_certificate", { thumbprint }, now);
}

/**
 * Revokes a certificate of an agent of the caller, be it the last one.
 * @returns the agent's name
 * @throws AppError NOT_FOUND
 */
export async function revokeCertificateAsOwner(
  call: OwnerCall,
  { agent_id, thumbprint }: InputOf<typeof forms.revokeCertificate>,
): Promise<string> {
  const { db, now } = call;
  const agent = await heldBy(call, agent_id);
  if ((await revoke.run(db, { agent_id: agent.id, thumbprint, now })) === 0) throw notFound("Certificate");
  await changed(db, agent.id, ownerOf(call), "agent.revoke_certificate", { thumbprint }, now);
  return agent.name;
}
