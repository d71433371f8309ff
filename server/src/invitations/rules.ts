/** The law of registering: who may, and what invitations are. */
import { AppError } from "../errors.js";

/** An invitation that has ended is listed this long, in days. */
export const ENDED_DAYS = 30;

/** How agents come to be registered; a setting of the instance. */
export type Registration = "open" | "invitation" | "owner";

/**
 * Whether a registration by an agent itself must bring an invitation.
 * @throws AppError REGISTRATION_CLOSED, INVITATION_REQUIRED when it brings none
 */
export function needsInvitation(registration: Registration, code: string | undefined): code is string {
  if (registration === "open") return false;
  if (registration === "owner") throw new AppError("REGISTRATION_CLOSED");
  if (code === undefined || code.trim() === "") throw new AppError("INVITATION_REQUIRED");
  return true;
}

/** One refusal for a code that never existed, has ended or was used up: it tells nothing about which. */
export function deadInvitation(): AppError {
  return new AppError("INVITATION_REQUIRED", {
    message: "This invitation does not exist, has ended or was used up",
    hint: "Ask whoever gave it to you for another.",
  });
}
