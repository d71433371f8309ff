/**
 * One attempt to deliver a message: taken from the database with a lease, made from its notification as it is now, sent
 * outside any transaction, and its end written down. A server that dies in between leaves the lease to run out.
 */
import type { DeliveryError } from "@openmolt/contract/webhooks";
import { notificationById } from "../../notifications/read/notifications.js";
import {
  bool,
  bytes,
  int4,
  nullable,
  type Queryable,
  type Row,
  sql,
  text,
  texts,
  time,
  uuid,
} from "../../platform/db.js";
import { FetchFailed, type FetchFailure, guardedFetch } from "../../platform/safe-fetch.js";
import type { Services } from "../../platform/services.js";
import { SYSTEM, transaction } from "../../platform/transaction.js";
import {
  ANSWER_BYTES,
  disabledBy,
  HALTED_MS,
  LEASE_MS,
  nextAttempt,
  type Outcome,
  outcomeOf,
  SECRET_PURPOSE,
  signedHeaders,
} from "../rules.js";
import { disableWebhook } from "./disable-webhook.js";
import { guardOf } from "./reach.js";

const taken = {
  id: uuid,
  webhook_id: uuid,
  agent_id: uuid,
  notification_id: nullable(uuid),
  type: text,
  attempts: int4,
  tried_until: time,
  created_at: time,
  url: text,
  host: text,
  secret_sealed: bytes,
  old_secret_sealed: nullable(bytes),
  is_active: bool,
  is_failing: bool,
  is_halted: bool,
};
const takeDue = sql({ now: time, lost_at: time, full_hosts: texts, healthy_only: bool }, taken)`
  with next as (select d.id from webhook_deliveries d join webhooks w on w.id = d.webhook_id
      where d.due_at <= ${"now"} and w.host <> all(${"full_hosts"}) and (not ${"healthy_only"}::bool or w.failing_since is null)
      order by d.due_at limit 1 for update of d skip locked)
  update webhook_deliveries d set attempts = d.attempts + 1, last_attempt_at = ${"now"}, due_at = ${"lost_at"}
  from next, webhooks w, agents a where d.id = next.id and w.id = d.webhook_id and a.id = d.agent_id
  returning d.id, d.webhook_id, d.agent_id, d.notification_id, d.type, d.attempts, d.tried_until, d.created_at, w.url,
    w.host, w.secret_sealed, case when w.old_secret_until > ${"now"} then w.old_secret_sealed end as old_secret_sealed,
    w.active as is_active, w.failing_since is not null as is_failing,
    a.paused_at is not null or a.claimed_at is null or coalesce(a.suspended_until > ${"now"}, false) as is_halted`;

/** A message that is to be sent now. */
export type Errand = Row<typeof taken> & { body: string };

/** What this process is busy with, so that it takes nothing that would have to wait. */
export interface Busy {
  /** Hosts that as many calls are under way to as may be. */
  fullHosts: readonly string[];
  /** Webhooks that fail at present have as many calls under way as may be. */
  healthyOnly: boolean;
}

/** Takes the message that has waited longest; undefined when none is due, null when the one taken is not sent now. */
export function takeErrand(services: Services, { fullHosts, healthyOnly }: Busy): Promise<Errand | null | undefined> {
  const now = services.clock.now();
  const lostAt = new Date(now.getTime() + LEASE_MS);
  return transaction(services.app, { actor: SYSTEM }, async (tx) => {
    const row = await takeDue.maybe(tx, { now, lost_at: lostAt, full_hosts: fullHosts, healthy_only: healthyOnly });
    if (!row) return undefined;
    const data = row.notification_id
      ? await notificationById(tx, row.notification_id, row.agent_id)
      : { webhook_id: row.webhook_id };
    if (!data || !row.is_active || (row.is_halted && row.tried_until <= now)) {
      await giveUp.run(tx, { id: row.id, now });
      return null;
    }
    if (row.is_halted) {
      await wait.run(tx, { id: row.id, webhook_id: row.webhook_id, at: new Date(now.getTime() + HALTED_MS) });
      return null;
    }
    return { ...row, body: JSON.stringify({ type: row.type, timestamp: row.created_at.toISOString(), data }) };
  });
}

const giveUp = sql({ id: uuid, now: time }, {})`
  update webhook_deliveries set status = 'failed', attempts = attempts - 1, due_at = null, ended_at = ${"now"}
  where id = ${"id"}`;
/** All that is due at the webhook waits, not only the one that was taken. */
const wait = sql({ id: uuid, webhook_id: uuid, at: time }, {})`
  update webhook_deliveries set due_at = ${"at"}, attempts = attempts - (id = ${"id"})::int
  where webhook_id = ${"webhook_id"} and due_at < ${"at"}`;

const ERRORS: Record<FetchFailure, DeliveryError> = {
  url: "address",
  port: "address",
  address: "address",
  unresolved: "address",
  timeout: "timeout",
  connection: "connection",
  "too-large": "connection",
};

/** Sends a message and writes down what came of it. */
export async function deliver(services: Services, errand: Errand): Promise<void> {
  const outcome = await send(services, errand);
  const now = services.clock.now();
  await transaction(services.app, { actor: SYSTEM }, (tx) => noteOutcome(tx, errand, outcome, now));
}

async function send({ clock, config, vault }: Services, errand: Errand): Promise<Outcome> {
  const secrets = [errand.secret_sealed, ...(errand.old_secret_sealed ? [errand.old_secret_sealed] : [])].map(
    (sealed) => vault.open(SECRET_PURPOSE, sealed, errand.webhook_id).toString("utf8"),
  );
  const now = clock.now();
  try {
    const { status, headers } = await guardedFetch(errand.url, {
      ...guardOf(config),
      method: "POST",
      headers: {
        "content-type": "application/json",
        "user-agent": `OpenMolt (+${config.publicUrl})`,
        ...signedHeaders(errand.id, now, errand.body, secrets),
      },
      body: errand.body,
      maxBytes: ANSWER_BYTES,
      cut: true,
    });
    return outcomeOf(status, headers["retry-after"], now);
  } catch (error) {
    if (error instanceof FetchFailed) return { status: null, error: ERRORS[error.reason], retryAfter: null };
    throw error;
  }
}

/** Without the key: messages that refer to the webhook may be added meanwhile. */
const holdWebhook = sql({ id: uuid }, { active: bool, failing_since: nullable(time) })`
  select active, failing_since from webhooks where id = ${"id"} for no key update`;
const noteSuccess = sql({ id: uuid, attempts: int4, last_status: nullable(int4), now: time }, {})`
  update webhook_deliveries set status = 'delivered', last_status = ${"last_status"}, last_error = null, due_at = null,
    ended_at = ${"now"}
  where id = ${"id"} and attempts = ${"attempts"} and status = 'pending'`;
const noteFailure = sql(
  {
    id: uuid,
    attempts: int4,
    last_status: nullable(int4),
    last_error: nullable(text),
    due_at: nullable(time),
    now: time,
  },
  {},
)`update webhook_deliveries set last_status = ${"last_status"}, last_error = ${"last_error"}, due_at = ${"due_at"},
    status = case when ${"due_at"}::timestamptz is null then 'failed' else 'pending' end,
    ended_at = case when ${"due_at"}::timestamptz is null then ${"now"}::timestamptz end
  where id = ${"id"} and attempts = ${"attempts"} and status = 'pending'`;
const noteFailing = sql({ id: uuid, since: nullable(time) }, {})`
  update webhooks set failing_since = ${"since"} where id = ${"id"}`;

async function noteOutcome(tx: Queryable, errand: Errand, outcome: Outcome, now: Date): Promise<void> {
  const { id, webhook_id: webhookId, attempts } = errand;
  const webhook = await holdWebhook.maybe(tx, { id: webhookId });
  if (!webhook) return;
  const { status: last_status, error: last_error } = outcome;
  if (last_error === null) {
    await noteSuccess.run(tx, { id, attempts, last_status, now });
    if (webhook.failing_since) await noteFailing.run(tx, { id: webhookId, since: null });
    return;
  }
  const failingSince = webhook.failing_since ?? now;
  const reason = disabledBy(outcome, failingSince, now);
  const isOver = reason !== null || !webhook.active;
  const due_at = isOver ? null : nextAttempt(attempts, outcome, Math.random(), now, errand.tried_until);
  await noteFailure.run(tx, { id, attempts, last_status, last_error, due_at, now });
  if (!webhook.failing_since) await noteFailing.run(tx, { id: webhookId, since: failingSince });
  if (reason) await disableWebhook(tx, webhookId, reason, now);
}
