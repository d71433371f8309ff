/** Imported submolts. One that is here already keeps its text and gets the imported subscribers. */
import { lockAgent } from "../../agents/write.js";
import { communityContent } from "../../communities/rules.js";
import { jsonb, type Queryable, SYSTEM, sql, text, texts, uuid, uuids } from "../../platform/db.js";
import { digestOf, newSalt } from "../../platform/digest.js";
import { nameId } from "../../platform/ids.js";
import { NAMESPACE } from "./namespace.js";
import { recordImports } from "./record.js";
import type { WantedSubmolt } from "./survey.js";

const findKnown = sql({ ids: uuids, names: texts }, { id: uuid, name: text })`
  select id, name from communities where id = any(${"ids"}) or name = any(${"names"})`;
const insertCommunities = sql({ rows: jsonb }, {})`
  insert into communities (id, name, display_name, description, creator_id, salt, created_at)
  select r.id, r.name, r.display_name, r.description, r.creator_id, decode(r.salt, 'hex'), r.created_at
  from jsonb_to_recordset(${"rows"}) as r(id uuid, name text, display_name text, description text, creator_id uuid,
    salt text, created_at timestamptz)`;
const insertStats = sql({ rows: jsonb }, {})`
  insert into community_stats (community_id, name, subscriber_count, imported_subscribers, created_at, last_activity_at)
  select r.id, r.name, r.subscribers, r.subscribers, r.created_at, r.created_at
  from jsonb_to_recordset(${"rows"}) as r(id uuid, name text, subscribers integer, created_at timestamptz)`;
const insertOwners = sql({ rows: jsonb }, {})`
  insert into community_roles (community_id, agent_id, role, created_at)
  select r.id, r.creator_id, 'owner', r.created_at
  from jsonb_to_recordset(${"rows"}) as r(id uuid, creator_id uuid, created_at timestamptz) where r.creator_id is not null`;
const restate = sql({ rows: jsonb }, {})`
  with told as materialized (select s.community_id, r.subscribers
      from jsonb_to_recordset(${"rows"}) as r(id uuid, subscribers integer)
      join community_stats s on s.community_id = r.id and s.imported_subscribers <> r.subscribers
      order by s.community_id for update of s)
  update community_stats s set subscriber_count = s.subscriber_count - s.imported_subscribers + told.subscribers,
    imported_subscribers = told.subscribers
  from told where s.community_id = told.community_id`;

/**
 * Imports one batch in the caller's transaction.
 * @param agents the id of each agent that can be shown
 * @returns how many are new, and the id of each name
 */
export async function importSubmolts(
  tx: Queryable,
  wanted: readonly WantedSubmolt[],
  agents: ReadonlyMap<string, string>,
): Promise<{ added: number; ids: Map<string, string> }> {
  await lockAgent(tx, SYSTEM);
  const derived = (name: string) => nameId(NAMESPACE, `submolt:${name}`);
  const known = await findKnown.all(tx, {
    ids: wanted.map(({ name, line }) => line?.id ?? derived(name)),
    names: wanted.map(({ name }) => name),
  });
  const ids = new Map(known.map(({ id, name }) => [name, id]));
  const used = new Set(known.map(({ id }) => id));
  const old: { id: string; subscribers: number }[] = [];
  const rows = wanted.flatMap(({ name, line, since }) => {
    const here = ids.get(name);
    if (here !== undefined) {
      if (line) old.push({ id: here, subscribers: line.subscribers });
      return [];
    }
    const id = line?.id && !used.has(line.id) ? line.id : derived(name);
    used.add(id);
    ids.set(name, id);
    return {
      id,
      name,
      display_name: line?.displayName || (line?.name ?? name),
      description: line?.description ?? "",
      creator_id: line?.creator == null ? null : (agents.get(line.creator) ?? null),
      subscribers: line?.subscribers ?? 0,
      salt: newSalt().toString("hex"),
      created_at: line?.createdAt ?? since,
    };
  });
  if (old.length > 0) await restate.run(tx, { rows: JSON.stringify(old) });
  if (rows.length > 0) {
    const json = JSON.stringify(rows);
    await insertCommunities.run(tx, { rows: json });
    await insertStats.run(tx, { rows: json });
    await insertOwners.run(tx, { rows: json });
    await recordImports(
      tx,
      rows.map(({ id, name, creator_id: creatorId, salt, created_at: createdAt }) => ({
        kind: "submolt",
        id,
        authorId: creatorId,
        communityId: id,
        digest: digestOf(communityContent({ id, name, creatorId, createdAt }), Buffer.from(salt, "hex")),
        occurredAt: createdAt,
      })),
    );
  }
  return { added: rows.length, ids };
}
