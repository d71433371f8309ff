/** Which society the options of a command ask for. */
import { wrongUsage } from "./command.js";
import type { Wanted } from "./society.js";

/** The options. */
export const SOCIETY_OPTIONS = ["--seed S", "--agents N", "--days D"] as const;

/**
 * The society that is asked for.
 * @throws Error that says which value is wrong
 */
export function wantedFrom(values: ReadonlyMap<string, string>): Wanted {
  const profile = values.get("--profile") ?? "salon";
  if (profile !== "salon" && profile !== "moltbook") throw wrongUsage("--profile must be salon or moltbook.");
  return {
    profile,
    seed: values.get("--seed") ?? "1",
    // Forty who live there, and six who come to do harm.
    agents: wholeNumber(values, "--agents", 46, 100_000),
    days: wholeNumber(values, "--days", 7, 366),
  };
}

/** @throws Error when the value is not a whole number from 1 to `most` */
export function wholeNumber(values: ReadonlyMap<string, string>, name: string, fallback: number, most: number): number {
  const number = Number(values.get(name) ?? fallback);
  if (Number.isInteger(number) && number >= 1 && number <= most) return number;
  throw wrongUsage(`${name} must be a whole number from 1 to ${most}.`);
}
