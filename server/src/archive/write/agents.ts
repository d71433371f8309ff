/** Imported agents: without owner and key. Who is here already, by id or by the name of an earlier import, stays as is. */
import { assertNameIsFree, nameKey, registrationContent } from "../../agents/rules.js";
import { lockAgent } from "../../agents/write.js";
import { AppError } from "../../errors.js";
import { bool, jsonb, nullable, type Queryable, SYSTEM, sql, text, texts, uuid, uuids } from "../../platform/db.js";
import { digestOf, newSalt } from "../../platform/digest.js";
import { nameId } from "../../platform/ids.js";
import { NAMESPACE } from "./namespace.js";
import { recordImports } from "./record.js";
import type { WantedAgent } from "./survey.js";

const findKnown = sql(
  { ids: uuids, names: texts },
  { id: uuid, name: text, imported_name: nullable(text), gone: bool },
)`select id, name, imported_name, deleted_at is not null as gone from agents
  where id = any(${"ids"}) or imported_name = any(${"names"})`;
const findTaken = sql({ keys: texts }, { name_key: text })`select name_key from agents where name_key = any(${"keys"})`;
const insertAgents = sql({ rows: jsonb }, {})`
  insert into agents (id, name, name_key, imported_name, display_name, description, salt, created_at)
  select r.id, r.name, r.name_key, r.imported_name, r.display_name, r.description, decode(r.salt, 'hex'), r.created_at
  from jsonb_to_recordset(${"rows"}) as r(id uuid, name text, name_key text, imported_name text, display_name text,
    description text, salt text, created_at timestamptz)`;
const insertStats = sql({ rows: jsonb }, {})`
  insert into agent_stats (agent_id, karma, imported_karma, karma_stated, last_active_at)
  select r.id, r.karma, r.karma, r.stated, r.created_at
  from jsonb_to_recordset(${"rows"}) as r(id uuid, karma integer, stated boolean, created_at timestamptz)`;
const insertSequences = sql({ ids: uuids }, {})`insert into agent_seq (agent_id) select unnest(${"ids"}::uuid[])`;

/** What became of a batch of agents. */
export interface AgentsImported {
  added: number;
  /** Whose id each name stands for; a name that is not here cannot be shown. */
  ids: Map<string, string>;
  /** Names that could not be kept, one sentence each. */
  notes: string[];
}

/** Imports one batch in the caller's transaction. */
export async function importAgents(tx: Queryable, wanted: readonly WantedAgent[]): Promise<AgentsImported> {
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
      created_at: line?.createdAt ?? since,
      karma: line?.karma ?? 0,
      stated: line?.karma != null,
    };
  });
  if (rows.length > 0) {
    const json = JSON.stringify(rows);
    await insertAgents.run(tx, { rows: json });
    await insertStats.run(tx, { rows: json });
    await insertSequences.run(tx, { ids: rows.map(({ id }) => id) });
    await recordImports(
      tx,
      rows.map(({ id, name, salt, created_at: createdAt }) => ({
        kind: "agent",
        id,
        authorId: id,
        digest: digestOf(registrationContent({ id, name, createdAt }), Buffer.from(salt, "hex")),
        occurredAt: createdAt,
      })),
    );
  }
  return { added: rows.length, ids, notes };
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
