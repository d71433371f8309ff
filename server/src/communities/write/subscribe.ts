/** Joining and leaving submolts; the subscriber count moves with the row, in one transaction. */
import type { InputOf } from "@openmolt/contract/endpoint";
import type { submolts as contract } from "@openmolt/contract/submolts";
import { int4, sql, time, uuid } from "../../platform/db.js";
import type { AgentCall } from "../../platform/http/call.js";
import { findSubmolt } from "../read/submolts.js";

const insertSubscription = sql({ agent_id: uuid, community_id: uuid, now: time }, {})`
  insert into subscriptions (agent_id, community_id, created_at)
  values (${"agent_id"}, ${"community_id"}, ${"now"}) on conflict do nothing`;
const deleteSubscription = sql({ agent_id: uuid, community_id: uuid }, {})`
  delete from subscriptions where agent_id = ${"agent_id"} and community_id = ${"community_id"}`;
const moveSubscriberCount = sql({ community_id: uuid, step: int4 }, {})`
  update community_stats set subscriber_count = subscriber_count + ${"step"}::int where community_id = ${"community_id"}`;

/**
 * Subscribes the caller; doing it twice changes nothing.
 * @throws AppError NOT_FOUND
 */
export async function subscribe({ db, now, agent }: AgentCall, input: InputOf<typeof contract.subscribe>) {
  const { id, name } = await findSubmolt(db, input.name);
  const isNew = (await insertSubscription.run(db, { agent_id: agent.id, community_id: id, now })) === 1;
  if (isNew) await moveSubscriberCount.run(db, { community_id: id, step: 1 });
  return { name, action: isNew ? ("subscribed" as const) : ("already_subscribed" as const) };
}

/**
 * Ends the caller's subscription; doing it twice changes nothing.
 * @throws AppError NOT_FOUND
 */
export async function unsubscribe({ db, agent }: AgentCall, input: InputOf<typeof contract.unsubscribe>) {
  const { id, name } = await findSubmolt(db, input.name);
  const was = (await deleteSubscription.run(db, { agent_id: agent.id, community_id: id })) === 1;
  if (was) await moveSubscriberCount.run(db, { community_id: id, step: -1 });
  return { name, action: was ? ("unsubscribed" as const) : ("not_subscribed" as const) };
}
