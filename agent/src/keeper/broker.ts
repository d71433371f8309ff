/**
 * The broker: the trusted side of the three doors. It holds the keys and never hands one out, it trusts nothing a mind says,
 * and it does nothing at all while the kill switch is on. Every door that is used leaves a line in the audit log.
 */
import type { Client } from "@openmolt/sdk";
import type { ActLine } from "../runner/audit-line.js";
import { type Broker, type Look, type Outcome, Stopped } from "../runner/broker.js";
import { problemWith } from "../runner/decide.js";
import { ALWAYS, type Decision } from "../runner/decision.js";
import { type Guard, gateDecision, type Hit, loggable } from "../runner/gate/gate.js";
import type { Model, Prompt } from "../runner/model.js";
import type { Persona } from "../runner/persona.js";
import { promptHash } from "../runner/prompt.js";
import { addApproval, readApprovals, takeOut } from "./approvals.js";
import { type Audit, readAudit } from "./audit.js";
import type { Ledger, Price } from "./budget.js";
import { type Aim, carryOut } from "./carry-out.js";
import type { Places } from "./files.js";
import { hitsOf, MOST_HITS } from "./hits.js";
import { type Known, lookAround, type Seen, shownOf } from "./look.js";
import { HELD_BACK, openQuestions } from "./questions.js";
import { endedBy, pausedUntil, refusedBy } from "./refusals.js";
import { assertRunning, writeStop } from "./stop.js";

/** A look is good for this long, in milliseconds; turns of one visit share it. */
const LOOK_MS = 60_000;
/** What one visit may ask for at most, whatever its mind says. */
const VISIT = { looks: 30, asks: 60, acts: 30 } as const;
/** A model that takes longer, in milliseconds, has not answered. */
const MODEL_MS = 120_000;

/** What a broker stands on. */
export interface KeeperOptions {
  persona: Persona;
  client: Client;
  model: Model;
  /** Whether the model can read the network's questions. */
  isReader: boolean;
  /** Name of the model, for the log. */
  modelName: string;
  /** The most a question can cost. */
  mostOf(prompt: Prompt): Price;
  /** What must not leave. */
  guard: Guard;
  ledger: Ledger;
  audit: Audit;
  places: Places;
  now(): Date;
  /** Ends everything under way. */
  signal: AbortSignal;
}

/** A broker with what its keeper does beside the mind. */
export interface Keeper extends Broker {
  /** A visit begins: its allowance is new, and the first look is a new one. */
  beginVisit(): void;
  /** Lets out what the owner approved. @throws Stopped */
  sendApproved(): Promise<void>;
}

/** Makes a broker. */
export function createKeeper(options: KeeperOptions): Keeper {
  const { persona, client, guard, ledger, audit, places, now, signal } = options;
  let seen: (Seen & { at: number }) | undefined;
  let used = { looks: 0, asks: 0, acts: 0 };
  const lines = readAudit(places.audit);
  /** Monotonic milliseconds until which an act is closed, because the network said so. */
  const closedUntil = new Map<Decision["action"], number>();

  const mayGoOn = () => {
    if (signal.aborted) throw new Stopped("ENDED", "The keeper is ending.");
    assertRunning(places.stop, now());
  };
  const use = (what: keyof typeof used) => {
    mayGoOn();
    if (used[what]++ < VISIT[what]) return;
    throw new Stopped("VISIT", `One visit takes at most ${VISIT[what]} ${what}.`);
  };
  const at = () => now().toISOString();
  const stop = (code: string, why: string) => {
    writeStop(places.stop, { kind: "paused", code, why, at: at() });
    audit({ at: at(), door: "state", code, hint: why });
  };
  /** Passes an error on; one that ends the agent's right to ask lays the kill switch first. */
  const noted = (error: unknown): unknown => {
    const end = endedBy(error, now());
    if (end === undefined) return error;
    writeStop(places.stop, end);
    audit({ at: at(), door: "state", code: end.code, hint: end.why });
    return new Stopped(end.code, end.why);
  };

  const note = (decision: Decision, outcome: Outcome, gate: Hit[]) => {
    const line: ActLine = {
      at: at(),
      door: "act",
      decision: loggable(decision, guard),
      gate,
      outcome: outcome.done ? "done" : outcome.because,
    };
    if ("id" in outcome && outcome.id !== undefined) line.id = outcome.id;
    if ("code" in outcome) line.code = outcome.code;
    audit(line);
  };

  const isClosed = (action: Decision["action"]) =>
    (closedUntil.get(action) ?? 0) > performance.now() || (HELD_BACK.includes(action) && questions.waits());
  const openNow = (): Decision["action"][] => {
    if (persona.mode === "lurk") return ["do_nothing"];
    const wanted = [...ALWAYS, ...persona.acts];
    return wanted.filter((action) => ledger.allows(action) && !isClosed(action));
  };
  const boundsNow = (): Pick<Look, "shown" | "submolts" | "open"> => {
    const known = seen?.known ?? [];
    return { shown: known.map(shownOf), submolts: submoltsOf(persona, known), open: openNow() };
  };

  /** Asks whether the agent is paused or suspended before anything else is asked. @throws Stopped */
  const assertWelcome = async () => {
    const { paused, suspended_until: end } = await client.agents.status();
    if (!paused && end === null) return;
    const stop = pausedUntil(paused ? "AGENT_PAUSED" : "ACCOUNT_SUSPENDED", paused ? undefined : end, now());
    writeStop(places.stop, stop);
    audit({ at: at(), door: "state", code: stop.code, hint: stop.why });
    throw new Stopped(stop.code, stop.why);
  };

  const look = async (): Promise<Look> => {
    use("looks");
    if (seen === undefined || performance.now() - seen.at > LOOK_MS) {
      try {
        await assertWelcome();
        if (seen === undefined && persona.mode !== "lurk") await questions.finish();
        const found = await lookAround(client, persona.acts.includes("dm_reply"));
        seen = { ...found, at: performance.now() };
      } catch (error) {
        throw noted(error);
      }
    }
    const { me, nextCheckAfter } = seen;
    const bounds = boundsNow();
    audit({ at: at(), door: "look", shown: bounds.shown.map(({ id }) => id), open: bounds.open });
    return { now: at(), me, nextCheckAfter, ...bounds };
  };

  const ask = async (prompt: Prompt) => {
    use("asks");
    const words = JSON.stringify(prompt);
    if (guard.keys.some((key) => words.includes(key))) {
      stop("KEY_IN_PROMPT", "A prompt held one of the keys. It was not sent.");
      throw new Stopped("KEY_IN_PROMPT", "A prompt held one of the keys.");
    }
    const settle = ledger.bookCall(options.mostOf(prompt));
    const began = performance.now();
    const line = { at: at(), door: "ask" as const, model: options.modelName, prompt_hash: promptHash(prompt) };
    const asked = { ...line, user: prompt.user, schema: prompt.schema };
    try {
      const reply = await options.model(prompt, AbortSignal.any([signal, AbortSignal.timeout(MODEL_MS)]));
      const tokens = { input: whole(reply.tokens.input), output: whole(reply.tokens.output) };
      const costMicros = whole(reply.costMicros);
      settle({ tokens: tokens.input + tokens.output, micros: costMicros });
      audit({ ...asked, tokens, cost_micros: costMicros, took_ms: Math.round(performance.now() - began) });
      return { text: reply.text, tokens, costMicros };
    } catch (error) {
      const failed = error instanceof Error ? error.message : String(error);
      const nothing = {
        tokens: { input: 0, output: 0 },
        cost_micros: 0,
        took_ms: Math.round(performance.now() - began),
      };
      audit({ ...asked, ...nothing, failed: failed.slice(0, 300) });
      throw error;
    }
  };

  const questions = openQuestions({
    ...{ client, audit, lines, now },
    ask: options.isReader ? ask : undefined,
    mayAsk: () => ledger.left().calls > 0,
  });

  /** Does what may be done; `decision` has been checked against what is open and shown, or approved by the owner. */
  const perform = async (decision: Decision, aim: Aim | undefined): Promise<Outcome> => {
    if (decision.action === "do_nothing") return { done: true };
    const giveBack = ledger.bookAct(decision.action);
    if (giveBack === undefined) return refuse("DAILY_LIMIT", `The day allows no more of ${decision.action}.`);
    try {
      const { id, verification } = await carryOut(client, decision, aim);
      if (id !== undefined && verification !== undefined && !(await questions.answer(id, verification)))
        return { done: false, because: "held_back", id };
      return id === undefined ? { done: true } : { done: true, id };
    } catch (error) {
      const end = noted(error);
      if (end instanceof Stopped) return { done: false, because: "stopped", code: end.code, hint: end.message };
      const refused = refusedBy(error);
      const { code, retryAfterSeconds } = refused;
      if (code !== "NETWORK" && !code.startsWith("HTTP_5")) giveBack();
      if (retryAfterSeconds) closedUntil.set(decision.action, performance.now() + retryAfterSeconds * 1_000);
      return { done: false, because: "refused", ...refused };
    }
  };

  const judge = async (decision: Decision): Promise<{ outcome: Outcome; gate: Hit[] }> => {
    const bounds = boundsNow();
    const problem = problemWith(decision, bounds);
    if (problem !== undefined) return { outcome: refuse("NOT_ALLOWED", problem), gate: [] };
    const gate = gateDecision(decision, guard, bounds.shown);
    if (gate.length > 0) {
      const hits = hitsOf(places) + 1;
      if (hits >= MOST_HITS) {
        stop("GATE", `What the agent wrote was held back ${hits} times. See the audit log, then let it go on.`);
        return { outcome: { done: false, because: "stopped", code: "GATE", hint: "The agent is paused." }, gate };
      }
      return { outcome: refuse("GATE", "The text holds what must not leave."), gate };
    }
    const target = "target" in decision ? seen?.known.find(({ id }) => id === decision.target) : undefined;
    if (persona.mode !== "engage" || !("text" in decision)) return { outcome: await perform(decision, target), gate };
    const waits = addApproval(places.approvals, { decision, ...(target && { target: keptOf(target) }) }, now());
    const full = refuse("QUEUE_FULL", "Too much waits for the owner already.");
    return { outcome: waits ? { done: false, because: "awaits_approval" } : full, gate };
  };

  const act = async (decision: Decision): Promise<Outcome> => {
    use("acts");
    const { outcome, gate } = await judge(decision);
    note(decision, outcome, gate);
    return outcome;
  };

  const sendApproved = async () => {
    for (const { id, approved, decision, target } of readApprovals(places.approvals, now())) {
      if (!approved || isClosed(decision.action)) continue;
      mayGoOn();
      takeOut(places.approvals, id, now());
      const gate = gateDecision(decision, guard);
      const aim = target as Aim | undefined;
      const outcome =
        gate.length > 0 ? refuse("GATE", "The text holds what must not leave.") : await perform(decision, aim);
      note(decision, outcome, gate);
      if (!outcome.done && outcome.because === "stopped") throw new Stopped(outcome.code, outcome.hint);
    }
  };

  const beginVisit = () => {
    used = { looks: 0, asks: 0, acts: 0 };
    seen = undefined;
  };
  return { look, ask, act, beginVisit, sendApproved };
}

function refuse(code: string, hint: string): Outcome {
  return { done: false, because: "refused", code, hint };
}

/** The submolts a post may go to: those of the persona, else those that are seen and the one there always is. */
function submoltsOf({ submolts }: Persona, known: readonly Known[]): string[] {
  if (submolts.length > 0) return submolts;
  return [...new Set(["general", ...known.flatMap(({ submolt }) => submolt ?? [])])];
}

function keptOf({ id, kind, post, author, title, text, isRequest }: Known) {
  const known = Object.entries({ id, kind, post, author, title, text: text.slice(0, 500), isRequest });
  return Object.fromEntries(known.filter(([, value]) => value !== undefined)) as Pick<Known, "id" | "kind" | "text">;
}

function whole(count: unknown): number {
  return typeof count === "number" && count >= 0 && Number.isFinite(count) ? Math.ceil(count) : 0;
}
