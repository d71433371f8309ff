/** Founding an organisation and ending it. */
import { record } from "../../audit/write.js";
import { AppError } from "../../errors.js";
import { sql, text, time, uuid } from "../../platform/db.js";
import type { OwnerCall } from "../../platform/http/call.js";
import { newId } from "../../platform/ids.js";
import { actAs, SYSTEM } from "../../platform/transaction.js";
import { ADMINS, organisationName } from "../rules/roles.js";
import { assertFreshFor, holdOrganisation } from "./hold-organisation.js";
import { addMember, countMembers } from "./members.js";

const insertOrganisation = sql({ id: uuid, name: text, now: time }, {})`
  insert into organisations (id, name, created_at) values (${"id"}, ${"name"}, ${"now"})`;
const deleteOrganisation = sql({ id: uuid }, {})`delete from organisations where id = ${"id"}`;
const deleteReviews = [
  sql({ id: uuid }, {})`delete from access_review_marks where scope_id = ${"id"}`,
  sql({ id: uuid }, {})`delete from access_reviews where scope_id = ${"id"}`,
  sql({ id: uuid }, {})`delete from access_review_reminders where scope_id = ${"id"}`,
];

/**
 * Founds an organisation; the caller is its first admin.
 * @returns its id
 * @throws AppError VALIDATION_ERROR, CONFLICT
 */
export async function foundOrganisation(call: OwnerCall, input: { name: string }): Promise<string> {
  const { db, session, now } = call;
  const name = organisationName(input.name);
  await actAs(db, { actor: SYSTEM });
  const id = newId();
  await insertOrganisation.run(db, { id, name, now });
  await addMember(db, { organisationId: id, ownerId: session.ownerId, role: "admin", now });
  const by = { kind: "owner" as const, id: session.ownerId };
  await record(db, { by, act: "organisation.found", target: { type: "organisation", id }, at: now });
  return id;
}

/**
 * Ends an organisation whose only member is the caller; its agents stay the caller's own.
 * @returns its name
 * @throws AppError NOT_FOUND, FORBIDDEN, PROOF_REQUIRED, CONFLICT
 */
export async function dissolveOrganisation(call: OwnerCall, input: { organisation_id: string }): Promise<string> {
  const { db, session, now } = call;
  const { id, name } = await holdOrganisation(call, input.organisation_id, ADMINS);
  assertFreshFor(call, id);
  const { members } = await countMembers(db, id);
  if (members > 1) {
    throw new AppError("CONFLICT", { message: "It still has other members", hint: "Remove them first." });
  }
  for (const step of deleteReviews) await step.run(db, { id });
  await deleteOrganisation.run(db, { id });
  const by = { kind: "owner" as const, id: session.ownerId };
  await record(db, { by, act: "organisation.dissolve", target: { type: "organisation", id }, at: now });
  return name;
}
