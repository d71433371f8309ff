/** What owners decide about telling apps who their agents are, and the end of tokens. All of it holds from its answer on. */
import type { InputOf } from "@openmolt/contract/endpoint";
import type { toldApps } from "@openmolt/contract/told-apps";
import { endIdentityTokens } from "../../agents/write/end-identity-tokens.js";
import { type HeldAgent, holdManaged } from "../../agents/write/hold-agent.js";
import { record } from "../../audit/write.js";
import { notFound } from "../../errors.js";
import { sql, text, uuid } from "../../platform/db.js";
import type { AgentCall, OwnerCall } from "../../platform/http/call.js";

const updateConsent = sql({ id: uuid, consent: text }, {})`
  update agents set identity_consent = ${"consent"} where id = ${"id"}`;
const updateDecision = sql({ agent_id: uuid, app_id: uuid, decision: text }, { name: text })`
  update identity_apps_told t set decision = ${"decision"} from identity_apps i
  where t.agent_id = ${"agent_id"} and t.app_id = ${"app_id"} and i.id = t.app_id returning i.name`;

/**
 * Decides which apps are told of an agent.
 * @returns its name
 * @throws AppError NOT_FOUND
 */
export async function setConsent(call: OwnerCall, input: InputOf<typeof toldApps.setConsent>): Promise<string> {
  const agent = await holdManaged(call, input.agent_id);
  await updateConsent.run(call.db, { id: agent.id, consent: input.consent });
  await note(call, agent, "agent.set_identity_consent", { consent: input.consent });
  return agent.name;
}

/**
 * Allows or refuses an app that has asked about an agent.
 * @returns the app's name
 * @throws AppError NOT_FOUND
 */
export async function decideApp(call: OwnerCall, input: InputOf<typeof toldApps.decide>): Promise<string> {
  const { app_id, decision } = input;
  const agent = await holdManaged(call, input.agent_id);
  const app = await updateDecision.maybe(call.db, { agent_id: agent.id, app_id, decision });
  if (!app) throw notFound("App");
  await note(call, agent, "agent.decide_app", { app_id, name: app.name, decision });
  return app.name;
}

/**
 * Ends all identity tokens of an agent of the caller.
 * @returns its name
 * @throws AppError NOT_FOUND
 */
export async function endTokensAsOwner(call: OwnerCall, input: { agent_id: string }): Promise<string> {
  const agent = await holdManaged(call, input.agent_id);
  await endIdentityTokens(call.db, agent.id);
  await note(call, agent, "agent.end_identity_tokens", {});
  return agent.name;
}

/** Ends all identity tokens of the caller. */
export async function endOwnTokens({ db, agent, now }: AgentCall): Promise<void> {
  await endIdentityTokens(db, agent.id);
  const by = { kind: "agent" as const, id: agent.id };
  await record(db, { by, act: "agent.end_identity_tokens", target: { type: "agent", id: agent.id }, at: now });
}

async function note({ db, session, now }: OwnerCall, { id }: HeldAgent, act: string, facts: Record<string, unknown>) {
  const by = { kind: "owner" as const, id: session.ownerId };
  await record(db, { by, act, target: { type: "agent", id }, facts, at: now });
}
