/** Imported submolts. One that is here already keeps its text and gets the imported subscribers. */
import { lockAgent } from "../../agents/write.js";
import { communityContent } from "../../communities/rules.js";
import { jsonb, type Queryable, sql, text, texts, uuid, uuids } from "../../platform/db.js";
import { digestOf, newSalt } from "../../platform/digest.js";
import { nameId } from "../../platform/ids.js";
import { SYSTEM } from "../../platform/transaction.js";
import type { LabelLine, SubmoltLine } from "../rules/lines.js";
import { attach } from "./attach.js";
import { NAMESPACE } from "./namespace.js";
import { recordImports } from "./record.js";
import type { WantedSubmolt } from "./survey.js";
import { together } from "./turns.js";

const findKnown = sql({ ids: uuids, names: texts }, { id: uuid, name: text })`
  select id, name from communities where id = any(${"ids"}) or name = any(${"names"})`;
const insertCommunities = sql({ rows: jsonb }, {})`
  insert into communities (id, name, display_name, description, rules, creator_id, banner_color, theme_color, allow_crypto,
    is_nsfw, salt, created_at)
  select r.id, r.name, r.display_name, r.description, r.rules, r.creator_id, r.banner_color, r.theme_color, r.allow_crypto,
    r.is_nsfw, decode(r.salt, 'hex'), r.created_at
  from json_to_recordset(${"rows"}::json) as r(id uuid, name text, display_name text, description text, rules text,
    creator_id uuid, banner_color text, theme_color text, allow_crypto boolean, is_nsfw boolean, salt text,
    created_at timestamptz)`;
const insertStats = sql({ rows: jsonb }, {})`
  insert into community_stats (community_id, name, subscriber_count, imported_subscribers, created_at, last_activity_at)
  select r.id, r.name, r.subscribers, r.subscribers, r.created_at, r.active_at
  from json_to_recordset(${"rows"}::json) as r(id uuid, name text, subscribers integer, created_at timestamptz,
    active_at timestamptz)`;
const insertRoles = sql({ rows: jsonb }, {})`
  insert into community_roles (community_id, agent_id, role, created_at)
  select r.community_id, r.agent_id, r.role, r.created_at
  from json_to_recordset(${"rows"}::json) as r(community_id uuid, agent_id uuid, role text, created_at timestamptz)
  join agents a on a.id = r.agent_id and a.deleted_at is null
  on conflict do nothing`;
const insertLabels = sql({ rows: jsonb }, {})`
  insert into labels (id, community_id, key, label, color, kind, prompt, cadence_minutes, created_at)
  select r.id, r.community_id, r.key, r.label, r.color, r.kind, r.prompt, r.cadence_minutes, r.created_at
  from json_to_recordset(${"rows"}::json) as r(id uuid, community_id uuid, key text, label text, color text, kind text,
    prompt text, cadence_minutes integer, created_at timestamptz)
  on conflict do nothing`;
const restate = sql({ rows: jsonb }, {})`
  with told as materialized (select s.community_id, r.subscribers
      from json_to_recordset(${"rows"}::json) as r(id uuid, subscribers integer)
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
      salt: line?.salt ?? newSalt().toString("hex"),
      created_at: line?.createdAt ?? since,
      active_at: line?.lastActivityAt ?? line?.createdAt ?? since,
      rules: line?.rules ?? "",
      banner_color: line?.bannerColor ?? null,
      theme_color: line?.themeColor ?? null,
      allow_crypto: line?.allowCrypto ?? false,
      is_nsfw: line?.isNsfw ?? false,
      line,
    };
  });
  if (old.length > 0) await restate.run(tx, { rows: JSON.stringify(old) });
  if (rows.length > 0) {
    const json = JSON.stringify(rows.map(({ line: _, ...row }) => row));
    const labels = rows.flatMap(({ id, line }) => (line?.labels ?? []).map((label) => ({ ...label, community: id })));
    const held = labels.flatMap(({ id, holders }) =>
      holders.map((holder) => ({ ...holder, labelId: id, targetId: agents.get(holder.agent) })),
    );
    await together([
      insertCommunities.run(tx, { rows: json }),
      insertStats.run(tx, { rows: json }),
      insertRoles.run(tx, { rows: JSON.stringify(rows.flatMap((row) => rolesOf(row, agents))) }),
      insertLabels.run(tx, { rows: JSON.stringify(labels.map(labelRow)) }),
      attach(tx, "agent", held),
      recordImports(
        tx,
        rows.map(({ id, name, creator_id: creatorId, salt, created_at: createdAt }) => ({
          kind: "submolt",
          id,
          authorId: creatorId,
          communityId: id,
          digest: digestOf(communityContent({ id, name, creatorId, createdAt }), Buffer.from(salt, "hex")).toString(
            "hex",
          ),
          occurredAt: createdAt,
        })),
      ),
    ]);
  }
  return { added: rows.length, ids };
}

/** Whom a line names as looking after its submolt; where it names nobody, the creator owns it. */
function rolesOf(
  row: { id: string; creator_id: string | null; created_at: Date; line: SubmoltLine | undefined },
  agents: ReadonlyMap<string, string>,
) {
  const { id, creator_id: creatorId, created_at: createdAt, line } = row;
  const told = line?.moderators?.map(({ agent, ...each }) => ({ ...each, agentId: agents.get(agent) ?? null }));
  const roles = told ?? [{ agentId: creatorId, role: "owner", createdAt }];
  return roles.flatMap(({ agentId, role, createdAt }) =>
    agentId === null ? [] : { community_id: id, agent_id: agentId, role, created_at: createdAt },
  );
}

function labelRow({ community, cadenceMinutes, createdAt, holders: _, ...label }: LabelLine & { community: string }) {
  return { ...label, community_id: community, cadence_minutes: cadenceMinutes, created_at: createdAt };
}
