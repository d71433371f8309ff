/** Keys that end soon, by their time or because nobody uses them, while there is still something to be done about it. */
import { type Fragment, part } from "../../platform/db.js";
import { livingKey } from "../read.js";

/** When the key `k` lapses because nobody uses it; null where unused keys do not. */
const lapse = part`case when ${"unused_days"}::int > 0
  then coalesce(k.last_used_at, k.created_at) + make_interval(days => ${"unused_days"}::int) end`;
/** When the key `k` ends if nothing is done. */
export const endOfKey = part`least(k.expires_at, ${lapse})`;
/** A key `k` that works and was not replaced: one with its name that is newer takes its place. */
export const keyInUse = part`${livingKey} and not exists (select from agent_keys n
  where n.agent_id = k.agent_id and n.name = k.name and (n.created_at, n.id) > (k.created_at, k.id)
    and n.revoked_at is null and (n.expires_at is null or n.expires_at > ${"now"}::timestamptz))`;

/**
 * What helps a key that ends: being used; being rotated, where that prolongs it and the key may; or the owner.
 */
export type Remedy = "use" | "rotate" | "owner";
/** A key that ends soon. */
export interface EndingKey {
  name: string;
  prefix: string;
  ends_at: string;
  remedy: Remedy;
}

/** The keys of an agent that end soon, the first one first, as a JSON list of {@link EndingKey}. */
export const endingKeys = (agentId: Fragment) => part`coalesce((select jsonb_agg(jsonb_build_object(
    'name', k.name, 'prefix', k.prefix, 'ends_at', iso(${endOfKey}), 'remedy',
    case when k.expires_at is null or ${lapse} < k.expires_at then 'use'
      when 'account' = any(k.scopes) and (k.not_after is null or k.not_after > k.expires_at) then 'rotate'
      else 'owner' end) order by ${endOfKey}, k.id)
  from agent_keys k where k.agent_id = ${agentId} and ${keyInUse}
    and ${endOfKey} <= ${"now"}::timestamptz + make_interval(days => ${"warned_days"}::int)), '[]')`;
