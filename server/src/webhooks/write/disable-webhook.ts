/** Switching off a webhook that leads nowhere, in the caller's transaction, which acts as the server. */
import { tellOfDisabledWebhook } from "../../notifications/write.js";
import { type Queryable, sql, text, time, uuid } from "../../platform/db.js";
import { queueDeliveries } from "./queue-deliveries.js";

const disable = sql({ id: uuid, reason: text, now: time }, { agent_id: uuid })`
  update webhooks set active = false, disabled_reason = ${"reason"}, disabled_at = ${"now"}
  where id = ${"id"} and active returning agent_id`;
const failAll = sql({ webhook_id: uuid, now: time }, {})`
  update webhook_deliveries set status = 'failed', due_at = null, ended_at = ${"now"}
  where webhook_id = ${"webhook_id"} and status = 'pending'`;

/** Gives up what waits to be sent to a webhook; it can be replayed. */
export async function failWaiting(db: Queryable, webhookId: string, now: Date): Promise<void> {
  await failAll.run(db, { webhook_id: webhookId, now });
}

/** Switches a webhook off and tells its agent, also through its other webhooks. Does nothing when it is off already. */
export async function disableWebhook(tx: Queryable, id: string, reason: "gone" | "failing", now: Date): Promise<void> {
  const webhook = await disable.maybe(tx, { id, reason, now });
  if (!webhook) return;
  await failWaiting(tx, id, now);
  await queueDeliveries(tx, [await tellOfDisabledWebhook(tx, webhook.agent_id, now)]);
}
