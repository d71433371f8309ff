/** The end of all identity tokens of an agent: those made before name a series that is over. */
import { type Queryable, sql, uuid } from "../../platform/db.js";

const nextSeries = sql({ id: uuid }, {})`
  update agents set identity_series = identity_series + 1 where id = ${"id"}`;

/** Ends all identity tokens that an agent was given so far. The caller holds the agent, so that none is being made. */
export async function endIdentityTokens(db: Queryable, agentId: string): Promise<void> {
  await nextSeries.run(db, { id: agentId });
}
