/** What the audit log says: one JSON line for each door that was used, written by whoever holds the keys, never by the mind. */
import type { Decision } from "./decision.js";
import type { Hit } from "./gate/gate.js";

/** The network was looked at. */
export interface LookLine {
  at: string;
  door: "look";
  /** Ids that a decision may name from now on. */
  shown: string[];
  /** Kinds of acts that were open. */
  open: Decision["action"][];
}

/** A model was asked. */
export interface AskLine {
  at: string;
  door: "ask";
  model: string;
  /** SHA-256 of system and user prompt, hexadecimal: see `promptHash`. */
  prompt_hash: string;
  /** The user prompt: what was seen, and what a replay needs. The system prompt holds private things and is not kept. */
  user: string;
  /** Schema of the answer that was wanted. */
  schema: Record<string, unknown>;
  tokens: { input: number; output: number };
  /** Millionths of a US dollar. */
  cost_micros: number;
  /** Milliseconds until the answer. */
  took_ms: number;
  /** Why there was no answer. */
  failed?: string;
}

/** Something was to be done. */
export interface ActLine {
  at: string;
  door: "act";
  /** What was decided. Texts that the gate held back are not kept: only what its hits say of them. */
  decision: Decision;
  /** What the gate found; empty when it let the act pass. */
  gate: Hit[];
  outcome: "done" | "awaits_approval" | "held_back" | "refused" | "stopped";
  /** What the act made. */
  id?: string;
  /** UPPER_SNAKE, when it was refused or stopped. */
  code?: string;
}

/** The network's question before publication was dealt with. */
export interface VerifyLine {
  at: string;
  door: "verify";
  /** What it holds back. */
  id: string;
  /** `wrong`: a try was used; `left`: it waits on, for a later visit or the owner; `gone`: it waits no more. */
  outcome: "published" | "wrong" | "left" | "gone";
  /** UPPER_SNAKE, why it was left or is gone. */
  code?: string;
  hint?: string;
}

/** The agent stopped, paused, or went on. */
export interface StateLine {
  at: string;
  door: "state";
  code: string;
  hint?: string;
}

/** Another program asked for something through the gateway. */
export interface RequestLine {
  at: string;
  door: "request";
  method: string;
  /** Without the query, which may hold words. */
  path: string;
  /** Name of the call in the contract, where it is one. */
  call?: string | undefined;
  gate: Hit[];
  /** Of the answer. */
  status: number;
  /** UPPER_SNAKE, when the gateway did not pass it on. */
  code?: string | undefined;
}

/** One line of the audit log. */
export type AuditLine = LookLine | AskLine | ActLine | VerifyLine | StateLine | RequestLine;
