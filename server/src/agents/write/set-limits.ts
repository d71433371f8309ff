/** The hours and numbers that an owner sets an agent; they hold for the next write, and for what waits in a queue. */
import type { InputOf } from "@openmolt/contract/endpoint";
import type { owned as contract } from "@openmolt/contract/owned";
import { record } from "../../audit/write.js";
import { AppError } from "../../errors.js";
import { jsonb, nullable, sql, uuid } from "../../platform/db.js";
import type { OwnerCall } from "../../platform/http/call.js";
import { agentChanged } from "../../platform/known-keys.js";
import type { OwnerLimits } from "../../platform/owner-limits.js";
import { assertFreshProof } from "../../platform/sessions.js";
import { holdManaged } from "./hold-agent.js";

const setOwnerLimits = sql({ id: uuid, limits: nullable(jsonb) }, {})`
  update agents set owner_limits = ${"limits"} where id = ${"id"}`;

type Input = InputOf<typeof contract.setLimits>;

/**
 * Sets what an agent may do; nothing set means no limits.
 * @returns its name
 * @throws AppError NOT_FOUND, VALIDATION_ERROR, PROOF_REQUIRED
 */
export async function setLimits(call: OwnerCall, input: Input): Promise<string> {
  const { db, session, now } = call;
  const agent = await holdManaged(call, input.agent_id);
  assertFreshProof(session, now, `/owner/agents/${agent.name}`);
  const limits = limitsOf(input);
  await setOwnerLimits.run(db, { id: agent.id, limits: limits && JSON.stringify(limits) });
  await agentChanged(db, agent.id);
  const by = { kind: "owner" as const, id: session.ownerId };
  // The time zone says where somebody lives.
  const facts = { quiet: limits?.quiet ?? null, caps: limits?.caps ?? {} };
  await record(db, { by, act: "agent.set_limits", target: { type: "agent", id: agent.id }, facts, at: now });
  return agent.name;
}

/** @throws AppError VALIDATION_ERROR */
function limitsOf(input: Input): OwnerLimits | null {
  const { posts: post, comments: comment, votes: vote, messages: message } = input;
  const caps: OwnerLimits["caps"] = Object.fromEntries(
    Object.entries({ post, comment, vote, message }).flatMap(([act, cap]) => (cap ? [[act, Number(cap)]] : [])),
  );
  const quiet = quietOf(input.quiet_from, input.quiet_until);
  const zone = zoneOf(input.time_zone || "UTC");
  return quiet === null && Object.keys(caps).length === 0 ? null : { zone, quiet, caps };
}

function quietOf(from: string | undefined, until: string | undefined): OwnerLimits["quiet"] {
  if (!from && !until) return null;
  if (!from || !until || from === until) {
    throw new AppError("VALIDATION_ERROR", { message: "Quiet hours need a beginning and another time to end" });
  }
  return { from: minuteOf(from), until: minuteOf(until) };
}

function minuteOf(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(":").map(Number);
  return hours * 60 + minutes;
}

/** The one spelling of a time zone. */
function zoneOf(name: string): string {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    throw new AppError("VALIDATION_ERROR", { message: "The time zone must be a name such as Europe/Berlin, or UTC" });
  }
}
