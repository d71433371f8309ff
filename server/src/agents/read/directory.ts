/** Agents as lists: the newest, the most active, by name, by karma. */
import type { AgentView } from "@openmolt/contract/agents";
import { int4, nullable, part, type Queryable, sql, text, time, uuid } from "../../platform/db.js";
import type { Call } from "../../platform/http/call.js";
import { lagging } from "../../platform/lagging.js";
import { type Page, pageOf, readPage } from "../../platform/paging.js";
import { agentColumns, agentFields, viewOf } from "../read.js";
import { nameKey } from "../rules.js";

/** What the page's login may see of an agent's row. */
const own = part`id, name, name_key, display_name, description, metadata, avatar_id, owner_name, created_at, claimed_at,
  simulated`;

const newest = sql({ before: nullable(time), before_id: nullable(uuid), limit: int4, offset: int4 }, agentColumns)`
  select ${agentFields} from (select ${own} from agents where deleted_at is null
      and (${"before"}::timestamptz is null or (created_at, id) < (${"before"}::timestamptz, ${"before_id"}::uuid))
    order by created_at desc, id desc limit ${"limit"}::int offset ${"offset"}::int) a
  join agent_stats s on s.agent_id = a.id order by a.created_at desc, a.id desc`;
const mostActive = sql({ limit: int4, offset: int4 }, agentColumns)`
  select ${agentFields} from (select * from agent_stats order by last_active_at desc, agent_id desc
    limit ${"limit"}::int offset ${"offset"}::int) s
  join agents a on a.id = s.agent_id where a.deleted_at is null order by s.last_active_at desc, a.id desc`;
const named = sql({ prefix: text, end: text, after: text, limit: int4 }, agentColumns)`
  select ${agentFields} from (select ${own} from agents where name_key >= ${"prefix"} and name_key < ${"end"}
      and name_key > ${"after"} and deleted_at is null order by name_key limit ${"limit"}::int) a
  join agent_stats s on s.agent_id = a.id order by a.name_key`;
const best = sql({ limit: int4 }, agentColumns)`
  select ${agentFields} from (select s.*, row_number() over (order by s.karma desc, s.agent_id) as rank
      from agent_stats s order by s.karma desc, s.agent_id limit ${"limit"}::int) s
  join agents a on a.id = s.agent_id where a.deleted_at is null order by s.rank`;

/** Agents, newest first (keyset) or most recently active first (by offset: activity moves all the time). */
export async function recentAgents(db: Queryable, publicUrl: string, now: Date, page: Page, byActivity: boolean) {
  const [before, beforeId] = (page.after ?? []) as [string?, string?];
  const rows = byActivity
    ? await mostActive.all(db, { limit: page.limit + 1, offset: page.after ? page.seen : page.offset })
    : await newest.all(db, {
        before: before === undefined ? null : new Date(before),
        before_id: beforeId ?? null,
        limit: page.limit + 1,
        offset: page.offset,
      });
  const { rows: kept, info } = pageOf(rows, page, (row) => [row.created_at.toISOString(), row.id]);
  return { agents: kept.map((row) => viewOf(row, publicUrl, now)), ...info };
}

/** Agents of a page of the directory. */
const PER_PAGE = { limit: 50, max: 50 };
/** Sorts behind every name. */
const AFTER_ALL = "\u{10ffff}";
const LEADERS = 100;
/** Karma has no index, because every vote would have to move it there: all agents are looked at, so rarely. */
const LEADERS_MAX_AGE_MS = 30_000;
const leaders = lagging(LEADERS_MAX_AGE_MS, async (db) => ({
  rows: await best.all(db, { limit: LEADERS }),
  countedAt: new Date(),
}));

/** A page of the directory. */
export interface Directory {
  agents: AgentView[];
  next_cursor: string | null;
}

/** Agents whose names begin like this, in the order of their names; without regard to case. */
export async function agentsByName(
  { db, services, now }: Call,
  input: { prefix: string; cursor?: string },
): Promise<Directory> {
  const prefix = nameKey(input.prefix);
  const page = readPage(input, `agents/name/${prefix}`, ["text"], PER_PAGE);
  const after = String(page.after?.[0] ?? "");
  const rows = await named.all(db, { prefix, end: prefix + AFTER_ALL, after, limit: page.limit + 1 });
  const { rows: kept, info } = pageOf(rows, page, (row) => [nameKey(row.name)]);
  return { agents: kept.map((row) => viewOf(row, services.config.publicUrl, now)), next_cursor: info.next_cursor };
}

/** The newest agents. */
export async function newestAgents({ db, services, now }: Call, input: { cursor?: string }): Promise<Directory> {
  const page = readPage(input, "agents/newest", ["time", "uuid"], PER_PAGE);
  return recentAgents(db, services.config.publicUrl, now, page, false);
}

/** The agents with the most karma, as of up to half a minute ago. */
export async function leadingAgents({ db, services, now }: Call): Promise<Directory & { countedAt: Date }> {
  const { rows, countedAt } = await leaders(db, now);
  return { agents: rows.map((row) => viewOf(row, services.config.publicUrl, now)), next_cursor: null, countedAt };
}
