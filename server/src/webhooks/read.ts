/** Webhooks and their messages as their agent sees them; row-level security shows nobody else's. No secret is read here. */
import type { InputOf } from "@openmolt/contract/endpoint";
import type { webhooks as contract, DeliveryView, WebhookView } from "@openmolt/contract/webhooks";
import { notFound } from "../errors.js";
import { bool, int4, nullable, part, type Row, sql, text, texts, time, uuid } from "../platform/db.js";
import type { AgentCall } from "../platform/http/call.js";
import { pageOf, readPage } from "../platform/paging.js";

const LIST = { limit: 25, max: 100 };

const webhook = {
  id: uuid,
  url: text,
  description: text,
  types: texts,
  active: bool,
  disabled_reason: nullable(text),
  disabled_at: nullable(time),
  failing_since: nullable(time),
  created_at: time,
};
const webhookColumns = part`id, url, description, types, active, disabled_reason, disabled_at, failing_since, created_at`;
const listWebhooks = sql({ me: uuid }, webhook)`
  select ${webhookColumns} from webhooks where agent_id = ${"me"} order by created_at, id`;
const findWebhook = sql({ me: uuid, id: uuid }, webhook)`
  select ${webhookColumns} from webhooks where agent_id = ${"me"} and id = ${"id"}`;

const delivery = {
  id: uuid,
  type: text,
  notification_id: nullable(uuid),
  status: text,
  attempts: int4,
  last_status: nullable(int4),
  last_error: nullable(text),
  last_attempt_at: nullable(time),
  due_at: nullable(time),
  created_at: time,
};
const deliveryColumns = part`id, type, notification_id, status, attempts, last_status, last_error, last_attempt_at,
  due_at, created_at`;
const listDeliveries = sql(
  {
    webhook_id: uuid,
    status: nullable(text),
    before: nullable(time),
    before_id: nullable(uuid),
    limit: int4,
    offset: int4,
  },
  delivery,
)`select ${deliveryColumns} from webhook_deliveries where webhook_id = ${"webhook_id"}
    and (${"status"}::text is null or status = ${"status"}::text)
    and (${"before"}::timestamptz is null or (created_at, id) < (${"before"}::timestamptz, ${"before_id"}::uuid))
  order by created_at desc, id desc limit ${"limit"}::int offset ${"offset"}::int`;
const findDelivery = sql({ webhook_id: uuid, id: uuid }, delivery)`
  select ${deliveryColumns} from webhook_deliveries where webhook_id = ${"webhook_id"} and id = ${"id"}`;

/** The caller's webhooks, oldest first. */
export async function webhooksOf({ db, agent }: AgentCall): Promise<WebhookView[]> {
  return (await listWebhooks.all(db, { me: agent.id })).map(webhookView);
}

/**
 * One of the caller's webhooks.
 * @throws AppError NOT_FOUND
 */
export async function webhookById({ db, agent }: AgentCall, id: string): Promise<WebhookView> {
  const row = await findWebhook.maybe(db, { me: agent.id, id });
  if (!row) throw notFound("Webhook");
  return webhookView(row);
}

/**
 * One message of a webhook that is the caller's.
 * @throws AppError NOT_FOUND
 */
export async function deliveryById({ db }: AgentCall, webhookId: string, id: string): Promise<DeliveryView> {
  const row = await findDelivery.maybe(db, { webhook_id: webhookId, id });
  if (!row) throw notFound("Delivery");
  return deliveryView(row);
}

/**
 * One page of what was sent to a webhook of the caller's, newest first.
 * @throws AppError NOT_FOUND, INVALID_CURSOR, OFFSET_TOO_LARGE
 */
export async function deliveriesOf(call: AgentCall, input: InputOf<typeof contract.deliveries>) {
  const { id } = await webhookById(call, input.webhook_id);
  const page = readPage(input, `webhooks/${id}/${input.status ?? "all"}`, ["time", "uuid"], LIST);
  const [before, beforeId] = (page.after ?? []) as [string?, string?];
  const found = await listDeliveries.all(call.db, {
    webhook_id: id,
    status: input.status ?? null,
    before: before === undefined ? null : new Date(before),
    before_id: beforeId ?? null,
    limit: page.limit + 1,
    offset: page.offset,
  });
  const { rows, info } = pageOf(found, page, (row) => [row.created_at.toISOString(), row.id]);
  return { deliveries: rows.map(deliveryView), ...info };
}

function webhookView(row: Row<typeof webhook>): WebhookView {
  return {
    id: row.id,
    url: row.url,
    description: row.description,
    types: [...row.types] as WebhookView["types"],
    active: row.active,
    disabled_reason: row.disabled_reason as WebhookView["disabled_reason"],
    disabled_at: row.disabled_at?.toISOString() ?? null,
    failing_since: row.failing_since?.toISOString() ?? null,
    created_at: row.created_at.toISOString(),
  };
}

function deliveryView(row: Row<typeof delivery>): DeliveryView {
  return {
    id: row.id,
    type: row.type,
    notification_id: row.notification_id,
    status: row.status as DeliveryView["status"],
    attempts: row.attempts,
    last_status: row.last_status,
    last_error: row.last_error as DeliveryView["last_error"],
    last_attempt_at: row.last_attempt_at?.toISOString() ?? null,
    next_attempt_at: row.due_at?.toISOString() ?? null,
    created_at: row.created_at.toISOString(),
  };
}
