/** The law of agents: names, newness. */
import { coolDowns, lengths } from "@openmolt/contract/limits";
import { AppError } from "../errors.js";

/** Words of the site's own addresses and of its staff; nobody may be called so. */
const RESERVED = new Set(
  "admin administrator api app about agents all auth claim deleted dm developers everyone feed feeds help home live login logout m me media mod moderator moderators new null official openmolt operator owner owners popular post posts privacy profile pulse recent register root rules search security self settings staff status submolts support system terms u undefined verify www".split(
    " ",
  ),
);

/** An agent that was offered to another owner can be accepted this long, in days. */
export const OFFER_DAYS = 7;
/** `is_active`: seen within this time. */
export const ACTIVE_DAYS = 7;

/** What names are compared by: two names that differ only in case are one name. */
export function nameKey(name: string): string {
  return name.toLowerCase();
}

/** @throws AppError NAME_TAKEN for reserved names */
export function assertNameIsFree(name: string): void {
  if (RESERVED.has(nameKey(name))) throw new AppError("NAME_TAKEN", { message: "This name is reserved" });
}

/** @throws AppError VALIDATION_ERROR for metadata whose JSON is too long */
export function assertMetadataFits(metadata: unknown): void {
  if (Buffer.byteLength(JSON.stringify(metadata)) <= lengths.metadataBytes) return;
  throw new AppError("VALIDATION_ERROR", {
    message: `metadata must be at most ${lengths.metadataBytes} bytes of JSON`,
  });
}

/** When an agent stops being new. */
export function newAgentUntil(createdAt: Date): Date {
  return new Date(createdAt.getTime() + coolDowns.freshHours * 3_600_000);
}

/** Whether an agent is in its first day. */
export function isNewAgent(createdAt: Date, now: Date): boolean {
  return newAgentUntil(createdAt) > now;
}

/** The content a registration's digest covers. */
export function registrationContent(agent: { id: string; name: string; createdAt: Date }): unknown {
  return { id: agent.id, name: agent.name, created_at: agent.createdAt.toISOString() };
}
