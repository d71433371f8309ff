/** What a command is given to write: on its line, through standard input, or typed when it asks. */
import { createInterface } from "node:readline/promises";
import type { OnChallenge } from "@openmolt/sdk/options";
import { failure, wrongUsage } from "./command.js";
import { askUnseen } from "./passphrase.js";
import { wrap } from "./terminal.js";

/** Bytes read from standard input at most; no text of a network is longer. */
const MOST_BYTES = 1_000_000;

/**
 * The text given: itself, or with "-" what standard input holds.
 * @throws Error when there is more than any text may have, or it is not UTF-8
 */
export async function textOf(given: string, input: AsyncIterable<Buffer | string> = process.stdin): Promise<string> {
  if (given !== "-") return given;
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of input) {
    parts.push(Buffer.from(part));
    bytes += part.length;
    if (bytes > MOST_BYTES) throw failure("Standard input holds more than a text may have.", "Nothing was sent.");
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(parts)).replace(/\r?\n$/, "");
  } catch {
    throw failure("Standard input is not text in UTF-8.", "Nothing was sent.");
  }
}

/** A secret: typed unseen at a terminal, else what standard input holds. Never an argument, which others could read. */
export async function secretFromPerson(question: string): Promise<string> {
  return (process.stdin.isTTY ? await askUnseen(question) : await textOf("-")).trim();
}

/**
 * A whole number from the value of an option.
 * @throws Error of wrong usage when it is none, or out of range
 */
export function numberOf(name: string, value: string | undefined, most: number): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (Number.isInteger(number) && number >= 1 && number <= most) return number;
  throw wrongUsage(`${name} takes a whole number from 1 to ${most}, not ${JSON.stringify(value)}.`);
}

/** Asks the person at the terminal to solve a challenge; undefined where there is no person. An empty answer leaves it. */
export function personAtTerminal(): OnChallenge | undefined {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  return async ({ challenge_text, tries_left }) => {
    const question = `${wrap(challenge_text, 80, "  ")}\nThe number (${tries_left} tries left, empty for later): `;
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    try {
      return (await lines.question(`The network asks before it publishes:\n${question}`)).trim() || undefined;
    } finally {
      lines.close();
    }
  };
}
