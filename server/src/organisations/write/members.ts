/**
 * Members of an organisation: what each may do, and their going. A member who goes takes the agents along that the member
 * answers for; the database sees to it.
 */
import type { OrganisationRole } from "@openmolt/contract/organisations";
import { record } from "../../audit/write.js";
import { AppError, notFound } from "../../errors.js";
import { int4, type Queryable, sql, text, time, uuid } from "../../platform/db.js";
import type { OwnerCall } from "../../platform/http/call.js";
import { ADMINS, assertAdminRemains, assertMayJoinAnother, MEMBERS } from "../rules/roles.js";
import { assertFreshFor, holdOrganisation } from "./hold-organisation.js";

const holdOwner = sql({ id: uuid }, { id: uuid })`
  select id from owners where id = ${"id"} and deleted_at is null for update`;
const countJoined = sql({ owner_id: uuid }, { joined: int4 })`
  select count(*)::int as joined from organisation_members where owner_id = ${"owner_id"}`;
const insertMember = sql({ organisation_id: uuid, owner_id: uuid, role: text, now: time }, {})`
  insert into organisation_members (organisation_id, owner_id, role, joined_at)
  values (${"organisation_id"}, ${"owner_id"}, ${"role"}, ${"now"}) on conflict do nothing`;
const count = sql({ id: uuid }, { members: int4, admins: int4 })`
  select count(*)::int as members, count(*) filter (where role = 'admin')::int as admins
  from organisation_members where organisation_id = ${"id"}`;
const findMember = sql({ organisation_id: uuid, owner_id: uuid }, { role: text, username: text })`
  select m.role, w.username from organisation_members m join owners w on w.id = m.owner_id
  where m.organisation_id = ${"organisation_id"} and m.owner_id = ${"owner_id"}`;
const updateRole = sql({ organisation_id: uuid, owner_id: uuid, role: text }, {})`
  update organisation_members set role = ${"role"}
  where organisation_id = ${"organisation_id"} and owner_id = ${"owner_id"}`;
const deleteMember = sql({ organisation_id: uuid, owner_id: uuid }, {})`
  delete from organisation_members where organisation_id = ${"organisation_id"} and owner_id = ${"owner_id"}`;
const dropInvitations = sql({ organisation_id: uuid, owner_id: uuid }, {})`
  delete from organisation_invitations
  where organisation_id = ${"organisation_id"} and invited_by = ${"owner_id"}`;

/** One member in a form. */
interface Chosen {
  organisation_id: string;
  owner_id: string;
}

/**
 * Makes an owner a member. The transaction acts as the server and holds the organisation, unless it has just made it.
 * @throws AppError CONFLICT when the owner is one already, or in as many organisations as one may
 */
export async function addMember(
  db: Queryable,
  member: { organisationId: string; ownerId: string; role: OrganisationRole; now: Date },
): Promise<void> {
  const { organisationId, ownerId, role, now } = member;
  await holdOwner.one(db, { id: ownerId });
  const { joined } = await countJoined.one(db, { owner_id: ownerId });
  assertMayJoinAnother(joined);
  const added = await insertMember.run(db, { organisation_id: organisationId, owner_id: ownerId, role, now });
  if (added === 0)
    throw new AppError("CONFLICT", { message: "You are a member already", hint: "Nothing is left to do." });
}

/** How many members and admins an organisation has. */
export function countMembers(db: Queryable, id: string): Promise<{ members: number; admins: number }> {
  return count.one(db, { id });
}

/**
 * Changes what a member may do.
 * @returns the member's name
 * @throws AppError NOT_FOUND, FORBIDDEN, PROOF_REQUIRED, CONFLICT
 */
export async function setRole(call: OwnerCall, input: Chosen & { role: OrganisationRole }): Promise<string> {
  const { db, session, now } = call;
  const organisation = await holdOrganisation(call, input.organisation_id, ADMINS);
  assertFreshFor(call, organisation.id);
  const key = { organisation_id: organisation.id, owner_id: input.owner_id };
  const member = await findMember.maybe(db, key);
  if (!member) throw notFound("Member");
  if (input.role === member.role) return member.username;
  const { admins } = await countMembers(db, organisation.id);
  assertAdminRemains(admins, member.role === "admin");
  await updateRole.run(db, { ...key, role: input.role });
  if (input.role !== "admin") await dropInvitations.run(db, key);
  await record(db, {
    by: { kind: "owner", id: session.ownerId },
    act: "organisation.set_role",
    target: { type: "organisation", id: organisation.id },
    facts: { member: input.owner_id, from: member.role, to: input.role },
    at: now,
  });
  return member.username;
}

/**
 * Removes a member.
 * @returns the member's name
 * @throws AppError NOT_FOUND, FORBIDDEN, PROOF_REQUIRED, CONFLICT
 */
export async function removeMember(call: OwnerCall, input: Chosen): Promise<string> {
  const organisation = await holdOrganisation(call, input.organisation_id, ADMINS);
  assertFreshFor(call, organisation.id);
  return end(call, organisation.id, input.owner_id, "organisation.remove_member");
}

/**
 * Ends the caller's own membership.
 * @returns the organisation's name
 * @throws AppError NOT_FOUND, CONFLICT
 */
export async function leaveOrganisation(call: OwnerCall, input: { organisation_id: string }): Promise<string> {
  const organisation = await holdOrganisation(call, input.organisation_id, MEMBERS);
  await end(call, organisation.id, call.session.ownerId, "organisation.leave");
  return organisation.name;
}

async function end({ db, session, now }: OwnerCall, organisationId: string, ownerId: string, act: string) {
  const key = { organisation_id: organisationId, owner_id: ownerId };
  const member = await findMember.maybe(db, key);
  if (!member) throw notFound("Member");
  const { admins } = await countMembers(db, organisationId);
  assertAdminRemains(admins, member.role === "admin");
  await dropInvitations.run(db, key);
  await deleteMember.run(db, key);
  await record(db, {
    by: { kind: "owner", id: session.ownerId },
    act,
    target: { type: "organisation", id: organisationId },
    facts: { member: ownerId, role: member.role },
    at: now,
  });
  return member.username;
}
