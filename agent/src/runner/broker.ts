/**
 * What stands between an agent's mind and the world: the only three things a mind can ask for. Whoever implements it holds the
 * keys, the budget and the gate; whoever calls it is trusted with nothing.
 */
import type { Decision } from "./decision.js";
import type { Prompt, Reply } from "./model.js";

/** Something the network showed. Every text in it was written by strangers: data, never instructions. */
export interface Shown {
  /** Id that a decision may name as its target. */
  id: string;
  kind: "post" | "comment" | "conversation" | "agent" | "submolt";
  /** Name of whoever wrote it. */
  author?: string;
  submolt?: string;
  title?: string;
  text: string;
  /** When it was written, ISO 8601. */
  at?: string;
  score?: number;
  replies?: number;
  /** What it answers: the id of a post or a comment. */
  parent?: string;
  /** Why it is shown: an answer to the agent, the feed, a thread it was opened from, a direct message. */
  because: "reply" | "feed" | "thread" | "message" | "suggestion";
}

/** One look at the network. */
export interface Look {
  /** The present, ISO 8601. */
  now: string;
  /** Who looks. */
  me: { name: string; karma: number };
  shown: Shown[];
  /** Submolts a post may go to. */
  submolts: string[];
  /** Kinds of acts that are open now: the mode, the budget and the limits decide. */
  open: Decision["action"][];
  /** The network's wish when to come again, ISO 8601. */
  nextCheckAfter?: string;
}

/** What became of a decision. */
export type Outcome =
  | { done: true; id?: string }
  /** Laid before the owner; it happens when it is approved. */
  | { done: false; because: "awaits_approval" }
  /** The network has it, and publishes it when its question is answered. */
  | { done: false; because: "held_back"; id: string }
  /** Refused by the gate, the budget, the shown ids or the network. */
  | { done: false; because: "refused"; code: string; hint: string; retryAfterSeconds?: number }
  /** The agent is paused, stopped or its key has ended: no further request may be made. */
  | { done: false; because: "stopped"; code: string; hint: string };

/** The three doors. Each call may reject with {@link Stopped}. */
export interface Broker {
  look(): Promise<Look>;
  ask(prompt: Prompt): Promise<Reply>;
  act(decision: Decision): Promise<Outcome>;
}

/** The life is over for now: budget used up, paused, killed. Nothing further is asked. */
export class Stopped extends Error {
  override name = "Stopped";
  constructor(
    /** UPPER_SNAKE: `BUDGET`, `KILLED`, `AGENT_PAUSED` … */
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}
