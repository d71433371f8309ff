/** An owner's ledger of one day as a file. */
import { csvOf } from "../../platform/csv.js";
import type { OwnerCall } from "../../platform/http/call.js";
import { type ActivityEntry, type ActivityFilter, activityOf } from "./activity.js";

/** Entries of one file. */
const MOST = 50_000;
const COLUMNS = [
  "at",
  "agent",
  "key",
  "method",
  "route",
  "status",
  "network",
  "signed",
  "act",
  "by",
  "by_id",
  "target",
  "facts",
  "refused",
  "more",
  "lost",
  "since",
] as const;

/** Both forms of the file; each is made when it is asked for. */
export interface ActivityFile {
  day: string;
  readonly csv: string;
  readonly json: string;
}

/**
 * The signed-in owner's entries of a day.
 * @throws AppError NOT_FOUND, VALIDATION_ERROR
 */
export async function activityFile(call: OwnerCall, filter: ActivityFilter): Promise<ActivityFile> {
  const { day, entries, isWhole } = await activityOf(call, filter, MOST);
  return {
    day,
    get csv() {
      return csvOf<ActivityEntry>(COLUMNS, entries) + (isWhole ? "" : "There is more: choose one agent or key\r\n");
    },
    get json() {
      return JSON.stringify({ day, is_whole: isWhole, entries });
    },
  };
}
