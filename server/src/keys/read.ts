/** Keys as their agent and its owner see them; nothing here could be used as a key. */
import type { KeyView } from "@openmolt/contract/keys";
import { jsonb, part, type Queryable, sql, time, uuid } from "../platform/db.js";
import type { AgentCall } from "../platform/http/call.js";

/** A key that works at `now`, in a statement that calls its row `k`. */
export const livingKey = part`k.revoked_at is null and (k.expires_at is null or k.expires_at > ${"now"}::timestamptz)`;

/** The view of a key, in a statement that calls its row `k`. */
export const keyJson = part`jsonb_build_object('id', k.id, 'name', k.name, 'prefix', k.prefix, 'scopes', k.scopes,
  'networks', k.networks, 'created_at', iso(k.created_at), 'expires_at', iso(k.expires_at),
  'last_used_at', iso(k.last_used_at), 'last_used_route', k.last_used_route, 'last_used_network', k.last_used_network)`;

const listKeys = sql({ agent_id: uuid, now: time }, { key: jsonb })`
  select ${keyJson} as key from agent_keys k where k.agent_id = ${"agent_id"} and ${livingKey}
  order by k.created_at desc, k.id desc limit 100`;
const findKey = sql({ id: uuid }, { key: jsonb })`select ${keyJson} as key from agent_keys k where k.id = ${"id"}`;

/** An agent's keys that work, newest first. The transaction acts as the agent or its owner. */
export async function keysOf(db: Queryable, agentId: string, now: Date): Promise<KeyView[]> {
  const rows = await listKeys.all(db, { agent_id: agentId, now });
  return rows.map(({ key }) => key as KeyView);
}

/** One key of the caller, which is there. */
export async function keyById({ db }: AgentCall, id: string): Promise<KeyView> {
  const { key } = await findKey.one(db, { id });
  return key as KeyView;
}
