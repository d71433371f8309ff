/**
 * The supervisor: it holds the lock, the kill switch and the broker, lets the mind live one visit after another, and rests in
 * between. It ends when it is told to, when the kill switch says so, or after one visit where only one is wanted.
 */
import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { createClient } from "@openmolt/sdk";
import type { VerifyLine } from "../runner/audit-line.js";
import { Stopped } from "../runner/broker.js";
import type { Decision } from "../runner/decision.js";
import { restMs } from "../runner/life.js";
import type { Model, Prompt } from "../runner/model.js";
import { offlineModel } from "../runner/models/offline.js";
import type { Persona } from "../runner/persona.js";
import { guardedTexts } from "../runner/prompt.js";
import { readApprovals } from "./approvals.js";
import { type Audit, openAudit } from "./audit.js";
import { createKeeper } from "./broker.js";
import { openLedger, type Price, type Spent } from "./budget.js";
import { placesIn, readText, replaceFile } from "./files.js";
import { resume } from "./hits.js";
import { takeLock } from "./lock.js";
import { pinnedFetch } from "./pinned-fetch.js";
import type { Found } from "./sandbox/find.js";
import { assertRunning, readStop } from "./stop.js";
import { visit } from "./visit.js";
import { parse } from "./wire.js";

/** How often the kill switch and the queue are looked at, in milliseconds. */
const WATCH_MS = 250;

/** A model with what its keeper must know of it. */
export interface HiredModel {
  name: string;
  ask: Model;
  /** Keys it uses: they never leave in a text. */
  keys: readonly string[];
  /** Millionths of a US dollar for a token. */
  price: { input: number; output: number };
}

/** What a run needs. */
export interface RunOptions {
  /** The agent's folder in the vault. */
  folder: string;
  persona: Persona;
  /** Origin of the network. */
  network: string;
  apiKey: string;
  model: HiredModel;
  sandbox: Found["sandbox"];
  /** One visit only. */
  once: boolean;
  /** Takes the kill switch away first: the owner has looked. */
  resume: boolean;
  /** Told what happens, for the terminal. */
  tell(event: Told): void;
  signal: AbortSignal;
  now?: () => Date;
  fetch?: typeof fetch;
}

/** What happens in a run. */
export type Told =
  | { is: "visit" }
  | { is: "did"; act: Decision; outcome: string }
  /** The network's question before publication; why it was left open. */
  | { is: "question"; outcome: VerifyLine["outcome"]; why: string | undefined }
  | { is: "rest"; until: Date; left: Spent }
  | { is: "trouble"; why: string }
  | { is: "paused"; code: string; why: string };

/**
 * Runs an agent.
 * @returns why it ended
 * @throws Error when another process runs it, or its files are spoiled
 */
export async function run(options: RunOptions): Promise<Stopped> {
  const { folder, persona, network, apiKey, model, once, tell, sandbox, now = () => new Date() } = options;
  const places = placesIn(folder);
  const lock = takeLock(places.lock, now());
  const end = new AbortController();
  const signal = AbortSignal.any([options.signal, end.signal]);
  try {
    const write = openAudit(places.audit);
    const audit: Audit = (line) => {
      write(line);
      if (line.door === "act") tell({ is: "did", act: line.decision, outcome: line.code ?? line.outcome });
      if (line.door === "verify") tell({ is: "question", outcome: line.outcome, why: line.hint });
    };
    const line = (code: string, hint?: string) => {
      const at = now().toISOString();
      audit({ at, door: "state", code, ...(hint !== undefined && { hint }) });
    };
    if (options.resume) resume(places, now());
    const ledger = openLedger(places.ledger, dailyOf(persona), now);
    const canary = `mark-${randomBytes(12).toString("hex")}`;
    const check = () => {
      signal.throwIfAborted();
      assertRunning(places.stop, now());
    };
    const client = createClient({
      baseUrl: network,
      apiKey,
      repeat: false,
      fetch: pinnedFetch(network, check, signal, options.fetch),
    });
    const keeper = createKeeper({
      persona,
      client,
      model: model.ask,
      isReader: model.ask !== offlineModel,
      modelName: model.name,
      mostOf: (prompt) => mostOf(prompt, model.price),
      guard: {
        canary,
        texts: guardedTexts(persona),
        keys: [apiKey, ...model.keys],
        links: [new URL(network).hostname, ...persona.links],
      },
      ledger,
      audit,
      places,
      now,
      signal,
    });
    const say = (state: Record<string, unknown>) =>
      replaceFile(places.state, `${JSON.stringify({ sandbox: sandbox.name, model: model.name, ...state })}\n`);
    line("STARTED", `sandbox ${sandbox.name}, model ${model.name}`);

    /** Waits while the agent is paused. @throws Stopped when it is stopped, or when only one visit was wanted */
    const whilePaused = async () => {
      let told = false;
      for (;;) {
        if (signal.aborted) throw new Stopped("ENDED", "It was ended.");
        const stop = readStop(places.stop, now());
        if (stop === undefined) return;
        if (stop.kind === "stopped" || once) throw new Stopped(stop.code, stop.why);
        if (!told) tell({ is: "paused", code: stop.code, why: stop.why });
        told = true;
        say({ paused: stop.code });
        await pause(WATCH_MS, undefined, { signal }).catch(() => {});
      }
    };

    /** One visit, ended at once when the kill switch is laid. */
    const visitOnce = async () => {
      const ending = new AbortController();
      const watch = setInterval(() => {
        if (readStop(places.stop, now()) !== undefined) ending.abort();
      }, WATCH_MS);
      try {
        keeper.beginVisit();
        const memory = parse(readText(places.memory) ?? "null");
        const either = AbortSignal.any([signal, ending.signal]);
        const said = await visit({ sandbox, broker: keeper, persona, canary, memory, signal: either });
        replaceFile(places.memory, JSON.stringify(said.memory ?? null));
        return said;
      } finally {
        clearInterval(watch);
      }
    };

    /** Rests, and lets out meanwhile what the owner approves. */
    const rest = async (milliseconds: number) => {
      const until = performance.now() + milliseconds;
      while (performance.now() < until && !signal.aborted) {
        if (readStop(places.stop, now()) !== undefined) return;
        if (readApprovals(places.approvals, now()).some(({ approved }) => approved)) await keeper.sendApproved();
        await pause(Math.min(WATCH_MS, until - performance.now()), undefined, { signal }).catch(() => {});
      }
    };

    let failures = 0;
    for (;;) {
      await whilePaused();
      try {
        await keeper.sendApproved();
        tell({ is: "visit" });
        say({ visiting: now().toISOString() });
        const { waitMs = 0, failed = false, stopped } = await visitOnce();
        failures = failed ? failures + 1 : 0;
        if (stopped) tell({ is: "trouble", why: `${stopped.code}: ${stopped.why}` });
        if (once) return new Stopped(stopped?.code ?? "ONCE", stopped?.why ?? "One visit was wanted.");
        const milliseconds = restMs(persona, { waitMs }, failures, Math.random());
        const until = new Date(now().getTime() + milliseconds);
        say({ resting_until: until.toISOString() });
        tell({ is: "rest", until, left: ledger.left() });
        await rest(milliseconds);
      } catch (error) {
        if (signal.aborted) throw new Stopped("ENDED", "It was ended.");
        const stop = readStop(places.stop, now());
        if (stop !== undefined && once) throw new Stopped(stop.code, stop.why);
        if (stop !== undefined) continue;
        failures += 1;
        const why = error instanceof Error ? error.message : String(error);
        line("TROUBLE", why.slice(0, 500));
        tell({ is: "trouble", why });
        if (once) throw error;
        await rest(restMs(persona, { waitMs: 0 }, failures, Math.random()));
      }
    }
  } catch (error) {
    if (error instanceof Stopped) return error;
    throw error;
  } finally {
    end.abort();
    lock.release();
  }
}

/** What the persona allows in a day. */
export function dailyOf({ limits }: Persona): Spent {
  const { dollars, ...counts } = limits;
  return { ...counts, micros: Math.round(dollars * 1_000_000) };
}

/** The most a question can cost: no token is shorter than a byte, and a provider adds few of its own. */
export function mostOf(prompt: Prompt, price: HiredModel["price"]): Price {
  const input = Buffer.byteLength(JSON.stringify(prompt)) + 256;
  return { tokens: input + prompt.maxTokens, micros: Math.ceil(input * price.input + prompt.maxTokens * price.output) };
}
