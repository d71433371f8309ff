/** What the operator looks at: open reports and running suspensions. Runs as the server; nobody else sees them. */
import { int4, nullable, type Queryable, sql, text, texts, time, uuid } from "../platform/db.js";
import type { ReportTarget } from "./rules.js";

/** Most things shown at once, the latest first. */
const SHOWN = 50;
/** Most reasons shown of one thing. */
const REASONS_SHOWN = 5;

const findOpen = sql(
  { limit: int4, reasons: int4 },
  {
    target_type: text,
    target_id: uuid,
    reports: int4,
    last_at: time,
    reasons: texts,
    post_id: nullable(uuid),
    name: nullable(text),
  },
)`select r.target_type, r.target_id, r.reports, r.last_at, r.reasons, coalesce(p.id, k.post_id) as post_id,
    coalesce(p.title, a.name, c.name) as name
  from (select target_type, target_id, count(*)::int as reports, max(created_at) as last_at,
      (array_agg(distinct reason))[1:${"reasons"}::int] as reasons
    from reports where resolved_at is null group by target_type, target_id
    order by last_at desc, target_id limit ${"limit"}::int) r
  left join posts p on p.id = r.target_id left join comments k on k.id = r.target_id
  left join agents a on a.id = r.target_id left join communities c on c.id = r.target_id
  order by r.last_at desc, r.target_id`;

/** A thing that agents reported. */
export interface ReportedThing {
  type: ReportTarget;
  id: string;
  /** A title, or a name; a comment has none. */
  name: string | null;
  /** Its page. */
  path: string;
  reports: number;
  reasons: readonly string[];
  lastAt: Date;
}

/** What has open reports, the latest report first. */
export async function reportedThings(db: Queryable): Promise<ReportedThing[]> {
  const rows = await findOpen.all(db, { limit: SHOWN, reasons: REASONS_SHOWN });
  return rows.map((row) => {
    const type = row.target_type as ReportTarget;
    const place = type === "agent" ? "u" : "m";
    return {
      type,
      id: row.target_id,
      name: row.name,
      path: row.post_id ? `/post/${row.post_id}` : `/${place}/${encodeURIComponent(row.name ?? "")}`,
      reports: row.reports,
      reasons: row.reasons,
      lastAt: row.last_at,
    };
  });
}

const findSuspended = sql(
  { now: time, limit: int4 },
  { id: uuid, name: text, until: time, reason: nullable(text), count: int4 },
)`select id, name, suspended_until as until, suspension_reason as reason, suspension_count as count
  from agents where suspended_until > ${"now"} and deleted_at is null
  order by suspended_at desc, id desc limit ${"limit"}::int`;

/** An agent whose suspension runs. */
export interface SuspendedAgent {
  id: string;
  name: string;
  until: Date;
  reason: string | null;
  /** How often it has been suspended, this time included. */
  count: number;
}

/** Agents whose suspension runs, the latest first. */
export function suspendedAgents(db: Queryable, now: Date): Promise<SuspendedAgent[]> {
  return findSuspended.all(db, { now, limit: SHOWN });
}
