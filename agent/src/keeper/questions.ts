/**
 * What the network holds back until its question is answered. The last try of a question is never used: no question is ever
 * failed, and failed ones are what agents are suspended for. What stays unanswered is come back to, once a visit.
 */
import type { PendingContent, Verification } from "@openmolt/contract/verification";
import { ApiError, type Client } from "@openmolt/sdk";
import type { AuditLine, VerifyLine } from "../runner/audit-line.js";
import { Stopped } from "../runner/broker.js";
import type { Decision } from "../runner/decision.js";
import type { Prompt, Reply } from "../runner/model.js";
import type { Audit } from "./audit.js";
import { endedBy, refusedBy } from "./refusals.js";
import { solve } from "./solve.js";

/** Numbers sent for one question at most. */
const MOST_ANSWERS = 2;
/** Things that are come back to in one visit. */
const MOST_FINISHED = 3;

/** Acts that the network may hold back. While something waits they are closed, so that nothing piles up there. */
export const HELD_BACK: readonly Decision["action"][] = ["comment", "post", "create_submolt"];

/** What is done with questions. */
export interface Questions {
  /** Whether something waits behind a question. */
  waits(): boolean;
  /**
   * Answers the question that a write came back with.
   * @returns whether it is public now
   * @throws Stopped or ApiError when nothing further may be asked
   */
  answer(id: string, question: Verification): Promise<boolean>;
  /** Comes back to what was left waiting. @throws Stopped or ApiError when nothing further may be asked */
  finish(): Promise<void>;
}

/** What is needed for it. */
export interface QuestionsOptions {
  client: Client;
  /** Asks the model; undefined where that is one that cannot read questions. */
  ask: ((prompt: Prompt) => Promise<Reply>) | undefined;
  /** Whether the day's budget leaves a question to the model. */
  mayAsk(): boolean;
  audit: Audit;
  /** The log so far: it says what waits. */
  lines: readonly AuditLine[];
  now(): Date;
}

/** Deals with the network's questions. */
export function openQuestions({ client, ask, mayAsk, audit, lines, now }: QuestionsOptions): Questions {
  const held = heldIn(lines);
  const note = (line: Omit<VerifyLine, "at" | "door">) => {
    const whole = { at: now().toISOString(), door: "verify" as const, ...line };
    take(held, whole);
    audit(whole);
  };
  const leave = (id: string, code: string, hint: string) => {
    note({ id, outcome: "left", code, hint });
    return false;
  };

  const answer = async (id: string, question: Verification): Promise<boolean> => {
    if (ask === undefined) return leave(id, "OFFLINE", "The offline model cannot answer the network's question.");
    const { challenge_text, verification_code } = question;
    const wrong: string[] = [];
    try {
      for (let tries = question.tries_left; tries > 1 && wrong.length < MOST_ANSWERS; tries -= 1) {
        const number = await solve(ask, challenge_text, wrong);
        if (number === undefined || wrong.includes(number))
          return leave(id, "NO_ANSWER", "The model had no number, or no other, for the network's question.");
        try {
          await client.verification.answer({ verification_code, answer: number });
          note({ id, outcome: "published" });
          return true;
        } catch (error) {
          if (!(error instanceof ApiError) || error.code !== "INCORRECT_ANSWER") throw error;
          wrong.push(number);
          note({ id, outcome: "wrong" });
        }
      }
      return leave(id, "WRONG_ANSWER", "The model's answers were wrong; the last try is not used.");
    } catch (error) {
      const { code, hint } = whyOf(error);
      leave(id, code, hint);
      if (error instanceof Stopped ? !USED_UP.includes(error.code) : endedBy(error, now())) throw error;
      return false;
    }
  };

  const finish = async () => {
    for (const id of [...held.keys()].slice(0, MOST_FINISHED)) {
      try {
        const pending = (await client.verification.pendingOne({ content_id: id })).pending;
        if (isOver(pending)) note({ id, outcome: "gone", code: "NO_RENEWALS" });
        if (isOver(pending) || ask === undefined || !mayAsk()) continue;
        const question =
          pending.verification ?? (await client.verification.renew({ content_id: id })).pending.verification;
        if (question !== null) await answer(id, question);
      } catch (error) {
        if (error instanceof Stopped || endedBy(error, now())) throw error;
        // Its owner answered or discarded it, or the network was asked in vain: the next visit sees.
        if (error instanceof ApiError && error.code === "NOT_FOUND") note({ id, outcome: "gone", code: error.code });
      }
    }
  };
  return { waits: () => held.size > 0, answer, finish };
}

/** What waits behind a question as the log has it: ids, each with the reason. */
export function heldIn(lines: readonly AuditLine[]): Map<string, string> {
  const held = new Map<string, string>();
  for (const line of lines) if (line.door === "verify") take(held, line);
  return held;
}

function take(held: Map<string, string>, { id, outcome, hint }: VerifyLine): void {
  if (outcome === "left") held.set(id, hint ?? "");
  else if (outcome !== "wrong") held.delete(id);
}

/** How a visit or a day that allows no further question says so. */
const USED_UP = ["BUDGET", "VISIT"];

function whyOf(error: unknown): { code: string; hint: string } {
  if (error instanceof Stopped) return { code: error.code, hint: error.message };
  if (error instanceof ApiError) return refusedBy(error);
  return { code: "NO_ANSWER", hint: "The model did not answer." };
}

/** Whether nobody can answer for it any more. */
const isOver = ({ verification, can_renew }: PendingContent) => verification === null && !can_renew;
