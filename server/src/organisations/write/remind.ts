/** Reminders of access reviews that should have been signed: found once a day, told by mail. */
import { bytes, nullable, sql, text, time, uuid, uuids } from "../../platform/db.js";
import { addJob } from "../../platform/jobs.js";
import { langOf, reviewLetter } from "../../platform/letters.js";
import { addressFor } from "../../platform/owner-mail.js";
import type { Services } from "../../platform/services.js";
import { SYSTEM, transaction } from "../../platform/transaction.js";
import { dueReviews } from "../read/review.js";
import { REMIND_AGAIN_DAYS, reviewDue } from "../rules/review.js";
import { MAIL_TRIES } from "../rules/roles.js";

/** The job that mails a reminder; its id is the owner's. */
export const SEND_REVIEW_REMINDER = "send_review_reminder";

/** Organisations always review; a single owner is reminded by mail only after having begun to. */
const noteDue = sql({ before: time, again: time, now: time }, { scope_id: uuid })`
  insert into access_review_reminders as m (scope_id, reminded_at)
  select s.id, ${"now"} from (
    select distinct coalesce(organisation_id, owner_id) as id from agents
    where owner_id is not null and deleted_at is null) s
  left join organisations o on o.id = s.id
  left join lateral (select max(signed_at) as last from access_reviews r where r.scope_id = s.id) r on true
  where coalesce(r.last, o.created_at) < ${"before"}
  order by s.id
  on conflict (scope_id) do update set reminded_at = excluded.reminded_at where m.reminded_at < ${"again"}
  returning scope_id`;
const findRecipients = sql({ scopes: uuids }, { owner_id: uuid })`
  select owner_id from organisation_members
    where organisation_id = any(${"scopes"}) and role in ('admin', 'reviewer')
  union select id from owners where id = any(${"scopes"}) and deleted_at is null`;
const findAddress = sql({ id: uuid }, { username: text, email_sealed: nullable(bytes), language: text })`
  select o.username, ${addressFor.review} as email_sealed, o.language from owners o where o.id = ${"id"} and o.deleted_at is null`;

/** Looks for reviews that are due and leaves a mail for everybody who could sign them. */
export async function remindReviewers(services: Services): Promise<void> {
  const now = services.clock.now();
  const { reviewDays } = services.config;
  if (reviewDays === 0) return;
  await transaction(services.app, { actor: SYSTEM }, async (db) => {
    const due = await noteDue.all(db, {
      before: reviewDue(now, -reviewDays),
      again: reviewDue(now, -REMIND_AGAIN_DAYS),
      now,
    });
    if (due.length === 0) return;
    const recipients = await findRecipients.all(db, { scopes: due.map(({ scope_id: id }) => id) });
    for (const { owner_id: id } of recipients) await addJob(db, SEND_REVIEW_REMINDER, id, MAIL_TRIES);
  });
}

/** Mails one owner which reviews are due, if there still are any. Rejects when the mail could not be handed over. */
export async function deliverReminder(services: Services, ownerId: string): Promise<void> {
  const now = services.clock.now();
  const mail = await transaction(services.app, { actor: SYSTEM }, async (db) => {
    const owner = await findAddress.maybe(db, { id: ownerId });
    const due = await dueReviews({ db, services, now }, ownerId);
    if (!owner?.email_sealed || due.length === 0) return undefined;
    const { networkName, publicUrl, reviewDays } = services.config;
    const reviews = due.map(({ scopeId, organisation }) => ({
      organisation,
      url: organisation === null ? `${publicUrl}/owner/review` : `${publicUrl}/owner/organisations/${scopeId}/review`,
    }));
    return {
      to: services.vault.open("owner-email", owner.email_sealed, ownerId).toString("utf8"),
      ...reviewLetter[langOf(owner.language)]({
        network: networkName,
        owner: owner.username,
        days: reviewDays,
        reviews,
      }),
    };
  });
  if (mail) await services.mailer.send(mail);
}
