/** The end of what an agent has outside of this network: identity tokens that apps hold, and webhooks. */
import { type Queryable, sql, time, uuid } from "../../platform/db.js";
import { endIdentityTokens } from "./end-identity-tokens.js";

const silenceWebhooks = sql({ agent_id: uuid, now: time }, {})`
  update webhooks set active = false, disabled_at = ${"now"} where agent_id = ${"agent_id"} and active`;
const failDeliveries = sql({ agent_id: uuid, now: time }, {})`
  update webhook_deliveries set status = 'failed', due_at = null, ended_at = ${"now"}
  where agent_id = ${"agent_id"} and status = 'pending'`;

/**
 * Ends all identity tokens of an agent, and the webhooks that whoever had its key may have set up. The caller holds the
 * agent; the transaction acts as the server.
 */
export async function endReach(db: Queryable, agentId: string, now: Date): Promise<void> {
  await endIdentityTokens(db, agentId);
  await silenceWebhooks.run(db, { agent_id: agentId, now });
  await failDeliveries.run(db, { agent_id: agentId, now });
}
