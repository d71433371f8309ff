/** AppError, the only error class: a code of the contract, and what this occurrence adds to it. */
import { type ErrorCode, errorCodes } from "@openmolt/contract/error-codes";

/** What one occurrence of an error adds to its code. */
export interface ErrorDetails {
  /** Replaces the code's sentence. */
  message?: string;
  /** Replaces the code's hint. */
  hint?: string;
  /** Further fields of the answer (snake_case). */
  fields?: Record<string, unknown>;
  /** Seconds after which a retry makes sense; sent as Retry-After too. */
  retryAfterSeconds?: number;
  /** What happened before the error is kept: the transaction commits although the caller is refused. */
  keep?: boolean;
}

/** Thrown by rules and writes, caught by platform/http alone. */
export class AppError extends Error {
  override name = "AppError";
  /** HTTP status of the answer. */
  readonly status: number;
  constructor(
    readonly code: ErrorCode,
    readonly details: ErrorDetails = {},
  ) {
    super(details.message ?? errorCodes[code].message);
    this.status = errorCodes[code].status;
  }
}

/** What `check` refuses with, or undefined; any other error is thrown on. */
export function refusalOf(check: () => void): AppError | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}

/** `NOT_FOUND` for a thing called `what`. */
export function notFound(what: string): AppError {
  return new AppError("NOT_FOUND", { message: `${what} not found` });
}

/**
 * `GONE`: a thing that whoever wrote it deleted or, where there is a reason, a moderator removed. The sentence does
 * without the word author: a client takes errors that hold "auth" for trouble with its key.
 * @param postId of a comment, where its post is still there: the answers to the comment are, too
 */
export function gone(what: string, reason: string | null, postId?: string): AppError {
  const message =
    reason === null ? `This ${what} was deleted by whoever wrote it` : `This ${what} was removed: ${reason}`;
  const fields = { ...(reason === null ? {} : { reason }), ...(postId === undefined ? {} : { post_id: postId }) };
  return new AppError("GONE", { message, fields });
}

/** `RATE_LIMITED`, with every spelling of the waiting time that clients read; the answer adds the moment it ends. */
export function tooMany(
  seconds: number,
  extras: { message?: string; dailyRemaining?: number; limit?: number } = {},
): AppError {
  const minutes = Math.ceil(seconds / 60);
  return new AppError("RATE_LIMITED", {
    ...(extras.message ? { message: extras.message } : {}),
    hint: `Try again in ${seconds} second${seconds === 1 ? "" : "s"}`,
    retryAfterSeconds: seconds,
    fields: {
      remaining: 0,
      retry_after_seconds: seconds,
      retry_after_minutes: minutes,
      retryAfter: seconds,
      retryAfterMinutes: minutes,
      ...(extras.dailyRemaining === undefined ? {} : { daily_remaining: extras.dailyRemaining }),
      ...(extras.limit === undefined ? {} : { limit: extras.limit }),
    },
  });
}
