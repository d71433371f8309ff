/** Imported agents: without owner and key. Who is here already, by id or by the name of an earlier import, stays as is. */
import { assertNameIsFree, nameKey, registrationContent } from "../../agents/rules.js";
import { lockAgent } from "../../agents/write.js";
import { AppError } from "../../errors.js";
import { bool, jsonb, nullable, type Queryable, sql, text, texts, uuid, uuids } from "../../platform/db.js";
import { digestOf, newSalt } from "../../platform/digest.js";
import { nameId } from "../../platform/ids.js";
import { SYSTEM } from "../../platform/transaction.js";
import type { FollowLine } from "../rules/lines.js";
import { NAMESPACE } from "./namespace.js";
import { recordImports } from "./record.js";
import type { WantedAgent } from "./survey.js";
import { together } from "./turns.js";

const findKnown = sql(
  { ids: uuids, names: texts },
  { id: uuid, name: text, imported_name: nullable(text), gone: bool },
)`select id, name, imported_name, deleted_at is not null as gone from agents
  where id = any(${"ids"}) or imported_name = any(${"names"})`;
const findTaken = sql({ keys: texts }, { name_key: text })`select name_key from agents where name_key = any(${"keys"})`;
const insertAgents = sql({ rows: jsonb }, {})`
  insert into agents (id, name, name_key, imported_name, display_name, description, metadata, owner_name, claimed_at,
    suspended_until, salt, created_at)
  select r.id, r.name, r.name_key, r.imported_name, r.display_name, r.description, r.metadata, r.owner_name, r.claimed_at,
    r.suspended_until, decode(r.salt, 'hex'), r.created_at
  from json_to_recordset(${"rows"}::json) as r(id uuid, name text, name_key text, imported_name text, display_name text,
    description text, metadata jsonb, owner_name text, claimed_at timestamptz, suspended_until timestamptz, salt text,
    created_at timestamptz)`;
const insertStats = sql({ rows: jsonb }, {})`
  insert into agent_stats (agent_id, karma, imported_karma, karma_stated, last_active_at)
  select r.id, r.karma, r.karma, r.stated, r.active_at
  from json_to_recordset(${"rows"}::json) as r(id uuid, karma integer, stated boolean, active_at timestamptz)`;
const insertSequences = sql({ ids: uuids }, {})`insert into agent_seq (agent_id) select unnest(${"ids"}::uuid[])`;

const holdPairs = sql({ ids: uuids }, { id: uuid })`
  select s.agent_id as id from agent_stats s where s.agent_id = any(${"ids"}) order by s.agent_id for update`;
const insertFollows = sql({ rows: jsonb }, {})`
  with added as (insert into follows (follower_id, followee_id, created_at)
      select r.follower, r.followee, r.created_at
      from json_to_recordset(${"rows"}::json) as r(follower uuid, followee uuid, created_at timestamptz)
      on conflict do nothing returning follower_id, followee_id),
    counted as (select id, sum(following)::int as following, sum(followers)::int as followers
      from (select follower_id as id, 1 as following, 0 as followers from added
        union all select followee_id, 0, 1 from added) each group by id)
  update agent_stats s set following_count = s.following_count + counted.following,
    follower_count = s.follower_count + counted.followers
  from counted where s.agent_id = counted.id`;

/** What became of a batch of agents. */
export interface AgentsImported {
  added: number;
  /** Whose id each name stands for; a name that is not here cannot be shown. */
  ids: Map<string, string>;
  /** Names that could not be kept, one sentence each. */
  notes: string[];
}

/** What has to be known beside a batch. */
export interface Acquaintance {
  /** The ids of the agents of earlier batches by name. */
  known: ReadonlyMap<string, string>;
  /** Who follows whom, under the names of both. */
  follows: ReadonlyMap<string, readonly FollowLine[]>;
}

/** Imports one batch in the caller's transaction. */
export async function importAgents(
  tx: Queryable,
  wanted: readonly WantedAgent[],
  acquaintance: Acquaintance,
): Promise<AgentsImported> {
  await lockAgent(tx, SYSTEM);
  const withIds = wanted.map((agent) => ({ ...agent, id: agent.line?.id ?? nameId(NAMESPACE, `agent:${agent.name}`) }));
  const known = await findKnown.all(tx, {
    ids: withIds.map(({ id }) => id),
    names: withIds.map(({ name }) => name),
  });
  const byId = new Map(known.map((row) => [row.id, row]));
  const byName = new Map(known.map((row) => [row.imported_name, row]));
  const ids = new Map<string, string>();
  const fresh: typeof withIds = [];
  const seen = new Set<string>();
  const notes: string[] = [];
  for (const agent of withIds) {
    const here = byName.get(agent.name) ?? byId.get(agent.id);
    if (here) ids.set(agent.name, here.id);
    else if (seen.has(agent.id)) notes.push(`Agent ${agent.name} has the id of another; it stands under that one`);
    else fresh.push(agent);
    if (!here) ids.set(agent.name, agent.id);
    seen.add(agent.id);
  }
  const names = await freeNames(
    tx,
    fresh.map(({ name }) => name),
  );
  const rows = fresh.map(({ id, name: original, line, since }, index) => {
    const name = names[index] ?? original;
    if (name !== original) notes.push(`Agent ${original} is called ${name} here: the name is taken or reserved`);
    return {
      id,
      name,
      name_key: nameKey(name),
      imported_name: original,
      display_name: line?.displayName ?? original,
      description: line?.description ?? "",
      salt: newSalt().toString("hex"),
      metadata: line?.metadata ?? {},
      owner_name: line?.ownerName ?? null,
      claimed_at: line?.claimedAt ?? null,
      suspended_until: line?.suspendedUntil ?? null,
      created_at: line?.createdAt ?? since,
      active_at: line?.lastActiveAt ?? line?.createdAt ?? since,
      karma: line?.karma ?? 0,
      stated: line?.karma != null,
    };
  });
  if (rows.length > 0) {
    const json = JSON.stringify(rows);
    await together([
      insertAgents.run(tx, { rows: json }),
      insertStats.run(tx, { rows: json }),
      insertSequences.run(tx, { ids: rows.map(({ id }) => id) }),
      follow(tx, rows, ids, acquaintance),
      recordImports(
        tx,
        rows.map(({ id, name, salt, created_at: createdAt }) => ({
          kind: "agent",
          id,
          authorId: id,
          digest: digestOf(registrationContent({ id, name, createdAt }), Buffer.from(salt, "hex")).toString("hex"),
          occurredAt: createdAt,
        })),
      ),
    ]);
  }
  return { added: rows.length, ids, notes };
}

/** Follows come with the later of the two; so whoever was here already and follows nobody any more is left alone. */
async function follow(
  tx: Queryable,
  fresh: readonly { imported_name: string }[],
  ids: ReadonlyMap<string, string>,
  { known, follows }: Acquaintance,
): Promise<void> {
  const lines = new Set(fresh.flatMap(({ imported_name: name }) => follows.get(name) ?? []));
  const rows = [...lines].flatMap(({ follower, followee, createdAt }) => {
    const pair = [follower, followee].map((name) => ids.get(name) ?? known.get(name));
    return pair.includes(undefined) || pair[0] === pair[1]
      ? []
      : { follower: pair[0], followee: pair[1], created_at: createdAt };
  });
  if (rows.length === 0) return;
  const everybody = [...new Set(rows.flatMap(({ follower, followee }) => [follower ?? "", followee ?? ""]))];
  const here = new Set((await holdPairs.all(tx, { ids: everybody })).map(({ id }) => id));
  const kept = rows.filter(({ follower, followee }) => here.has(follower ?? "") && here.has(followee ?? ""));
  await insertFollows.run(tx, { rows: JSON.stringify(kept) });
}

/** A name nobody has, for each: itself, or itself with the first number that makes it free. */
async function freeNames(tx: Queryable, names: readonly string[]): Promise<string[]> {
  const chosen: string[] = [];
  const taken = new Set<string>();
  for (let number = 1; ; number++) {
    const open = names.flatMap((name, index) =>
      chosen[index] === undefined ? [{ name: numbered(name, number), index }] : [],
    );
    if (open.length === 0) return chosen;
    const rows = await findTaken.all(tx, { keys: open.map(({ name }) => nameKey(name)) });
    for (const { name_key } of rows) taken.add(name_key);
    for (const { name, index } of open) {
      if (taken.has(nameKey(name)) || isReserved(name)) continue;
      taken.add(nameKey(name));
      chosen[index] = name;
    }
  }
}

function numbered(name: string, number: number): string {
  return number === 1 ? name : `${name}_${number}`;
}

function isReserved(name: string): boolean {
  try {
    assertNameIsFree(name);
    return false;
  } catch (error) {
    if (error instanceof AppError) return true;
    throw error;
  }
}
