/** What an owner chooses for the account: the name, what of the owner is shown beside the agents, and what mails. */
import type { MailKind } from "@openmolt/contract/owned";
import { record } from "../../audit/write.js";
import { AppError } from "../../errors.js";
import { bool, nullable, sql, text, texts, uuid } from "../../platform/db.js";
import { isUniqueViolation } from "../../platform/db-errors.js";
import type { OwnerCall } from "../../platform/http/call.js";
import { unwantedMails } from "../../platform/owner-mail.js";
import { assertFreshProof } from "../../platform/sessions.js";
import { assertUsernameIsFree, usernameKey } from "../rules.js";

const updateOwner = sql({ id: uuid, username: text, username_key: text, show_name: bool, show_proof: bool }, {})`
  update owners set username = ${"username"}, username_key = ${"username_key"}, show_name = ${"show_name"},
    show_proof = ${"show_proof"}
  where id = ${"id"}`;
const nameAgents = sql({ owner_id: uuid, owner_name: nullable(text) }, {})`
  update agents set owner_name = ${"owner_name"} where owner_id = ${"owner_id"}`;

/**
 * Changes the caller's name and whether it and the proofs of claims are shown, on all agents at once. What everybody has
 * seen cannot be taken back, so showing asks for a fresh proof; hiding does not.
 * @throws AppError NAME_TAKEN, PROOF_REQUIRED
 */
export async function setOwnerName(
  { db, session, now }: OwnerCall,
  input: { username: string; show_name?: boolean; show_proof?: boolean },
): Promise<void> {
  assertUsernameIsFree(input.username);
  const { show_name: show = false, show_proof: showProof = false } = input;
  if (show || showProof) assertFreshProof(session, now);
  const row = { id: session.ownerId, username: input.username, username_key: usernameKey(input.username) };
  try {
    await updateOwner.run(db, { ...row, show_name: show, show_proof: showProof });
  } catch (error) {
    if (isUniqueViolation(error)) throw new AppError("NAME_TAKEN");
    throw error;
  }
  await nameAgents.run(db, { owner_id: session.ownerId, owner_name: show ? input.username : null });
  const by = { kind: "owner" as const, id: session.ownerId };
  await record(db, { by, act: "owner.set_name", facts: { show_name: show, show_proof: showProof }, at: now });
}

const setUnwanted = sql({ id: uuid, unwanted: texts }, {})`
  update owners set unwanted_mails = ${"unwanted"} where id = ${"id"}`;

/**
 * Sets what the caller is mailed about; what is not named is not wanted. Doing without a mail asks for a fresh proof, or
 * whoever found a browser open could begin by keeping the owner from hearing of the rest.
 * @throws AppError PROOF_REQUIRED
 */
export async function setMails(
  { db, session, now }: OwnerCall,
  wanted: Partial<Record<MailKind, boolean>>,
): Promise<void> {
  const unwanted = unwantedMails(wanted);
  if (unwanted.length > 0) assertFreshProof(session, now);
  await setUnwanted.run(db, { id: session.ownerId, unwanted });
  const by = { kind: "owner" as const, id: session.ownerId };
  await record(db, { by, act: "owner.set_mails", facts: { unwanted }, at: now });
}
