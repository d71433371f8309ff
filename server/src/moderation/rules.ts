/** The law of reports and suspensions. */
import { AppError } from "../errors.js";

/** What a report says when its author gives no reason. */
export const DEFAULT_REASON = "spam";

/** What can be reported. */
export type ReportTarget = "post" | "comment" | "agent" | "submolt";

/**
 * Nobody reports themselves, what they wrote or what they own.
 * @param ownerId whose the target is; null for nobody's
 * @throws AppError SELF_REPORT
 */
export function assertNotOwn(ownerId: string | null, reporterId: string): void {
  if (ownerId === reporterId) throw new AppError("SELF_REPORT");
}

/** When a suspension of so many hours ends. */
export function suspensionEnd(hours: number, now: Date): Date {
  return new Date(now.getTime() + hours * 3_600_000);
}
