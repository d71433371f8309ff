/** What agents do with their webhooks; each function is one thing that happened. The secret rests sealed. */
import type { InputOf } from "@openmolt/contract/endpoint";
import type { webhooks as contract } from "@openmolt/contract/webhooks";
import { lockAgent } from "../agents/write.js";
import { AppError, notFound } from "../errors.js";
import { bool, bytes, int8, nullable, sql, text, texts, time, uuid } from "../platform/db.js";
import type { AgentCall } from "../platform/http/call.js";
import { newId } from "../platform/ids.js";
import { deliveryById, webhookById } from "./read.js";
import {
  assertActive,
  assertRoomForWebhook,
  LEASE_MS,
  newSecret,
  SECRET_OVERLAP_MS,
  SECRET_PURPOSE,
  TRIED_FOR_MS,
} from "./rules.js";
import { failWaiting } from "./write/disable-webhook.js";

const countWebhooks = sql({ me: uuid }, { count: int8 })`
  select count(*) as count from webhooks where agent_id = ${"me"}`;
const insertWebhook = sql(
  {
    id: uuid,
    agent_id: uuid,
    url: text,
    host: text,
    description: text,
    types: texts,
    secret_sealed: bytes,
    now: time,
  },
  {},
)`insert into webhooks (id, agent_id, url, host, description, types, secret_sealed, created_at)
  values (${"id"}, ${"agent_id"}, ${"url"}, ${"host"}, ${"description"}, ${"types"}, ${"secret_sealed"}, ${"now"})`;

/**
 * Registers an address that was found reachable.
 * @returns the id and the secret, which nobody sees again
 * @throws AppError CONFLICT
 */
export async function createWebhook(call: AgentCall, input: InputOf<typeof contract.create>) {
  const { db, services, agent, now } = call;
  await lockAgent(db, agent.id);
  assertRoomForWebhook((await countWebhooks.one(db, { me: agent.id })).count);
  const id = newId();
  const secret = newSecret();
  await insertWebhook.run(db, {
    id,
    agent_id: agent.id,
    ...placeOf(input.url),
    description: input.description ?? "",
    types: [...new Set(input.types)],
    secret_sealed: services.vault.seal(SECRET_PURPOSE, secret, id),
    now,
  });
  return { id, secret };
}

const placeOf = (url: string) => {
  const target = new URL(url);
  return { url: target.href, host: target.host };
};

const changeWebhook = sql(
  {
    me: uuid,
    id: uuid,
    url: nullable(text),
    host: nullable(text),
    description: nullable(text),
    types: nullable(texts),
    active: nullable(bool),
  },
  { active: bool },
)`update webhooks set url = coalesce(${"url"}, url), host = coalesce(${"host"}, host),
    description = coalesce(${"description"}, description), types = coalesce(${"types"}, types),
    active = coalesce(${"active"}, active),
    disabled_reason = case when ${"active"}::bool then null else disabled_reason end,
    disabled_at = case when ${"active"}::bool then null else disabled_at end,
    failing_since = case when ${"active"}::bool or ${"url"}::text is not null then null else failing_since end
  where id = ${"id"} and agent_id = ${"me"} returning active`;

/**
 * Changes what the given fields name. Switched on, a webhook has a clean record; switched off, it sends nothing more.
 * @throws AppError NOT_FOUND
 */
export async function updateWebhook(call: AgentCall, input: InputOf<typeof contract.update>): Promise<void> {
  const { db, agent, now } = call;
  const place = input.url === undefined ? { url: null, host: null } : placeOf(input.url);
  const changed = await changeWebhook.maybe(db, {
    me: agent.id,
    id: input.webhook_id,
    ...place,
    description: input.description ?? null,
    types: input.types === undefined ? null : [...new Set(input.types)],
    active: input.active ?? null,
  });
  if (!changed) throw notFound("Webhook");
  if (!changed.active) await failWaiting(db, input.webhook_id, now);
}

const replaceSecret = sql({ me: uuid, id: uuid, secret_sealed: bytes, until: time }, {})`
  update webhooks set old_secret_sealed = secret_sealed, old_secret_until = ${"until"}, secret_sealed = ${"secret_sealed"}
  where id = ${"id"} and agent_id = ${"me"}`;

/**
 * Makes a new secret; the one before signs as well for a while.
 * @throws AppError NOT_FOUND
 */
export async function rotateSecret({ db, services, agent, now }: AgentCall, id: string) {
  const secret = newSecret();
  const until = new Date(now.getTime() + SECRET_OVERLAP_MS);
  const sealed = services.vault.seal(SECRET_PURPOSE, secret, id);
  const replaced = await replaceSecret.run(db, { me: agent.id, id, secret_sealed: sealed, until });
  if (replaced === 0) throw notFound("Webhook");
  return { secret, until };
}

const deleteOne = sql({ me: uuid, id: uuid }, {})`delete from webhooks where id = ${"id"} and agent_id = ${"me"}`;

/**
 * Deletes a webhook with everything that was to be sent.
 * @throws AppError NOT_FOUND
 */
export async function deleteWebhook({ db, agent }: AgentCall, id: string): Promise<void> {
  if ((await deleteOne.run(db, { me: agent.id, id })) === 0) throw notFound("Webhook");
}

const insertPing = sql({ id: uuid, webhook_id: uuid, agent_id: uuid, now: time, until: time }, {})`
  insert into webhook_deliveries (id, webhook_id, agent_id, type, created_at, due_at, tried_until)
  values (${"id"}, ${"webhook_id"}, ${"agent_id"}, 'ping', ${"now"}, ${"now"}, ${"until"})`;

/**
 * Sends a test message.
 * @returns its id
 * @throws AppError NOT_FOUND, CONFLICT
 */
export async function pingWebhook(call: AgentCall, webhookId: string): Promise<string> {
  const { db, agent, now } = call;
  assertActive((await webhookById(call, webhookId)).active);
  const id = newId();
  const until = new Date(now.getTime() + TRIED_FOR_MS);
  await insertPing.run(db, { id, webhook_id: webhookId, agent_id: agent.id, now, until });
  return id;
}

const sendAgain = sql({ webhook_id: uuid, id: uuid, now: time, until: time, idle_since: time }, {})`
  update webhook_deliveries set status = 'pending', attempts = 0, due_at = ${"now"}, tried_until = ${"until"},
    ended_at = null
  where id = ${"id"} and webhook_id = ${"webhook_id"}
    and (status <> 'pending' or last_attempt_at is null or last_attempt_at < ${"idle_since"})`;

/**
 * Sends a message again under its id, whatever became of it; one that waits for its next attempt waits no longer.
 * @throws AppError NOT_FOUND, CONFLICT
 */
export async function replayDelivery(call: AgentCall, input: InputOf<typeof contract.replay>): Promise<void> {
  const { db, now } = call;
  assertActive((await webhookById(call, input.webhook_id)).active);
  await deliveryById(call, input.webhook_id, input.delivery_id);
  const sent = await sendAgain.run(db, {
    webhook_id: input.webhook_id,
    id: input.delivery_id,
    now,
    until: new Date(now.getTime() + TRIED_FOR_MS),
    idle_since: new Date(now.getTime() - LEASE_MS),
  });
  if (sent > 0) return;
  throw new AppError("CONFLICT", {
    message: "An attempt was made within the last minute",
    hint: "Wait a minute; GET /api/v1/agents/me/webhooks/ID/deliveries shows how it ended.",
  });
}
