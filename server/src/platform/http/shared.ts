/**
 * Reads that are the same for everybody: built once, kept for a moment, sent as they lie there. An agent's own values are
 * read apart, by one small statement, and put into their places.
 */
import type { AgentActor } from "../auth.js";
import type { Services } from "../services.js";
import type { Binding } from "./bind.js";
import type { Call } from "./call.js";
import { type Rendition, SharedAnswer } from "./rendition.js";
import { type ReadOwnValues, SharedJson } from "./shared-json.js";

/** Whether a binding answers this caller as it answers others. */
export function isShared({ shared }: Binding, agent: AgentActor | null): boolean {
  return shared === "everybody" || (shared === "anonymous" && agent === null);
}

/** What an answer is kept by: the endpoint with its checked input. */
export function keyOf({ endpoint: { method, path } }: Binding, input: Record<string, unknown>): string {
  return `${method} ${path} ${JSON.stringify(input)}`;
}

/**
 * The answer of a shared read: one that others get too, or the text with this agent's own values. A page further on in a
 * list is read by few and not kept.
 * @param toJson what an answer without places is on the wire
 */
export async function answerShared(
  services: Services,
  binding: Binding,
  call: Call,
  input: Record<string, unknown>,
  ownValues: ReadOwnValues,
  toJson: (result: unknown) => string,
): Promise<Rendition | string> {
  const { agent } = call;
  const isKept = services.cache.isOn && !("cursor" in input);
  const build = async () => {
    const result = await binding.handle({ ...call, agent: null, headers: {}, address: "" }, input);
    return new SharedAnswer(result instanceof SharedJson ? result : new SharedJson(toJson(result)), isKept);
  };
  const shared = isKept ? await services.cache.read(keyOf(binding, input), agent?.id, build) : await build();
  if (agent === null) return shared.forAnybody;
  const own = await ownValues(agent.id, shared.json.places);
  const isNothing = own.post_vote.size + own.comment_vote.size + own.follow.size === 0;
  return isNothing ? shared.forAgents : shared.json.forOne(own);
}
