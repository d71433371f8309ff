/** What an owner sees of the ledger: requests with the keys of the owner's agents, and acts about them. */
import { AppError, notFound } from "../../errors.js";
import { int4, int8, type Queryable, sql, text, time, uuid, uuids } from "../../platform/db.js";
import type { OwnerCall } from "../../platform/http/call.js";
import { actAs, SYSTEM } from "../../platform/transaction.js";

const DAY_MS = 86_400_000;
/** Rows read at once. */
const ROWS = 500;

const ownAgents = sql({ owner_id: uuid }, { id: uuid, name: text })`
  select id, name from agents where owner_id = ${"owner_id"} and deleted_at is null order by name_key limit 1000`;
const ownKeys = sql({ agent_ids: uuids }, { id: uuid, prefix: text, agent_id: uuid })`
  select id, prefix, agent_id from agent_keys where agent_id = any(${"agent_ids"}) order by created_at desc limit 1000`;
/** An agent of somebody else that an organisation shares with the acting owner. */
const sharedAgent = sql({ id: uuid }, { id: uuid, name: text, owner_id: uuid })`
  select id, name, owner_id from agents where id = ${"id"} and owner_id is not null and deleted_at is null
    and id in (select m from my_agents('{admin,reviewer,viewer}') m)`;
/** The newest rows that touch a day, before the one read last. */
const rowsOfDay = sql(
  { subjects: uuids, from: time, until: time, before: time, before_subject: uuid, before_number: int8, limit: int4 },
  { subject_id: uuid, number: int8, until_at: time, entries: text },
)`select subject_id, number, until_at, entries from access_ledger
  where subject_id = any(${"subjects"}) and until_at >= ${"from"} and from_at < ${"until"}
    and (until_at, subject_id, number) < (${"before"}, ${"before_subject"}, ${"before_number"})
  order by until_at desc, subject_id desc, number desc limit ${"limit"}::int`;

/** What to look for; empty texts mean all agents, and today. */
export interface ActivityFilter {
  /** The id of an agent or of a key. */
  of?: string;
  /** A day in UTC, `2026-11-21`. */
  day?: string;
}

/** One line of the ledger: a request, an act, a refusal, or how much was lost. */
export interface ActivityEntry {
  at: string;
  /** Of a request. */
  agent?: string;
  key?: string;
  method?: string;
  route?: string;
  status?: number;
  network?: string;
  signed?: boolean;
  /** Of an act. */
  act?: string;
  by?: string;
  by_id?: string | null;
  target?: { type: string; id: string };
  facts?: Record<string, unknown>;
  /** The code with which a dead key, or somebody who tried to sign in, was refused. */
  refused?: string;
  /** How many more were refused so from `since` until `at`. */
  more?: number;
  /** Requests that went unrecorded while the database was away, from `since` until `at`. */
  lost?: number;
  since?: string;
}

/** An agent of the owner with its keys, to choose from. */
export interface KeysOfAgent {
  id: string;
  name: string;
  keys: { id: string; prefix: string }[];
}

/** What was found. */
export interface Activity {
  day: string;
  agents: KeysOfAgent[];
  /** Newest first. */
  entries: ActivityEntry[];
  /** Whether that is all of the day. */
  isWhole: boolean;
}

/**
 * The signed-in owner's ledger of one day, or what it says of an agent that an organisation shares with the owner.
 * @param most entries returned
 * @throws AppError NOT_FOUND for an agent or key of somebody else, VALIDATION_ERROR for a day that is none
 */
export async function activityOf(call: OwnerCall, filter: ActivityFilter, most: number): Promise<Activity> {
  const { db, session, now } = call;
  const from = startOf(filter.day || now.toISOString().slice(0, 10));
  const day = from.toISOString().slice(0, 10);
  const { agents, subjects, chosen } = await scopeOf(call, filter.of);
  const until = new Date(from.getTime() + DAY_MS);
  const entries: ActivityEntry[] = [];
  const fromText = from.toISOString();
  const untilText = until.toISOString();
  // Behind everything: rows of the last second of the day may reach into the next.
  let last = { before: new Date(until.getTime() + DAY_MS), before_subject: session.ownerId, before_number: 0 };
  for (;;) {
    const rows = await rowsOfDay.all(db, { subjects, from, until, ...last, limit: ROWS });
    for (const row of rows) {
      for (const line of row.entries.split("\n").reverse()) {
        const entry = JSON.parse(line) as ActivityEntry;
        if (entry.at < fromText || entry.at >= untilText || !chosen(entry)) continue;
        if (entries.length === most) return { day, agents, entries: newestFirst(entries), isWhole: false };
        entries.push(entry);
      }
    }
    const end = rows.at(-1);
    if (end === undefined || rows.length < ROWS) return { day, agents, entries: newestFirst(entries), isWhole: true };
    last = { before: end.until_at, before_subject: end.subject_id, before_number: end.number };
  }
}

interface Scope {
  agents: KeysOfAgent[];
  /** Whose ledgers are read. */
  subjects: string[];
  chosen: (entry: ActivityEntry) => boolean;
}

/** @throws AppError NOT_FOUND */
async function scopeOf({ db, session }: OwnerCall, of = ""): Promise<Scope> {
  const { ownerId } = session;
  const agents = await agentsOf(db, ownerId);
  const isOwn = of === "" || agents.some(({ id, keys }) => id === of || keys.some((key) => key.id === of));
  const shared = isOwn ? undefined : await sharedAgent.maybe(db, { id: of });
  if (shared) {
    const keys = await ownKeys.all(db, { agent_ids: [shared.id] });
    // Its entries stand in the ledger of the owner who answers for it; nothing else of that ledger is shown.
    await actAs(db, { actor: SYSTEM });
    return {
      agents: [...agents, { id: shared.id, name: shared.name, keys }],
      subjects: [shared.owner_id],
      chosen: ({ agent, target }) => agent === of || target?.id === of,
    };
  }
  return { agents, subjects: [ownerId, ...agents.map(({ id }) => id)], chosen: chosenFrom(agents, of) };
}

async function agentsOf(db: Queryable, ownerId: string): Promise<KeysOfAgent[]> {
  const agents = await ownAgents.all(db, { owner_id: ownerId });
  const keys = await ownKeys.all(db, { agent_ids: agents.map(({ id }) => id) });
  return agents.map(({ id, name }) => ({ id, name, keys: keys.filter(({ agent_id }) => agent_id === id) }));
}

/** @throws AppError VALIDATION_ERROR */
function startOf(day: string): Date {
  const start = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(start.getTime())) throw new AppError("VALIDATION_ERROR", { message: `${day} is not a day` });
  return start;
}

/** Which entries are meant: all, or those of one agent or key. */
function chosenFrom(agents: readonly KeysOfAgent[], of = ""): (entry: ActivityEntry) => boolean {
  if (of === "") return () => true;
  const isOwn = agents.some(({ id, keys }) => id === of || keys.some((key) => key.id === of));
  if (!isOwn) throw notFound("Agent or key");
  return ({ agent, key, target }) => agent === of || key === of || target?.id === of;
}

function newestFirst(entries: ActivityEntry[]): ActivityEntry[] {
  return entries.sort((a, b) => (a.at < b.at ? 1 : -1));
}
