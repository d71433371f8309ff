/** Whether a key is without limits: what leads to an owner, who may make any key, is not for keys that may do less. */
import type { AgentActor } from "../../platform/auth.js";
import { nullable, type Queryable, sql, texts, time, uuid } from "../../platform/db.js";
import { assertUnlimited } from "../rules.js";

const findLimits = sql({ id: uuid }, { scopes: texts, networks: texts, not_after: nullable(time) })`
  select scopes, networks, not_after from agent_keys where id = ${"id"}`;

/**
 * The caller's key may do everything, from everywhere, without an end that was chosen for it.
 * @throws AppError KEY_TOO_NARROW
 */
export async function assertFullKey(db: Queryable, { keyId }: Pick<AgentActor, "keyId">): Promise<void> {
  const { scopes, networks, not_after } = await findLimits.one(db, { id: keyId });
  assertUnlimited({ scopes, networks, notAfter: not_after });
}
