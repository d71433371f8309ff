/**
 * Stopping an agent, by its owner or an admin of its organisation. The agent is held first, so that what it had begun
 * ends before and nothing comes after: also not from a write that waited for its turn, since every write looks at the
 * agent once more when it is.
 */
import { record } from "../../audit/write.js";
import { AppError, notFound } from "../../errors.js";
import { nullable, sql, text, time, uuid } from "../../platform/db.js";
import type { Call, OwnerCall } from "../../platform/http/call.js";
import { agentChanged } from "../../platform/known-keys.js";
import { assertFreshProof } from "../../platform/sessions.js";
import { actAs, SYSTEM, transaction } from "../../platform/transaction.js";
import { endReach } from "./end-reach.js";
import { type HeldAgent, holdManaged } from "./hold-agent.js";
import { revokeAllKeys } from "./owner-keys.js";

const findManaged = sql({ id: uuid }, { name: text })`
  select name from agents where id = ${"id"} and deleted_at is null and id in (select m from my_agents('{admin}') m)`;
const setPaused = sql({ id: uuid, paused_at: nullable(time) }, {})`
  update agents set paused_at = ${"paused_at"} where id = ${"id"}`;

/** Which agent a form is about. */
interface Chosen {
  agent_id: string;
}

/**
 * Lets an agent read, but write nothing, until it is resumed. No fresh proof is asked for: who stops an agent that runs
 * amok has no time for a mail, and what it takes away comes back with a click.
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
 * @throws AppError NOT_FOUND, PROOF_REQUIRED
 */
export async function resumeAgent(call: OwnerCall, input: Chosen): Promise<string> {
  const agent = await holdManaged(call, input.agent_id);
  assertFreshProof(call.session, call.now, `/owner/agents/${agent.name}`);
  if (agent.pausedAt !== null) await setTo(call, agent, "agent.resume");
  return agent.name;
}

/**
 * The first half of a kill, in a transaction of its own: the keys end. It waits for no write of the agent's, and lets none
 * begin, so that the second half waits only for those that hold the agent already, however many there are in the queue.
 * @throws AppError NOT_FOUND, PROOF_REQUIRED
 */
export async function endKeysFirst(call: Call, input: Chosen): Promise<Call> {
  const { services, session, now } = call;
  const { ownerId } = session ?? {};
  if (!session || !ownerId) throw new AppError("SESSION_REQUIRED");
  await transaction(services.app, { actor: ownerId }, async (tx) => {
    const agent = await findManaged.maybe(tx, { id: input.agent_id });
    if (!agent) throw notFound("Agent");
    assertFreshProof(session, now, `/owner/agents/${agent.name}`);
    await revokeAllKeys(tx, input.agent_id, now);
    await agentChanged(tx, input.agent_id);
  });
  return call;
}

/**
 * Stops an agent for good, as far as its owner does not decide otherwise: paused, without any key or identity token, and
 * without the webhooks that whoever had its key may have set up. {@link endKeysFirst} goes before.
 * @returns its name
 * @throws AppError NOT_FOUND
 */
export async function killAgent(call: OwnerCall, input: Chosen): Promise<string> {
  const { db, now } = call;
  const agent = await holdManaged(call, input.agent_id);
  // A write that was under way may have been the agent's, making a key.
  await revokeAllKeys(db, agent.id, now);
  await setTo(call, agent, "agent.kill");
  await actAs(db, { actor: SYSTEM });
  await endReach(db, agent.id, now);
  return agent.name;
}

async function setTo({ db, session, now }: OwnerCall, agent: HeldAgent, act: `agent.${"pause" | "resume" | "kill"}`) {
  await setPaused.run(db, { id: agent.id, paused_at: act === "agent.resume" ? null : (agent.pausedAt ?? now) });
  await agentChanged(db, agent.id);
  const by = { kind: "owner" as const, id: session.ownerId };
  await record(db, { by, act, target: { type: "agent", id: agent.id }, at: now });
}
