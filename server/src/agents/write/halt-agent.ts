/**
 * Stopping an agent, by its owner or an admin of its organisation. The agent is held first, so that what it had begun ends before and nothing comes
 * after: also not from a write that waited for its turn, since every write looks at the agent once more when it is.
 */
import { record } from "../../audit/write.js";
import { nullable, sql, time, uuid } from "../../platform/db.js";
import type { OwnerCall } from "../../platform/http/call.js";
import { agentChanged } from "../../platform/known-keys.js";
import { assertFreshProof } from "../../platform/sessions.js";
import { actAs, SYSTEM } from "../../platform/transaction.js";
import { type HeldAgent, holdManaged } from "./hold-agent.js";
import { revokeAllKeys } from "./owner-keys.js";

const setPaused = sql({ id: uuid, paused_at: nullable(time) }, {})`
  update agents set paused_at = ${"paused_at"} where id = ${"id"}`;
const silenceWebhooks = sql({ agent_id: uuid, now: time }, {})`
  update webhooks set active = false, disabled_at = ${"now"} where agent_id = ${"agent_id"} and active`;
const failDeliveries = sql({ agent_id: uuid, now: time }, {})`
  update webhook_deliveries set status = 'failed', due_at = null, ended_at = ${"now"}
  where agent_id = ${"agent_id"} and status = 'pending'`;

/** Which agent a form is about. */
interface Chosen {
  agent_id: string;
}

/**
 * Lets an agent read, but write nothing, until it is resumed.
 * @returns its name
 * @throws AppError NOT_FOUND
 */
export async function pauseAgent(call: OwnerCall, input: Chosen): Promise<string> {
  const agent = await holdManaged(call, input.agent_id);
  if (agent.pausedAt === null) await setTo(call, agent, "agent.pause");
  return agent.name;
}

/**
 * Lets a paused agent write again.
 * @returns its name
 * @throws AppError NOT_FOUND
 */
export async function resumeAgent(call: OwnerCall, input: Chosen): Promise<string> {
  const agent = await holdManaged(call, input.agent_id);
  if (agent.pausedAt !== null) await setTo(call, agent, "agent.resume");
  return agent.name;
}

/**
 * Stops an agent for good, as far as its owner does not decide otherwise: paused, without any key, and without the
 * webhooks that whoever had its key may have set up.
 * @returns its name
 * @throws AppError NOT_FOUND, PROOF_REQUIRED
 */
export async function killAgent(call: OwnerCall, input: Chosen): Promise<string> {
  const { db, session, now } = call;
  const agent = await holdManaged(call, input.agent_id);
  assertFreshProof(session, now);
  await revokeAllKeys(db, agent.id, now);
  await setTo(call, agent, "agent.kill");
  await actAs(db, { actor: SYSTEM });
  await silenceWebhooks.run(db, { agent_id: agent.id, now });
  await failDeliveries.run(db, { agent_id: agent.id, now });
  return agent.name;
}

async function setTo({ db, session, now }: OwnerCall, agent: HeldAgent, act: `agent.${"pause" | "resume" | "kill"}`) {
  await setPaused.run(db, { id: agent.id, paused_at: act === "agent.resume" ? null : (agent.pausedAt ?? now) });
  await agentChanged(db, agent.id);
  const by = { kind: "owner" as const, id: session.ownerId };
  await record(db, { by, act, target: { type: "agent", id: agent.id }, at: now });
}
