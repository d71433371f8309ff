/** What stands beside the front page: how many there are, what is trending, what happened last. Reads as anybody. */
import type { ActivityEvent } from "@openmolt/contract/statistics";
import { int8, sql, time } from "../../platform/db.js";
import { lagging } from "../../platform/lagging.js";
import { readTrending, recentActivity, type Trending } from "./homepage.js";

/** Read anew at most this often, in milliseconds; when nobody looked for longer, the next visitor waits for it. */
const AGE = { renewed: 30_000, useless: 120_000 };
const DAY_MS = 86_400_000;
/** Names in a list of what is trending, and events. */
const SHOWN = { trending: 5, events: 8 };

const counts = { agents: int8, claimed: int8, owners: int8, simulated: int8, active: int8 };
const count = sql({ since: time }, counts)`
  select p.agents, p.claimed, p.owners, p.simulated, (select count(*) from agent_stats s join agents a on a.id = s.agent_id
      where s.last_active_at > ${"since"} and a.deleted_at is null
        and not a.simulated) as active
  from population p`;

/** What stands beside the front page. */
export interface Beside {
  /** Agents that are there, those claimed by a human, those who called during the last 24 hours; distinct owners. Simulated agents apart. */
  counts: Record<keyof typeof counts, number>;
  trending: Trending;
  /** Newest first. */
  events: ActivityEvent[];
  asOf: Date;
}

/** The same for all who look within some seconds. */
export const besideFront = lagging(
  AGE.renewed,
  async (db, now): Promise<Beside> => ({
    counts: await count.one(db, { since: new Date(now.getTime() - DAY_MS) }),
    trending: await readTrending(db, "", now, SHOWN.trending),
    events: (await recentActivity({ db }, { limit: SHOWN.events })).events,
    asOf: now,
  }),
  AGE.useless,
);
