/**
 * A life once more, from its audit log: each question is put to the offline model, and what that decides stands beside what
 * was decided then. Nothing is sent anywhere. A life that was lived with the offline model comes out the same.
 */
import type { ActLine, AskLine, AuditLine } from "./audit-line.js";
import type { Shown } from "./broker.js";
import { type Bounds, nothing, readDecision } from "./decide.js";
import type { Decision } from "./decision.js";
import { offlineModel, shownIn } from "./models/offline.js";
import type { Persona } from "./persona.js";
import { systemPrompt } from "./prompt.js";

/** One decision, then and now. */
export interface ReplayStep {
  at: string;
  /** As it was logged. */
  was: Decision;
  outcome: ActLine["outcome"];
  /** What the offline model decides on the same question. */
  would: Decision;
  /** Whether both are the same act, with the same target and words. */
  isSame: boolean;
}

/** The decisions of a log that a model was asked for, in order; persona and offline model as they are now. */
export async function replay(lines: readonly AuditLine[], persona: Persona): Promise<ReplayStep[]> {
  const steps: ReplayStep[] = [];
  let question: AskLine | undefined;
  for (const line of lines) {
    if (line.door === "look") question = undefined;
    if (line.door === "ask" && line.schema.title === "act" && line.failed === undefined) question = line;
    if (line.door !== "act" || question === undefined) continue;
    const would = await decideAgain(question, persona);
    const { at, decision: was, outcome } = line;
    steps.push({ at, was, outcome, would, isSame: wordsOf(was) === wordsOf(would) });
    question = undefined;
  }
  return steps;
}

async function decideAgain({ user, schema }: AskLine, persona: Persona): Promise<Decision> {
  const prompt = { system: systemPrompt(persona, "replay"), user, schema, maxTokens: 0 };
  const { text } = await offlineModel(prompt, new AbortController().signal);
  const read = readDecision(text, boundsOf({ user, schema }), new Set());
  return "decision" in read ? read.decision : nothing(read.problem);
}

/** What could be chosen from, as the question itself says. */
function boundsOf({ user, schema }: Pick<AskLine, "user" | "schema">): Bounds {
  const { properties = {} } = schema as { properties?: Record<string, { enum?: unknown[] }> };
  const values = (field: string) => (properties[field]?.enum ?? []).filter((value) => typeof value === "string");
  const shown = shownIn(user).flatMap(({ is, id }) =>
    id === undefined ? [] : [{ id, kind: is as Shown["kind"], text: "", because: "feed" as const }],
  );
  return { shown, submolts: values("submolt"), open: values("action") as Decision["action"][] };
}

/** A decision without its reason, as text. */
const wordsOf = ({ why: _, ...act }: Decision) => JSON.stringify(Object.entries(act).sort());
