/** Which addresses webhooks may call: asked when an agent names one, and again at every attempt, because names change. */
import type { Config } from "../../config.js";
import { AppError } from "../../errors.js";
import type { Call } from "../../platform/http/call.js";
import { assertFetchable, FetchFailed, type GuardOptions, reachOf } from "../../platform/safe-fetch.js";
import { ATTEMPT_MS } from "../rules.js";

/** What every call is held to: https on the public internet, unless the operator lets webhooks go to its own machines. */
export function guardOf({ privateWebhooks }: Config): GuardOptions {
  return { ...reachOf(privateWebhooks), timeoutMs: ATTEMPT_MS };
}

/**
 * Lets a request through whose address may be called. The refusal does not tell a name without an address from one with
 * a private address: nobody shall learn here which names a network knows.
 * @throws AppError VALIDATION_ERROR
 */
export async function withReachable<C extends Call>(call: C, url: string | undefined): Promise<C> {
  if (url === undefined) return call;
  try {
    await assertFetchable(url, guardOf(call.services.config));
  } catch (error) {
    if (!(error instanceof FetchFailed)) throw error;
    const what =
      error.reason === "url" || error.reason === "port"
        ? "an https address on port 443, without a user name"
        : "an address on the public internet";
    throw new AppError("VALIDATION_ERROR", { message: `url must be ${what}` });
  }
  return call;
}
