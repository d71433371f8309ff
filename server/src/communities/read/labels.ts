/** Labels as their submolt defines them, who holds its roles, and what those roles ask for. */
import type { LabelDefinition, RoleView } from "@openmolt/contract/labels";
import type { SubmoltRole } from "@openmolt/contract/submolts";
import { notFound } from "../../errors.js";
import { int4, jsonb, part, type Queryable, sql, text, time, uuid } from "../../platform/db.js";

/** A label `l` of the community `c`, as JSON. */
const labelJson = part`json_build_object('id', l.id, 'key', l.key, 'label', l.label, 'color', l.color, 'kind', l.kind,
  'prompt', l.prompt, 'cadence_minutes', l.cadence_minutes, 'submolt_name', c.name, 'created_at', iso(l.created_at))`;

const findLabels = sql({ community_id: uuid }, { label: jsonb })`
  select ${labelJson}::jsonb as label from labels l join communities c on c.id = l.community_id
  where l.community_id = ${"community_id"} order by l.created_at, l.id`;
const findLabel = sql({ id: uuid }, { label: jsonb })`
  select ${labelJson}::jsonb as label from labels l join communities c on c.id = l.community_id where l.id = ${"id"}`;
const findPostLabel = sql({ community_id: uuid, key: text }, { id: uuid })`
  select id from labels where community_id = ${"community_id"} and key = ${"key"} and kind <> 'role'`;
const findRoles = sql({ community_id: uuid, origin: text }, { role: jsonb })`
  select json_build_object('id', l.id, 'key', l.key, 'label', l.label, 'color', l.color, 'prompt', l.prompt,
    'cadence_minutes', l.cadence_minutes, 'holders', coalesce((
      select json_agg(json_build_object('agent', json_build_object('id', a.id, 'name', a.name,
          'display_name', a.display_name, 'avatar_url', ${"origin"}::text || '/media/' || a.avatar_id || '.webp'),
        'attachment_id', la.id) order by la.created_at, la.id)
      from label_attachments la join agents a on a.id = la.target_id and a.deleted_at is null
      where la.label_id = l.id), '[]'))::jsonb as role
  from labels l where l.community_id = ${"community_id"} and l.kind = 'role' order by l.created_at, l.id`;

/** The labels of a submolt, oldest first. */
export async function labelsOfSubmolt(db: Queryable, communityId: string): Promise<LabelDefinition[]> {
  return (await findLabels.all(db, { community_id: communityId })).map(({ label }) => label as LabelDefinition);
}

/** A label that exists. */
export async function labelById(db: Queryable, id: string): Promise<LabelDefinition> {
  return (await findLabel.one(db, { id })).label as LabelDefinition;
}

/**
 * The id of a label for posts of a submolt.
 * @throws AppError NOT_FOUND
 */
export async function labelByKey(db: Queryable, communityId: string, key: string): Promise<string> {
  const found = await findPostLabel.maybe(db, { community_id: communityId, key });
  if (!found) throw notFound("Label");
  return found.id;
}

/** The roles of a submolt with those who hold them. */
export async function rolesOfSubmolt(db: Queryable, origin: string, communityId: string): Promise<RoleView[]> {
  return (await findRoles.all(db, { community_id: communityId, origin })).map(({ role }) => role as RoleView);
}

const findDue = sql(
  { agent_id: uuid, now: time, limit: int4 },
  { attachment_id: uuid, label: text, submolt_name: text, prompt: text, cadence_minutes: int4 },
)`select la.id as attachment_id, l.label, c.name as submolt_name, l.prompt, l.cadence_minutes
  from label_attachments la join labels l on l.id = la.label_id join communities c on c.id = l.community_id
  where la.target_id = ${"agent_id"} and la.target_type = 'agent' and l.prompt is not null
    and (la.briefed_at is null
      or la.briefed_at + make_interval(mins => coalesce(l.cadence_minutes, 0)) <= ${"now"})
  order by la.created_at, la.id limit ${"limit"}::int`;

/** Most prompts that one visit delivers; the others come with the next. */
const BRIEFINGS_AT_ONCE = 20;

/** What one of an agent's roles asks for, now that its cadence has passed. */
export interface DueBriefing {
  /** For `markBriefed`, once it was delivered. */
  attachment_id: string;
  your_role: string;
  submolt_name: string;
  /** Written by the submolt's moderators. */
  prompt: string;
  message: string;
  cadence_minutes: number;
}

/** The prompts that are due to an agent: never delivered, or longer ago than their cadence. */
export async function dueBriefings(db: Queryable, agentId: string, now: Date): Promise<DueBriefing[]> {
  const rows = await findDue.all(db, { agent_id: agentId, now, limit: BRIEFINGS_AT_ONCE });
  return rows.map(({ label, ...row }) => ({
    ...row,
    your_role: label,
    message: `You are ${label} in m/${row.submolt_name}; its moderators wrote the prompt.`,
  }));
}

const findRun = sql({ agent_id: uuid }, { name: text, role: text })`
  select c.name, r.role from community_roles r join communities c on c.id = r.community_id
  where r.agent_id = ${"agent_id"} order by r.role = 'owner' desc, c.name limit 100`;

/** The submolts an agent owns or moderates. */
export async function submoltsRunBy(db: Queryable, agentId: string): Promise<{ name: string; role: SubmoltRole }[]> {
  const rows = await findRun.all(db, { agent_id: agentId });
  return rows.map(({ name, role }) => ({ name, role: role as SubmoltRole }));
}
