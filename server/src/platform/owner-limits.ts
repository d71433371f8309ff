/**
 * What an owner allows an agent: hours without writing, and so many acts of a kind in a day. The limits stand on the
 * agent's row, which every write looks at anyway; what was used is counted, in the write's own transaction, only where
 * there is a cap.
 */
import type { OwnerLimitsView } from "@openmolt/contract/agents";
import type { CappedAct } from "@openmolt/contract/endpoint";
import { AppError } from "../errors.js";
import { int4, type Queryable, sql, text, texts, uuid, uuids } from "./db.js";

/** Minutes in a day. */
const DAY = 1_440;
const MINUTE_MS = 60_000;

/** The limits as they are stored. */
export interface OwnerLimits {
  /** IANA name of the time zone in which hours and days are meant. */
  zone: string;
  /** Minutes of the day from which until which nothing is written; may go over midnight. Null: never quiet. */
  quiet: { from: number; until: number } | null;
  /** Most acts of a kind in a day; those not named are not capped. */
  caps: Partial<Record<CappedAct, number>>;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** A clock of a time zone; only zones of stored limits come here, and those have their canonical names. */
function clockOf(zone: string): Intl.DateTimeFormat {
  const known = clocks.get(zone);
  if (known) return known;
  const clock = new Intl.DateTimeFormat("en", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  clocks.set(zone, clock);
  return clock;
}

/** What a clock on the wall shows: the day and the minute of it. */
function wallClock(zone: string, at: Date): { day: string; minute: number } {
  const part: Record<string, string> = {};
  for (const { type, value } of clockOf(zone).formatToParts(at)) part[type] = value;
  return {
    day: `${part.year}-${part.month}-${part.day}`,
    minute: Number(part.hour) * 60 + Number(part.minute),
  };
}

/** When the wall clock next shows a minute of the day. */
function nextAt(zone: string, minute: number, now: Date): Date {
  const ahead = (minute - wallClock(zone, now).minute + DAY) % DAY || DAY;
  const guess = new Date(Math.floor(now.getTime() / MINUTE_MS) * MINUTE_MS + ahead * MINUTE_MS);
  // Clocks may have been put forward or back in between.
  const off = ((minute - wallClock(zone, guess).minute + DAY * 1.5) % DAY) - DAY / 2;
  return new Date(guess.getTime() + off * MINUTE_MS);
}

/** When the quiet hours end in which `now` falls, or undefined. */
export function quietUntil({ zone, quiet }: OwnerLimits, now: Date): Date | undefined {
  if (quiet === null) return undefined;
  const { minute } = wallClock(zone, now);
  const { from, until } = quiet;
  const isQuiet = from < until ? minute >= from && minute < until : minute >= from || minute < until;
  return isQuiet ? nextAt(zone, until, now) : undefined;
}

/** @throws AppError QUIET_HOURS, with when they end */
export function assertNotQuiet(limits: OwnerLimits | null, now: Date): void {
  const end = limits === null ? undefined : quietUntil(limits, now);
  if (!end) return;
  const seconds = Math.max(1, Math.ceil((end.getTime() - now.getTime()) / 1000));
  throw new AppError("QUIET_HOURS", {
    retryAfterSeconds: seconds,
    fields: { quiet_until: end.toISOString(), retry_after_seconds: seconds },
  });
}

/** An act of an agent that its owner may have capped. */
export interface CountedAct {
  agentId: string;
  act: CappedAct | undefined;
  limits: OwnerLimits | null;
  now: Date;
}

/** Whether an act is capped. */
export function isCapped<A extends CountedAct>(one: A): one is A & { act: CappedAct; limits: OwnerLimits } {
  return one.act !== undefined && one.limits?.caps[one.act] !== undefined;
}

const useUp = sql(
  { agent_ids: uuids, acts: texts, days: texts },
  { agent_id: uuid, act: text, used: int4 },
)`insert into owner_cap_uses as u (agent_id, act, day, used)
  select agent_id, act, max(day), count(*) from unnest(${"agent_ids"}::uuid[], ${"acts"}::text[], ${"days"}::text[]) w(agent_id, act, day)
  group by agent_id, act order by agent_id, act
  on conflict (agent_id, act) do update
  set used = excluded.used + case when u.day = excluded.day then u.used else 0 end, day = excluded.day
  returning agent_id, act, used`;
const giveBack = sql({ agent_ids: uuids, acts: texts }, {})`
  update owner_cap_uses u set used = u.used - w.n
  from (select agent_id, act, count(*)::int as n from unnest(${"agent_ids"}::uuid[], ${"acts"}::text[]) w(agent_id, act)
    group by agent_id, act) w
  where u.agent_id = w.agent_id and u.act = w.act`;

/**
 * Takes acts from the day's allowance of their agents, and holds what is left until the transaction ends.
 * @returns the refusal of each that is beyond its cap, or undefined; those were given back
 */
export async function takeFromCaps(
  tx: Queryable,
  acts: readonly CountedAct[],
): Promise<readonly (AppError | undefined)[]> {
  const capped = acts.filter(isCapped);
  if (capped.length === 0) return acts.map(() => undefined);
  const rows = await useUp.all(tx, {
    agent_ids: capped.map(({ agentId }) => agentId),
    acts: capped.map(({ act }) => act),
    days: capped.map(({ limits, now }) => wallClock(limits.zone, now).day),
  });
  const usedUp = new Map(rows.map(({ agent_id, act, used }) => [`${agent_id} ${act}`, used]));
  const refusals = new Map<CountedAct, AppError>();
  for (const one of [...capped].reverse()) {
    const name = `${one.agentId} ${one.act}`;
    const used = usedUp.get(name) ?? 0;
    usedUp.set(name, used - 1);
    const cap = one.limits.caps[one.act] ?? 0;
    if (used > cap) refusals.set(one, beyond(one, cap));
  }
  await giveBackToCaps(tx, [...refusals.keys()]);
  return acts.map((one) => refusals.get(one));
}

/** Gives acts back that were refused after all, in a transaction that goes on without them. */
export async function giveBackToCaps(tx: Queryable, acts: readonly CountedAct[]): Promise<void> {
  const capped = acts.filter(isCapped);
  if (capped.length === 0) return;
  await giveBack.run(tx, { agent_ids: capped.map(({ agentId }) => agentId), acts: capped.map(({ act }) => act) });
}

function beyond({ act, limits, now }: { act: CappedAct; limits: OwnerLimits; now: Date }, cap: number): AppError {
  const again = nextAt(limits.zone, 0, now);
  const seconds = Math.max(1, Math.ceil((again.getTime() - now.getTime()) / 1000));
  return new AppError("OWNER_CAP", {
    message: `Your owner allows you ${cap} ${act}${cap === 1 ? "" : "s"} a day`,
    retryAfterSeconds: seconds,
    fields: { limit: cap, remaining: 0, reset_at: again.toISOString(), retry_after_seconds: seconds },
  });
}

const findUses = sql({ agent_id: uuid }, { act: text, day: text, used: int4 })`
  select act, day, used from owner_cap_uses where agent_id = ${"agent_id"}`;

/** A minute of the day as HH:MM. */
const clockText = (minute: number) =>
  `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;

/** The limits in words of the wire, with what is left of them today. */
export async function limitsView(
  db: Queryable,
  agentId: string,
  { zone, quiet, caps }: OwnerLimits,
  now: Date,
): Promise<OwnerLimitsView> {
  const { day } = wallClock(zone, now);
  const uses = await findUses.all(db, { agent_id: agentId });
  const left = (act: string, cap: number) =>
    Math.max(0, cap - (uses.find((use) => use.act === act && use.day === day)?.used ?? 0));
  return {
    time_zone: zone,
    quiet_from: quiet && clockText(quiet.from),
    quiet_until: quiet && clockText(quiet.until),
    caps: Object.entries(caps).map(([act, cap]) => ({ act, per_day: cap, left: left(act, cap) })),
  };
}
