/** Sharing an agent with an organisation, and ending that. Who answers for the agent stays the same person. */
import { record } from "../../audit/write.js";
import { AppError, notFound } from "../../errors.js";
import { nullable, sql, text, uuid } from "../../platform/db.js";
import type { OwnerCall } from "../../platform/http/call.js";
import { ADMINS, assertRole, MEMBERS } from "../rules/roles.js";
import { assertFreshFor, holdOrganisation } from "./hold-organisation.js";

const holdOwn = sql(
  { name: text, owner_id: uuid },
  { id: uuid, name: text, organisation_id: nullable(uuid) },
)`select id, name, organisation_id from agents
  where name_key = lower(${"name"}) and owner_id = ${"owner_id"} and deleted_at is null for no key update`;
const holdShared = sql({ agent_id: uuid, organisation_id: uuid }, { id: uuid, name: text, owner_id: uuid })`
  select id, name, owner_id from agents
  where id = ${"agent_id"} and organisation_id = ${"organisation_id"} and deleted_at is null for no key update`;
const setOrganisation = sql({ id: uuid, organisation_id: nullable(uuid) }, {})`
  update agents set organisation_id = ${"organisation_id"} where id = ${"id"}`;

/**
 * Shares an agent of the caller's with an organisation of the caller's, whose admins get power over its keys.
 * @returns the agent's name
 * @throws AppError NOT_FOUND, PROOF_REQUIRED, CONFLICT when the agent is in another one
 */
export async function shareAgent(
  call: OwnerCall,
  input: { organisation_id: string; agent_name: string },
): Promise<string> {
  const { db, session } = call;
  const organisation = await holdOrganisation(call, input.organisation_id, MEMBERS);
  assertFreshFor(call, organisation.id);
  const agent = await holdOwn.maybe(db, { name: input.agent_name, owner_id: session.ownerId });
  if (!agent) throw notFound("Agent");
  if (agent.organisation_id !== null && agent.organisation_id !== organisation.id) {
    throw new AppError("CONFLICT", {
      message: `${agent.name} is in another organisation`,
      hint: "Take it out of that one first.",
    });
  }
  if (agent.organisation_id === null) await move(call, agent.id, organisation.id, "organisation.add_agent");
  return agent.name;
}

/**
 * Takes an agent out of an organisation; its owner may, and an admin.
 * @returns the agent's name
 * @throws AppError NOT_FOUND, FORBIDDEN
 */
export async function unshareAgent(
  call: OwnerCall,
  input: { organisation_id: string; agent_id: string },
): Promise<string> {
  const { db, session } = call;
  const organisation = await holdOrganisation(call, input.organisation_id, MEMBERS);
  const agent = await holdShared.maybe(db, { agent_id: input.agent_id, organisation_id: organisation.id });
  if (!agent) throw notFound("Agent");
  if (agent.owner_id !== session.ownerId) assertRole(organisation.role, ADMINS);
  await move(call, agent.id, organisation.id, "organisation.remove_agent");
  return agent.name;
}

type Move = "organisation.add_agent" | "organisation.remove_agent";

async function move({ db, session, now }: OwnerCall, agentId: string, organisationId: string, act: Move) {
  const into = act === "organisation.add_agent" ? organisationId : null;
  await setOrganisation.run(db, { id: agentId, organisation_id: into });
  await record(db, {
    by: { kind: "owner", id: session.ownerId },
    act,
    target: { type: "agent", id: agentId },
    facts: { organisation: organisationId },
    at: now,
  });
}
