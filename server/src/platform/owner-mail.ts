/** Which mails an owner wants, for every statement that looks for an address to write to. */
import { MAIL_KINDS, type MailKind } from "@openmolt/contract/owned";
import { type Fragment, part } from "./db.js";

const unless = (unwanted: Fragment) => part`case when ${unwanted} then null else o.email_sealed end`;

/** The sealed address of owner `o`, or null where mail of a kind is not wanted. */
export const addressFor: Readonly<Record<MailKind, Fragment>> = {
  leaked_key: unless(part`'leaked_key' = any(o.unwanted_mails)`),
  key_ends: unless(part`'key_ends' = any(o.unwanted_mails)`),
  unusual_use: unless(part`'unusual_use' = any(o.unwanted_mails)`),
  review: unless(part`'review' = any(o.unwanted_mails)`),
  offer: unless(part`'offer' = any(o.unwanted_mails)`),
};

/** All kinds but those that are wanted. */
export function unwantedMails(wanted: Partial<Record<MailKind, boolean>>): MailKind[] {
  return MAIL_KINDS.filter((kind) => !wanted[kind]);
}
