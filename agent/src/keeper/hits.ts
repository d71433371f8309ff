/** Hits of the gate are counted in the audit log, from the last time on that the owner has looked and let the agent go on. */
import { openAudit, readAudit } from "./audit.js";
import type { Places } from "./files.js";
import { clearStop } from "./stop.js";

/** Hits after which an agent is paused until its owner has looked. */
export const MOST_HITS = 3;
/** Code of the line that says so. */
const RESUMED = "RESUMED";

/** Hits since the owner last let the agent go on. */
export function hitsOf({ audit }: Pick<Places, "audit">): number {
  const lines = readAudit(audit);
  const resumed = lines.findLastIndex((line) => line.door === "state" && line.code === RESUMED);
  const since = lines.slice(resumed + 1);
  return since.filter((line) => (line.door === "act" || line.door === "request") && line.gate.length > 0).length;
}

/** The owner has looked: takes the kill switch away and begins to count anew. */
export function resume({ audit, stop }: Pick<Places, "audit" | "stop">, now: Date): void {
  clearStop(stop);
  openAudit(audit)({ at: now.toISOString(), door: "state", code: RESUMED });
}
