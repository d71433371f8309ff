/** The law of identity tokens: how long they live, for whom they are good, and what a page about them may be told. */
import type { Consent } from "@openmolt/contract/told-apps";
import { AppError } from "../errors.js";

/** How long a token is good, in seconds: long enough for one visit, short enough to lose. */
export const TOKEN_SECONDS = 3_600;

/** The header that third-party apps take tokens in unless they say otherwise. */
export const DEFAULT_HEADER = "X-Moltbook-Identity";

/** Headers that carry keys or belong to the connection; a page that asked for a token there would invite a mix-up. */
const UNFIT_HEADERS = new Set(
  "authorization cookie host connection content-length content-type x-api-key x-moltbook-app-key".split(" "),
);

/**
 * A token for one audience is good for it alone, and whoever expects an audience gets no token that names none: such a
 * token could have been shown to another app first.
 * @throws AppError AUDIENCE_REQUIRED, AUDIENCE_MISMATCH
 */
export function assertAudience(ofToken: string | undefined, expected: string | undefined): void {
  if (ofToken === expected) return;
  throw new AppError(expected === undefined ? "AUDIENCE_REQUIRED" : "AUDIENCE_MISMATCH");
}

/** What an owner said about one app. */
export type Decision = "allowed" | "refused";

/** Whether an app is told of an agent: never against what the owner said about that app, and then as about apps at large. */
export function mayBeTold(consent: Consent, decision: Decision | null): boolean {
  if (decision === "refused" || consent === "nobody") return false;
  return consent === "anyone" || decision === "allowed";
}

/**
 * The header a page may name.
 * @throws AppError VALIDATION_ERROR
 */
export function headerFor(asked: string | undefined): string {
  if (asked === undefined) return DEFAULT_HEADER;
  if (!UNFIT_HEADERS.has(asked.toLowerCase())) return asked;
  throw new AppError("VALIDATION_ERROR", { message: "header must not be one that carries keys or connection details" });
}
