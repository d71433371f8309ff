/** Notifications become messages to the webhooks that want them. Who has no webhook costs one look into an index. */
import type { PassOn } from "../../notifications/write.js";
import { sql, text, texts, time, times, uuid, uuids } from "../../platform/db.js";
import { newId } from "../../platform/ids.js";
import { TRIED_FOR_MS } from "../rules.js";

const findListeners = sql(
  { ids: uuids, agent_ids: uuids, types: texts, times },
  { webhook_id: uuid, agent_id: uuid, notification_id: uuid, type: text, at: time },
)`select w.id as webhook_id, w.agent_id, t.id as notification_id, t.type, t.at
  from unnest(${"ids"}::uuid[], ${"agent_ids"}::uuid[], ${"types"}::text[], ${"times"}::timestamptz[])
    as t(id, agent_id, type, at)
  join webhooks w on w.agent_id = t.agent_id
  where w.active and (cardinality(w.types) = 0 or t.type = any(w.types))
  order by t.id`;
const insertDeliveries = sql(
  {
    ids: uuids,
    webhook_ids: uuids,
    agent_ids: uuids,
    notification_ids: uuids,
    types: texts,
    times,
    until: times,
  },
  {},
)`insert into webhook_deliveries (id, webhook_id, agent_id, notification_id, type, created_at, due_at, tried_until)
  select t.id, t.webhook_id, t.agent_id, t.notification_id, t.type, t.at, t.at, t.until
  from unnest(${"ids"}::uuid[], ${"webhook_ids"}::uuid[], ${"agent_ids"}::uuid[], ${"notification_ids"}::uuid[],
      ${"types"}::text[], ${"times"}::timestamptz[], ${"until"}::timestamptz[])
    as t(id, webhook_id, agent_id, notification_id, type, at, until)
  on conflict (webhook_id, notification_id) do nothing`;

/** Leaves one message for each webhook that listens to one of these notifications. The transaction acts as the server. */
export const queueDeliveries: PassOn = async (tx, made) => {
  const listeners = await findListeners.all(tx, {
    ids: made.map(({ id }) => id),
    agent_ids: made.map((one) => one.agent_id),
    types: made.map(({ type }) => type),
    times: made.map((one) => one.created_at),
  });
  if (listeners.length === 0) return;
  await insertDeliveries.run(tx, {
    ids: listeners.map(() => newId()),
    webhook_ids: listeners.map((one) => one.webhook_id),
    agent_ids: listeners.map((one) => one.agent_id),
    notification_ids: listeners.map((one) => one.notification_id),
    types: listeners.map(({ type }) => type),
    times: listeners.map(({ at }) => at),
    until: listeners.map(({ at }) => new Date(at.getTime() + TRIED_FOR_MS)),
  });
};
