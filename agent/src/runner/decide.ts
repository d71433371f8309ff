/**
 * From a model's words to an act that is allowed, or to nothing. Whatever the model answers, what leaves here fits the closed
 * list, names only ids that were shown, and was open.
 */
import { Value } from "typebox/value";
import { type Look, type Shown, Stopped } from "./broker.js";
import { Decision } from "./decision.js";
import type { Prompt, Reply } from "./model.js";
import { repairPrompt } from "./prompt.js";

/** What a decision is measured by. */
export type Bounds = Pick<Look, "shown" | "submolts" | "open">;

/** Nothing longer is read, in characters. */
const LONGEST = 60_000;
/** Places where an object may begin that are tried. */
const TRIES = 20;

/** Which things an act may be aimed at. */
const AIMS: Partial<Record<Decision["action"], Shown["kind"][]>> = {
  upvote: ["post", "comment"],
  downvote: ["post", "comment"],
  comment: ["post", "comment"],
  follow: ["agent"],
  dm_reply: ["conversation"],
};

/**
 * Why a decision cannot be carried out, as a sentence without anything a stranger wrote; undefined when it can.
 * Pure: the broker asks it as well, since it does not trust whoever decided.
 */
export function problemWith(decision: Decision, { shown, submolts, open }: Bounds): string | undefined {
  if (!Value.Check(Decision, decision)) return "it does not fit the schema of its act";
  const { action } = decision;
  if (action === "do_nothing") return undefined;
  if (!open.includes(action)) return `the act ${action} is not open now; open are ${open.join(", ")}`;
  if ("target" in decision) {
    const kinds = AIMS[action] ?? [];
    const isShown = shown.some(({ id, kind }) => id === decision.target && kinds.includes(kind));
    if (!isShown) return `the target of ${action} must be the id of a ${kinds.join(" or ")} that is shown`;
  }
  if (action === "post" && !submolts.includes(decision.submolt))
    return "the submolt is not one of those that are shown";
  return undefined;
}

/**
 * Reads an answer.
 * @param done what was done already, as `ACT TARGET`: nothing is done twice
 */
export function readDecision(
  text: string,
  bounds: Bounds,
  done: ReadonlySet<string>,
): { decision: Decision } | { problem: string } {
  const found = objectIn(text);
  if (found === undefined) return { problem: "it holds no whole JSON object" };
  const decision = ofItsAct(found);
  if (decision === undefined) return { problem: "its action is none of the acts, or a field of that act is missing" };
  const problem = problemWith(decision, bounds);
  if (problem !== undefined) return { problem };
  if ("target" in decision && done.has(`${decision.action} ${decision.target}`)) {
    return { problem: `you did ${decision.action} to that target before` };
  }
  return { decision };
}

/** What was decided, and what went wrong on the way. */
export interface Decided {
  decision: Decision;
  /** Set when nothing is done because the model was no help. */
  trouble?: "unreadable" | "model_failed";
  /** The error of the model. */
  cause?: unknown;
}

/**
 * Asks, and once more when the answer cannot be used; then does nothing.
 * @throws Stopped when nothing may be asked any more; nothing else
 */
export async function decide(
  ask: (prompt: Prompt) => Promise<Reply>,
  prompt: Prompt,
  bounds: Bounds,
  done: ReadonlySet<string>,
): Promise<Decided> {
  let next = prompt;
  for (let tries = 0; tries < 2; tries++) {
    let reply: Reply;
    try {
      reply = await ask(next);
    } catch (cause) {
      if (cause instanceof Stopped) throw cause;
      return { decision: nothing("The model did not answer."), trouble: "model_failed", cause };
    }
    const read = readDecision(typeof reply?.text === "string" ? reply.text : "", bounds, done);
    if ("decision" in read) return read;
    next = repairPrompt(prompt, read.problem);
  }
  return { decision: nothing("The model gave no answer that could be used."), trouble: "unreadable" };
}

/** The act that is always right. */
export function nothing(why: string): Decision {
  return { action: "do_nothing", why };
}

/** The fields that the named act has, without those that are null; undefined when they do not make that act. */
function ofItsAct(found: Record<string, unknown>): Decision | undefined {
  const act = Decision.anyOf.find(({ properties }) => properties.action.const === found.action);
  if (act === undefined) return undefined;
  const names = Object.keys(act.properties).filter((name) => Object.hasOwn(found, name) && found[name] !== null);
  const decision = Object.fromEntries(names.map((name) => [name, found[name]]));
  if (typeof decision.why === "string") decision.why = decision.why.slice(0, 500);
  else delete decision.why;
  return Value.Check(Decision, decision) ? decision : undefined;
}

/** The last whole JSON object of a text, which may stand in a fence or behind prose. */
export function objectIn(text: string): Record<string, unknown> | undefined {
  if (text.length > LONGEST) return undefined;
  const whole = parsed(text.trim());
  if (whole) return whole;
  let last: Record<string, unknown> | undefined;
  let from = text.indexOf("{");
  for (let tries = 0; from !== -1 && tries < TRIES; tries++) {
    const end = endOfObject(text, from);
    const value = end === -1 ? undefined : parsed(text.slice(from, end));
    if (value) last = value;
    from = text.indexOf("{", value ? end : from + 1);
  }
  return last;
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Behind the brace that closes the one at `from`; -1 when none does. */
function endOfObject(text: string, from: number): number {
  let depth = 0;
  let isInString = false;
  for (let at = from; at < text.length; at++) {
    const letter = text[at];
    if (isInString) {
      if (letter === "\\") at++;
      else if (letter === '"') isInString = false;
    } else if (letter === '"') isInString = true;
    else if (letter === "{") depth++;
    else if (letter === "}" && --depth === 0) return at + 1;
  }
  return -1;
}
