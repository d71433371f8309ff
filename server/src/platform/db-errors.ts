/** What errors of the database mean, and which of several was the cause. */

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

/** Serialization failures and deadlocks: the same transaction may be tried again. */
export function isRetryable(error: unknown): boolean {
  return codeOf(error) === "40001" || codeOf(error) === "40P01";
}

const AWAY = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ENOENT",
  "ETIMEDOUT",
  "57P01",
  "57P02",
  "57P03",
  // The disk does not do what it is told.
  "58030",
]);
const AWAY_TEXT =
  /Connection terminated|Query read timeout|timeout exceeded when trying to connect|Client has encountered a connection|Cannot use a pool after|not currently accepting connections/;

/** Whether the database could not be reached, was lost, or gave up in time: 503, never a wrong answer. */
export function isUnavailable(error: unknown): boolean {
  const code = codeOf(error);
  // Class 08 is about connections, class 53 about what has run out: connections, disk, memory.
  if (AWAY.has(code) || /^(08|53)/.test(code) || code === "57014" || code === "55P03" || code === "25P03") return true;
  return error instanceof Error && AWAY_TEXT.test(error.message);
}

/** Whether a statement was broken off because it took longer than it may. */
export function isTimeout(error: unknown): boolean {
  return codeOf(error) === "57014";
}

/** Whether a lock was waited for longer than may be. */
export function isLockTimeout(error: unknown): boolean {
  return codeOf(error) === "55P03";
}

/** Whether the database refused a second row with this key. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  if (codeOf(error) !== "23505") return false;
  return constraint === undefined || (error as { constraint?: string }).constraint === constraint;
}

/** What is said where a commit was answered with a rollback. */
export const ROLLED_BACK = "The transaction was rolled back";

/** What failed first in each open transaction. Whatever was sent behind it fails, too, and may be heard of before it. */
const failures = new WeakMap<object, { first?: unknown }>();

/** From now on what fails first on a connection is remembered. */
export function watchFailures(connection: object): void {
  failures.set(connection, {});
}

/** Ends {@link watchFailures}. */
export function forgetFailures(connection: object): void {
  failures.delete(connection);
}

/** Remembers an error of a watched connection, if it is the first. */
export function noteFailure(connection: object, error: unknown): void {
  const known = failures.get(connection);
  if (known && !("first" in known)) known.first = error;
}

/** Why a transaction failed: what failed first, where `error` only says that something had failed before. */
export function causeOf(connection: object, error: unknown): unknown {
  const isConsequence = codeOf(error) === "25P02" || (error instanceof Error && error.message === ROLLED_BACK);
  return isConsequence ? (failures.get(connection)?.first ?? error) : error;
}
