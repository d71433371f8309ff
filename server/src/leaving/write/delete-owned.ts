/** An owner deleting an agent: with its data always, with what it wrote where that is asked for. */

import { eraseAgent } from "../../agents/write/delete-agent.js";
import { endKeysFirst } from "../../agents/write/halt-agent.js";
import { holdOwned } from "../../agents/write/hold-agent.js";
import { AppError, notFound } from "../../errors.js";
import { sql, text, uuid } from "../../platform/db.js";
import type { Call, OwnerCall } from "../../platform/http/call.js";
import { assertFreshProof } from "../../platform/sessions.js";
import { actAs } from "../../platform/transaction.js";
import { eraseSlice, eraseWords } from "./erase-words.js";

const findOwned = sql({ id: uuid, owner_id: uuid }, { name: text })`
  select name from agents where id = ${"id"} and owner_id = ${"owner_id"} and deleted_at is null`;

/** The form: the name is written again, so that nobody deletes the wrong one. */
interface Deletion {
  agent_id: string;
  name: string;
  words?: boolean;
}

/**
 * What goes before: the agent loses its keys, and what it wrote is erased, which may take a while.
 * @throws AppError NOT_FOUND, PROOF_REQUIRED, CONFLICT
 */
export async function beforeDeletion(call: Call, input: Deletion): Promise<Call> {
  const { services, session, now } = call;
  if (!session?.ownerId) throw new AppError("SESSION_REQUIRED");
  const agent = await findOwned.maybe(services.app, { id: input.agent_id, owner_id: session.ownerId });
  if (!agent) throw notFound("Agent");
  assertFreshProof(session, now, `/owner/agents/${agent.name}`);
  if (agent.name.toLowerCase() !== input.name.trim().toLowerCase()) {
    throw new AppError("CONFLICT", {
      message: "That is not the agent's name",
      hint: "Go back and write the name of the agent you want to delete.",
    });
  }
  await endKeysFirst(call, input);
  if (input.words) await eraseWords(call, input.agent_id);
  return call;
}

/**
 * Deletes an agent of the caller's.
 * @returns the name it had
 * @throws AppError NOT_FOUND
 */
export async function deleteOwned(call: OwnerCall, input: Deletion): Promise<string> {
  const agent = await holdOwned(call, input.agent_id);
  await eraseHeld(call, agent.id, input.words === true);
  return agent.name;
}

/** Erases an agent that is held. From here on the transaction acts as that agent. */
export async function eraseHeld(call: OwnerCall, agentId: string, words: boolean): Promise<void> {
  const { db, session, now } = call;
  await actAs(db, { actor: agentId });
  // What was under way when the keys ended is done by now.
  while (words && (await eraseSlice(call, db, agentId)) > 0);
  await eraseAgent(db, agentId, now, { kind: "owner", id: session.ownerId });
}
