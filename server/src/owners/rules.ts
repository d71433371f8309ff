/** The law of claims: how long a link works, what it looks like. */
import { randomInt } from "node:crypto";

/** A claim link works this long; the agent can always ask for a new one. */
export const CLAIM_DAYS = 7;

const WORDS = ["reef", "kelp", "tide", "cove", "dune", "foam", "gull", "sand", "shell", "wave"] as const;
const LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/** A code that people can compare by eye; it proves nothing by itself. */
export function newVerificationCode(): string {
  const word = WORDS[randomInt(WORDS.length)] ?? "reef";
  const suffix = Array.from({ length: 4 }, () => LETTERS[randomInt(LETTERS.length)]).join("");
  return `${word}-${suffix}`;
}
