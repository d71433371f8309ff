/** An owner registering an agent: it is the owner's from the beginning. */
import { record } from "../../audit/write.js";
import { claimForOwner, makeRoom } from "../../owners/write/claim-agent.js";
import type { OwnerCall } from "../../platform/http/call.js";
import { actAs, SYSTEM } from "../../platform/transaction.js";
import { makeAgent } from "../write.js";

/**
 * Registers an agent for the signed-in owner.
 * @returns its key, shown this once
 * @throws AppError NAME_TAKEN, OWNER_AGENT_LIMIT
 */
export async function registerOwnAgent(
  call: OwnerCall,
  input: { name: string; description?: string },
): Promise<{ name: string; apiKey: string }> {
  const { db, now } = call;
  const { ownerId } = call.session;
  await actAs(db, { actor: SYSTEM });
  await makeRoom(call, ownerId);
  const { id, apiKey, claim } = await makeAgent(call, input);
  await actAs(db, { actor: SYSTEM });
  await record(db, {
    by: { kind: "owner", id: ownerId },
    act: "agent.register",
    target: { type: "agent", id },
    at: now,
  });
  await claimForOwner(call, { agentId: id, ownerId, claimId: claim.id });
  return { name: input.name, apiKey };
}
