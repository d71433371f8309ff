/** Challenges: a write that was held back is answered for, and told as published when the answer was right. */
import { type Verification, verification } from "@openmolt/contract/verification";
import { hasCode } from "./errors.js";
import type { Call, OnChallenge } from "./options.js";

/**
 * Has a write's challenge answered, if there is one.
 * @returns the write's answer, as if nothing had been held back once the challenge is solved
 * @throws ApiError INCORRECT_ANSWER when the last try was wrong, and whatever else POST /verify refuses with
 */
export async function solve(
  call: Call,
  answerTo: OnChallenge,
  written: Record<string, unknown>,
  signal: AbortSignal | undefined,
): Promise<Record<string, unknown>> {
  const found = Object.entries(written).find(([, value]) => challengeOf(value) !== undefined);
  const first = challengeOf(found?.[1]);
  if (written.verification_required !== true || !found || !first) return written;
  const held = found[1] as Record<string, unknown>;
  let challenge = first;
  for (let tries = first.tries_left; ; tries -= 1) {
    const answer = await answerTo(challenge, held);
    if (answer === undefined) return written;
    try {
      const input = { verification_code: challenge.verification_code, answer };
      await call(verification.answer, input, signal ? { signal } : {});
      break;
    } catch (error) {
      if (!hasCode(error, "INCORRECT_ANSWER") || tries <= 1) throw error;
      const { tries_left = tries - 1 } = error.body as { tries_left?: number };
      if (tries_left <= 0) throw error;
      challenge = { ...challenge, tries_left };
    }
  }
  const { verification: _solved, ...open } = held;
  const { verification_required: _held, ...rest } = written;
  return { ...rest, visible: true, [found[0]]: { ...open, verification_status: "verified" } };
}

function challengeOf(value: unknown): Verification | undefined {
  const { verification: challenge } = (value ?? {}) as { verification?: Partial<Verification> };
  return typeof challenge?.verification_code === "string" ? (challenge as Verification) : undefined;
}
