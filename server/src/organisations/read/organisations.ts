/** Organisations as their members see them; the transactions act as the owner, who sees no others. */
import type { OrganisationRole } from "@openmolt/contract/organisations";
import { notFound } from "../../errors.js";
import { int4, nullable, type Queryable, sql, text, time, uuid } from "../../platform/db.js";
import type { OwnerCall } from "../../platform/http/call.js";
import { ADMINS } from "../rules/roles.js";

const findMine = sql(
  { owner_id: uuid },
  { id: uuid, name: text, role: text, members: int4, agents: int4 },
)`select o.id, o.name, m.role,
    (select count(*)::int from organisation_members x where x.organisation_id = o.id) as members,
    (select count(*)::int from agents a where a.organisation_id = o.id and a.deleted_at is null) as agents
  from organisation_members m join organisations o on o.id = m.organisation_id
  where m.owner_id = ${"owner_id"} order by lower(o.name), o.id`;
const findOne = sql(
  { id: uuid, owner_id: uuid },
  { id: uuid, name: text, created_at: time, role: text },
)`select o.id, o.name, o.created_at, m.role from organisations o join organisation_members m on m.organisation_id = o.id
  where o.id = ${"id"} and m.owner_id = ${"owner_id"}`;
const findMembers = sql({ id: uuid }, { owner_id: uuid, username: text, role: text, joined_at: time, agents: int4 })`
  select m.owner_id, f.username, m.role, m.joined_at,
    (select count(*)::int from agents a where a.organisation_id = m.organisation_id and a.owner_id = m.owner_id
      and a.deleted_at is null) as agents
  from organisation_members m join fellows() f on f.owner_id = m.owner_id
  where m.organisation_id = ${"id"} order by lower(f.username), m.owner_id`;
const findAgents = sql({ id: uuid }, { id: uuid, name: text, owner_id: uuid, responsible: text })`
  select a.id, a.name, a.owner_id, f.username as responsible
  from agents a join fellows() f on f.owner_id = a.owner_id
  where a.organisation_id = ${"id"} and a.deleted_at is null order by a.name_key`;
const findInvitations = sql(
  { id: uuid, now: time },
  { id: uuid, role: text, invited_by: nullable(text), expires_at: time },
)`select i.id, i.role, f.username as invited_by, i.expires_at
  from organisation_invitations i left join fellows() f on f.owner_id = i.invited_by
  where i.organisation_id = ${"id"} and i.expires_at > ${"now"} order by i.id`;

/** An organisation in the list of an owner's. */
export interface OrganisationSummary {
  id: string;
  name: string;
  role: OrganisationRole;
  members: number;
  agents: number;
}

/** A member, by the name the person goes by here. */
export interface Member {
  ownerId: string;
  username: string;
  role: OrganisationRole;
  joinedAt: Date;
  /** How many agents the member has brought. */
  agents: number;
}

/** An invitation nobody has accepted yet. */
export interface OpenInvitation {
  id: string;
  role: OrganisationRole;
  invitedBy: string | null;
  expiresAt: Date;
}

/** A shared agent and who answers for it. */
export interface SharedAgent {
  id: string;
  name: string;
  ownerId: string;
  responsible: string;
}

/** An organisation as one of its members sees it. */
export interface OrganisationView {
  id: string;
  name: string;
  createdAt: Date;
  /** What the caller may do there. */
  role: OrganisationRole;
  members: Member[];
  agents: SharedAgent[];
  /** For admins; empty for others. */
  invitations: OpenInvitation[];
}

const roleOf = (text: string) => text as OrganisationRole;

/** The caller's organisations, by name. */
export async function myOrganisations({ db, session }: OwnerCall): Promise<OrganisationSummary[]> {
  const rows = await findMine.all(db, { owner_id: session.ownerId });
  return rows.map((row) => ({ ...row, role: roleOf(row.role) }));
}

/** What an owner is in an organisation, or undefined; the transaction acts as the owner or as the server. */
export async function membershipOf(db: Queryable, organisationId: string, ownerId: string) {
  const row = await findOne.maybe(db, { id: organisationId, owner_id: ownerId });
  return row && { id: row.id, name: row.name, createdAt: row.created_at, role: roleOf(row.role) };
}

/**
 * An organisation of the caller's.
 * @throws AppError NOT_FOUND for everybody else's
 */
export async function organisationById(call: OwnerCall, id: string): Promise<OrganisationView> {
  const { db, session, now } = call;
  const found = await membershipOf(db, id, session.ownerId);
  if (!found) throw notFound("Organisation");
  const members = await findMembers.all(db, { id });
  const agents = await findAgents.all(db, { id });
  const invitations = ADMINS.includes(found.role) ? await findInvitations.all(db, { id, now }) : [];
  return {
    ...found,
    members: members.map((member) => ({
      ownerId: member.owner_id,
      username: member.username,
      role: roleOf(member.role),
      joinedAt: member.joined_at,
      agents: member.agents,
    })),
    agents: agents.map(({ id: agentId, name, owner_id: ownerId, responsible }) => ({
      id: agentId,
      name,
      ownerId,
      responsible,
    })),
    invitations: invitations.map((invitation) => ({
      id: invitation.id,
      role: roleOf(invitation.role),
      invitedBy: invitation.invited_by,
      expiresAt: invitation.expires_at,
    })),
  };
}
