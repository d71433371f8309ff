/** The law of organisations: who may do what in one, and what its name may be. */
import type { OrganisationRole } from "@openmolt/contract/organisations";
import { AppError } from "../../errors.js";
import { assertPlainName } from "../../platform/unicode.js";

const DAY_MS = 86_400_000;

/** An invitation works this long, in days: somebody may be away for a week. */
export const INVITATION_DAYS = 7;
/** Invitations of one organisation that may be open at once: each may be a mail to a stranger. */
export const MOST_INVITATIONS = 50;
/** Organisations one owner may belong to. */
const MOST_ORGANISATIONS = 20;
/** A mail that could not be sent is tried for about half an hour. */
export const MAIL_TRIES = 7;

/** Who may change an organisation and its agents. */
export const ADMINS: readonly OrganisationRole[] = ["admin"];
/** Who may decide in an access review and sign it. */
export const REVIEWERS: readonly OrganisationRole[] = ["admin", "reviewer"];
/** Everybody in an organisation. */
export const MEMBERS: readonly OrganisationRole[] = ["admin", "reviewer", "viewer"];

/** @throws AppError FORBIDDEN */
export function assertRole(role: OrganisationRole, allowed: readonly OrganisationRole[]): void {
  if (allowed.includes(role)) return;
  throw new AppError("FORBIDDEN", {
    message: `As a ${role} you may not do that`,
    hint: `It takes a member with the role ${allowed.join(" or ")}; ask an admin of the organisation.`,
  });
}

/**
 * What an organisation may be called. The name stands in mails to strangers, so nothing in it may become a link.
 * @returns the name without blanks around it
 * @throws AppError VALIDATION_ERROR
 */
export function organisationName(text: string): string {
  const name = text.trim().normalize("NFC");
  assertPlainName(name, "name");
  if (!/[:/@\\]|\.\S/u.test(name)) return name;
  throw new AppError("VALIDATION_ERROR", { message: "name must not look like an address" });
}

/**
 * An organisation always has an admin.
 * @param admins how many it has
 * @param isAdmin whether the member who goes or changes is one of them
 * @throws AppError CONFLICT
 */
export function assertAdminRemains(admins: number, isAdmin: boolean): void {
  if (!isAdmin || admins > 1) return;
  throw new AppError("CONFLICT", {
    message: "An organisation must keep an admin",
    hint: "Make another member admin first.",
  });
}

/** @throws AppError CONFLICT when an owner belongs to as many organisations as one may */
export function assertMayJoinAnother(joined: number): void {
  if (joined < MOST_ORGANISATIONS) return;
  throw new AppError("CONFLICT", {
    message: `You belong to ${MOST_ORGANISATIONS} organisations, more are not allowed`,
    hint: "Leave one first.",
  });
}

/** When an invitation made now ends. */
export function invitationEnds(now: Date): Date {
  return new Date(now.getTime() + INVITATION_DAYS * DAY_MS);
}
