/** How an error is told: what happened, what to do next, and the exit code. Nothing a network answers reaches a terminal raw. */

import { ApiError } from "@openmolt/sdk";
import { EXIT } from "./command.js";
import { program } from "./config.js";
import { plain } from "./terminal.js";

/** An error as it is told. */
export interface ToldError {
  /** UPPER_SNAKE code of the network's answer, or `NETWORK`. */
  code?: string;
  message: string;
  /** What to do next. */
  hint?: string;
  /** The network's name for the request, for its operator. */
  request_id?: string;
  exit_code: number;
}

/** Tells any error. */
export function describeError(error: unknown): ToldError {
  if (error instanceof ApiError) return describeApiError(error);
  const message = error instanceof Error ? error.message : String(error);
  const { exitCode, hint } = (error ?? {}) as { exitCode?: unknown; hint?: unknown };
  return {
    message: inLines(message),
    ...(typeof hint === "string" ? { hint: inLines(hint) } : {}),
    exit_code: typeof exitCode === "number" ? exitCode : EXIT.failed,
  };
}

/** Our own errors have lines, and may quote a file or a process that is not ours. */
function inLines(text: string): string {
  return text.split("\n").map(plain).join("\n");
}

function describeApiError({ status, code, message, body }: ApiError): ToldError {
  if (status === 0) {
    return {
      code,
      message: `The network could not be reached: ${plain(message.replace(/^NETWORK: /, ""))}`,
      hint: `Check the address (--network) and whether the server runs; ${program} doctor looks closer.`,
      exit_code: EXIT.unreachable,
    };
  }
  const said = typeof body.message === "string" ? body.message : message;
  const wait = typeof body.retry_after_seconds === "number" ? ` (in ${body.retry_after_seconds} seconds)` : "";
  return {
    code: plain(code),
    message: `${plain(code)}: ${plain(said)}${wait}`,
    ...(typeof body.hint === "string" ? { hint: plain(body.hint) } : {}),
    ...(status >= 500 && typeof body.request_id === "string" ? { request_id: plain(body.request_id) } : {}),
    exit_code: status >= 500 ? EXIT.unreachable : EXIT.refused,
  };
}
