/**
 * A visit: look, ask, act, remember, as often as the persona has turns; and how long to rest before the next. It runs on the
 * untrusted side and knows nothing but a broker. Time is only ever a length, so a clock that jumps does no harm.
 */
import { type Broker, type Look, type Outcome, Stopped } from "./broker.js";
import { decide } from "./decide.js";
import type { Decision } from "./decision.js";
import { type Fact, lookAtFacts } from "./facts.js";
import { doneIn, type Memory, readMemory, recall, remember } from "./memory.js";
import type { Prompt } from "./model.js";
import { type Persona, rhythmMs } from "./persona.js";
import { plain, turnPrompt } from "./prompt.js";

/** What a visit needs. */
export interface Life {
  persona: Persona;
  /** A random text in the system prompt that nobody else knows. */
  canary: string;
  broker: Broker;
  /** Where the memory is kept: JSON as {@link Memory}. */
  memory: { read(): Promise<unknown>; write(memory: Memory): Promise<void> };
}

/** What one visit came to. */
export interface Visit {
  acts: { decision: Decision; outcome: Outcome }[];
  /** Milliseconds that the network or the model wants to be left alone, at least. */
  waitMs: number;
  /** Something did not answer: the next visit comes later each time. */
  failed: boolean;
}

/** Share by which a rest is longer or shorter by chance, so that agents do not come all at once. */
const JITTER = 0.2;
/** Rest after the first failure, doubled by each further one up to the longest, in milliseconds. */
const FIRST_RETRY_MS = 30_000;
const LONGEST_RETRY_MS = 3_600_000;
/** No wish of the network keeps an agent away for longer, in milliseconds. */
const LONGEST_WISH_MS = 86_400_000;

/**
 * One visit: as many turns as the persona has, each with a new look, until it does nothing.
 * @throws Stopped when nothing may be asked any more
 */
export async function visitOnce(life: Life, signal: AbortSignal): Promise<Visit> {
  const { broker, persona, canary } = life;
  const visit: Visit = { acts: [], waitMs: 0, failed: false };
  let memory = readMemory(await life.memory.read());
  const facts = new Map<string, Fact>();
  for (let turn = 0; turn < persona.turns; turn++) {
    if (signal.aborted) throw ended();
    try {
      const ask = (question: Prompt) => broker.ask(question);
      const seen = await broker.look();
      const isBlind = persona.model.two_step;
      const look = isBlind ? await lookAtFacts(ask, seen, facts, persona.submolts) : seen;
      visit.waitMs = Math.max(visit.waitMs, wishMs(seen));
      const done = doneIn(memory, look.shown);
      const told = isBlind ? { entries: memory.entries.filter(({ origin }) => origin === "own") } : memory;
      const memories = recall(told, look.now, seenIn(look));
      const prompt = turnPrompt({ persona, canary, look, memories, done });
      const decided = await decide(ask, prompt, look, done);
      if (signal.aborted) throw ended();
      const { decision, trouble, cause } = decided;
      const outcome = await broker.act(decision);
      visit.acts.push({ decision, outcome });
      if (!outcome.done && outcome.because === "stopped") throw new Stopped(outcome.code, outcome.hint);
      memory = remembered(memory, look, decision, outcome, isBlind);
      await life.memory.write(memory);
      if (trouble === "model_failed") fail(visit, cause);
      if (trouble || decision.action === "do_nothing") break;
      if (!outcome.done && outcome.because === "refused" && outcome.retryAfterSeconds) {
        visit.waitMs = Math.max(visit.waitMs, Math.min(outcome.retryAfterSeconds * 1_000, LONGEST_WISH_MS));
        break;
      }
    } catch (error) {
      if (error instanceof Stopped || signal.aborted) throw error;
      fail(visit, error);
      break;
    }
  }
  return visit;
}

/**
 * How long to rest, in milliseconds: the rhythm, or shorter after a failure, and never less than what was asked for. Chance
 * spreads all of it.
 * @param chance from 0 to below 1
 */
export function restMs(persona: Persona, { waitMs }: Pick<Visit, "waitMs">, failures: number, chance: number): number {
  if (failures > 0) {
    const most = Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), LONGEST_RETRY_MS);
    return waitMs + most * (0.5 + chance / 2);
  }
  const usual = rhythmMs(persona) * (1 - JITTER + 2 * JITTER * chance);
  return Math.max(usual, waitMs * (1 + JITTER * chance));
}

function fail(visit: Visit, error: unknown): void {
  visit.failed = true;
  const { retryAfterSeconds } = (error ?? {}) as { retryAfterSeconds?: unknown };
  if (typeof retryAfterSeconds !== "number" || !(retryAfterSeconds > 0)) return;
  visit.waitMs = Math.max(visit.waitMs, Math.min(retryAfterSeconds * 1_000, LONGEST_WISH_MS));
}

/** Milliseconds until the network wants to see the agent again, by the network's own clock. */
function wishMs({ now, nextCheckAfter }: Look): number {
  if (nextCheckAfter === undefined) return 0;
  const wish = Date.parse(nextCheckAfter) - Date.parse(now);
  return wish > 0 ? Math.min(wish, LONGEST_WISH_MS) : 0;
}

/** The memory after an act: what was done, to what, and what the network said to it, unless no words of others may be seen. */
function remembered(memory: Memory, look: Look, decision: Decision, outcome: Outcome, isBlind: boolean): Memory {
  if (decision.action === "do_nothing") return memory;
  const at = look.now;
  const target = "target" in decision ? look.shown.find(({ id }) => id === decision.target) : undefined;
  const isRefused = !outcome.done && outcome.because === "refused";
  // What was refused may hold what must not leave, a message is for one reader, and memories are told to the model again.
  const isKept = "text" in decision && !isRefused && decision.action !== "dm_reply";
  const words = isKept ? `; I wrote: ${"title" in decision ? `${decision.title}: ` : ""}${decision.text}` : "";
  const subject = target && target.kind !== "conversation" ? `: ${plain(target.title ?? target.text, 100)}` : "";
  const about = target ? ` to ${target.author ?? "somebody"}${subject}` : "";
  const did = "target" in decision && !isRefused ? `${decision.action} ${decision.target}` : undefined;
  const waits = outcome.done || isRefused ? "" : ` (${outcome.because.replaceAll("_", " ")})`;
  const mine = `${isRefused ? "I tried to " : "I did "}${decision.action}${waits}${words}`;
  let next = remember(memory, { at, origin: "own", text: mine, did });
  if (about)
    next = remember(next, { at, origin: "other", text: `What I answered with ${decision.action} belongs${about}` });
  if (isRefused) {
    const words = isBlind ? "" : ` ${outcome.hint}`;
    next = remember(next, { at, origin: "other", text: `Refused: ${outcome.code}${words}` });
  }
  return next;
}

const seenIn = (look: Look) => look.shown.map(({ title = "", text }) => `${title} ${text}`).join(" ");
const ended = () => new Stopped("ENDED", "The life was ended from outside.");
