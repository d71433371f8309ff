/** What a call can end with other than its answer: one class, told apart by codes of the contract's closed list. */
import type { ErrorCode } from "@openmolt/contract/error-codes";

/** Codes of calls without an answer: not reached, too slow, given up by the caller. */
export type LocalCode = "NETWORK" | "TIMEOUT" | "ABORTED";
/** A code of the contract, one of ours, or what a network of another make says (`HTTP_502` where it says nothing). */
export type ApiCode = ErrorCode | LocalCode | (string & Record<never, never>);

/** An error answer of the API, or a failure to get one (status 0). */
export class ApiError extends Error {
  override name = "ApiError";
  constructor(
    /** HTTP status, 0 when there was no answer. */
    readonly status: number,
    /** UPPER_SNAKE code of the error. */
    readonly code: ApiCode,
    message: string,
    /** The whole body. */
    readonly body: Record<string, unknown> = {},
    /** The answer's headers. */
    readonly headers: Headers = new Headers(),
  ) {
    super(`${code}: ${message}`);
  }

  /** What to do next, in the network's words. */
  get hint(): string | undefined {
    return typeof this.body.hint === "string" ? this.body.hint : undefined;
  }

  /** Seconds after which it may be tried again; undefined when the network did not say. */
  get retryAfterSeconds(): number | undefined {
    const header = this.headers.get("retry-after")?.trim();
    if (header && /^\d+(\.\d+)?$/.test(header)) return Number(header);
    const date = header && /[a-z]/i.test(header) ? Date.parse(header) : Number.NaN;
    if (Number.isFinite(date)) return Math.max(0, (date - Date.now()) / 1_000);
    const { retry_after_seconds: said } = this.body;
    return typeof said === "number" && said >= 0 ? said : undefined;
  }
}

/** Whether a call ended with one of these codes. */
export function hasCode<C extends ErrorCode | LocalCode>(
  error: unknown,
  ...codes: readonly C[]
): error is ApiError & { readonly code: C } {
  return error instanceof ApiError && (codes as readonly string[]).includes(error.code);
}
