/** What owners are told without having asked: on their page, and by mail. */
import { MAIL_TRIES } from "../../owners/rules.js";
import { bytes, jsonb, nullable, type Queryable, type Row, sql, text, time, uuid } from "../../platform/db.js";
import { newId } from "../../platform/ids.js";
import { addJob } from "../../platform/jobs.js";
import { langOf } from "../../platform/letters.js";
import { type NoticeKind, noticeLetter } from "../../platform/notice-letters.js";
import { addressFor } from "../../platform/owner-mail.js";
import type { Services } from "../../platform/services.js";
import { SYSTEM, transaction } from "../../platform/transaction.js";

/** The job that mails a notice; its id is the notice's. */
export const SEND_NOTICE = "send_notice";
const DAY_MS = 86_400_000;
/** How long notices are shown, in days. */
const KEPT_DAYS = 90;

const insertNotice = sql(
  {
    id: uuid,
    agent_id: uuid,
    kind: text,
    key_id: nullable(uuid),
    day: text,
    facts: jsonb,
    now: time,
  },
  { id: uuid },
)`insert into owner_notices (id, owner_id, agent_id, kind, key_id, day, facts, created_at)
  select ${"id"}, a.owner_id, a.id, ${"kind"}, ${"key_id"}, ${"day"}::text::date, ${"facts"}, ${"now"}
  from agents a join owners o on o.id = a.owner_id
  where a.id = ${"agent_id"} and a.deleted_at is null and o.deleted_at is null
  on conflict do nothing returning id`;

const insertOwnNotice = sql(
  { id: uuid, owner_id: uuid, kind: text, day: text, facts: jsonb, now: time },
  { id: uuid },
)`insert into owner_notices (id, owner_id, kind, day, facts, created_at)
  select ${"id"}, o.id, ${"kind"}, ${"day"}::text::date, ${"facts"}, ${"now"}
  from owners o where o.id = ${"owner_id"} and o.deleted_at is null
  on conflict do nothing returning id`;

/** Something an owner should know. */
export interface OwnerNotice {
  agentId: string;
  kind: NoticeKind;
  /** Of a kind about the use of a key, of which there is one a day. */
  keyId?: string;
  facts: Record<string, unknown>;
}

/** Tells the owner of an agent, if it has one, unless the same has been told today. The transaction acts as the server. */
export async function noticeOwner(
  tx: Queryable,
  { agentId, kind, keyId, facts }: OwnerNotice,
  now: Date,
): Promise<void> {
  const made = await insertNotice.maybe(tx, {
    id: newId(),
    agent_id: agentId,
    kind,
    key_id: keyId ?? null,
    day: now.toISOString().slice(0, 10),
    facts: JSON.stringify(facts),
    now,
  });
  if (made) await addJob(tx, SEND_NOTICE, made.id, MAIL_TRIES);
}

/** Tells an owner, once a day, that somebody failed to sign in as them. The transaction acts as the server. */
export async function noticeRefusedSignIn(
  tx: Queryable,
  { ownerId, by }: { ownerId: string; by: string },
  now: Date,
): Promise<void> {
  const made = await insertOwnNotice.maybe(tx, {
    id: newId(),
    owner_id: ownerId,
    kind: "refused_sign_in",
    day: now.toISOString().slice(0, 10),
    facts: JSON.stringify({ by }),
    now,
  });
  if (made) await addJob(tx, SEND_NOTICE, made.id, MAIL_TRIES);
}

const columns = {
  kind: text,
  facts: jsonb,
  created_at: time,
  agent_name: nullable(text),
  owner_id: uuid,
  email_sealed: nullable(bytes),
  language: text,
};
const findNotice = sql({ id: uuid }, columns)`
  select n.kind, n.facts, n.created_at, a.name as agent_name, o.id as owner_id,
    case when n.kind = 'break_glass' then o.email_sealed else ${addressFor.unusual_use} end as email_sealed, o.language
  from owner_notices n left join agents a on a.id = n.agent_id join owners o on o.id = n.owner_id
  where n.id = ${"id"} and o.deleted_at is null`;
const forget = sql({ before: time }, {})`delete from owner_notices where created_at < ${"before"}`;

/** Mails a notice. Rejects when the mail could not be handed over. */
export async function sendNotice({ app, config, mailer, vault }: Services, id: string): Promise<void> {
  const find = (tx: Queryable): Promise<Row<typeof columns> | undefined> => findNotice.maybe(tx, { id });
  const notice = await transaction(app, { actor: SYSTEM }, find, true);
  if (!notice?.email_sealed) return;
  await mailer.send({
    to: vault.open("owner-email", notice.email_sealed, notice.owner_id).toString("utf8"),
    ...noticeLetter[langOf(notice.language)]({
      network: config.networkName,
      kind: notice.kind as NoticeKind,
      agent: notice.agent_name,
      facts: notice.facts as Record<string, unknown>,
      at: notice.created_at.toISOString(),
      site: config.publicUrl,
    }),
  });
}

/** Forgets notices that have been shown long enough. */
export async function sweepNotices({ app, clock }: Services): Promise<void> {
  const before = new Date(clock.now().getTime() - KEPT_DAYS * DAY_MS);
  await transaction(app, { actor: SYSTEM }, (tx) => forget.run(tx, { before }));
}
