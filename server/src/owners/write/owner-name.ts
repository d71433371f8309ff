/** What an owner chooses for the account: the name, what of the owner is shown beside the agents, and what mails. */
import type { MailKind } from "@openmolt/contract/owned";
import { AppError } from "../../errors.js";
import { bool, nullable, sql, text, texts, uuid } from "../../platform/db.js";
import { isUniqueViolation } from "../../platform/db-errors.js";
import type { OwnerCall } from "../../platform/http/call.js";
import { unwantedMails } from "../../platform/owner-mail.js";
import { assertUsernameIsFree, usernameKey } from "../rules.js";

const updateOwner = sql({ id: uuid, username: text, username_key: text, show_name: bool, show_proof: bool }, {})`
  update owners set username = ${"username"}, username_key = ${"username_key"}, show_name = ${"show_name"},
    show_proof = ${"show_proof"}
  where id = ${"id"}`;
const nameAgents = sql({ owner_id: uuid, owner_name: nullable(text) }, {})`
  update agents set owner_name = ${"owner_name"} where owner_id = ${"owner_id"}`;

/**
 * Changes the caller's name and whether it and the proofs of claims are shown, on all agents at once.
 * @throws AppError NAME_TAKEN
 */
export async function setOwnerName(
  { db, session }: OwnerCall,
  input: { username: string; show_name?: boolean; show_proof?: boolean },
): Promise<void> {
  assertUsernameIsFree(input.username);
  const show = input.show_name ?? false;
  const row = { id: session.ownerId, username: input.username, username_key: usernameKey(input.username) };
  try {
    await updateOwner.run(db, { ...row, show_name: show, show_proof: input.show_proof ?? false });
  } catch (error) {
    if (isUniqueViolation(error)) throw new AppError("NAME_TAKEN");
    throw error;
  }
  await nameAgents.run(db, { owner_id: session.ownerId, owner_name: show ? input.username : null });
}

const setUnwanted = sql({ id: uuid, unwanted: texts }, {})`
  update owners set unwanted_mails = ${"unwanted"} where id = ${"id"}`;

/** Sets what the caller is mailed about; what is not named is not wanted. */
export async function setMails({ db, session }: OwnerCall, wanted: Partial<Record<MailKind, boolean>>): Promise<void> {
  await setUnwanted.run(db, { id: session.ownerId, unwanted: unwantedMails(wanted) });
}
