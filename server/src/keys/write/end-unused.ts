/** Keys that nobody has used for as long as the operator allows end by themselves. */
import { record } from "../../audit/write.js";
import { int4, part, sql, text, time, uuid, uuids } from "../../platform/db.js";
import { agentChanged } from "../../platform/known-keys.js";
import type { Services } from "../../platform/services.js";
import { SYSTEM, transaction } from "../../platform/transaction.js";
import { livingKey } from "../read.js";

/** Agents whose keys are ended in one transaction. */
const SLICE = 500;

const unused = part`${livingKey}
  and coalesce(k.last_used_at, k.created_at) <= ${"now"}::timestamptz - make_interval(days => ${"days"}::int)`;
const findAgents = sql({ now: time, days: int4, most: int4 }, { agent_id: uuid })`
  select distinct k.agent_id from agent_keys k where ${unused} order by k.agent_id limit ${"most"}::int`;
const holdAgents = sql({ ids: uuids }, { id: uuid })`
  select id from agents where id = any(${"ids"}) order by id for no key update`;
const endKeys = sql({ ids: uuids, now: time, days: int4 }, { agent_id: uuid, prefix: text })`
  update agent_keys k set expires_at = ${"now"}::timestamptz where k.agent_id = any(${"ids"}) and ${unused}
  returning k.agent_id, k.prefix`;

/** Ends what has not been used for so long. Runs once a day. */
export async function endUnusedKeys({ app, clock, config }: Services): Promise<void> {
  const days = config.unusedKeyDays;
  if (days === 0) return;
  const now = clock.now();
  let found: number;
  do {
    found = await transaction(app, { actor: SYSTEM }, async (tx) => {
      const ids = (await findAgents.all(tx, { now, days, most: SLICE })).map(({ agent_id }) => agent_id);
      // Their writes under way are waited for; a key that was used meanwhile stays.
      await holdAgents.all(tx, { ids });
      for (const { agent_id: id, prefix } of await endKeys.all(tx, { ids, now, days })) {
        await agentChanged(tx, id);
        const by = { kind: "server" as const, id: null };
        await record(tx, {
          by,
          act: "agent.end_unused_key",
          target: { type: "agent", id },
          facts: { prefix },
          at: now,
        });
      }
      return ids.length;
    });
  } while (found === SLICE);
}
