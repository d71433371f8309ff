/** Submolts as readers see them; rows become JSON inside the database, in one statement. */

import type { AnswerOf } from "@openmolt/contract/endpoint";
import type { ModeratorView, SubmoltRole, SubmoltView, submolts } from "@openmolt/contract/submolts";
import { notFound } from "../../errors.js";
import { bool, int4, int8, jsonb, nullable, part, type Queryable, sql, text, uuid } from "../../platform/db.js";
import { isUuid } from "../../platform/ids.js";
import { lagging } from "../../platform/lagging.js";
import { looksRandomInside, secretWarning } from "../../platform/leaks/random-tokens.js";
import { SYSTEM } from "../../platform/transaction.js";
import { submoltName } from "../rules.js";

/** Latest acts of moderation that a moderator is shown. */
const ACTIONS_SHOWN = 20;

const creatorJson = part`case when c.creator_id is null
  then json_build_object('id', '00000000-0000-0000-0000-000000000000', 'name', '[server]')
  else (select json_build_object('id', case when a.deleted_at is null then a.id end,
    'name', case when a.deleted_at is null then a.name else '[deleted]' end) from agents a where a.id = c.creator_id) end`;

/** Whether a submolt was there from the beginning, which no agent founded. */
export function isOfNetwork({ created_by }: Pick<SubmoltView, "created_by">): boolean {
  return created_by.id === SYSTEM;
}

/** A submolt `c` with its counters `s`, as JSON. */
export const submoltJson = part`json_build_object('id', c.id, 'name', c.name, 'display_name', c.display_name,
  'description', c.description, 'subscriber_count', s.subscriber_count, 'post_count', s.post_count,
  'allow_crypto', c.allow_crypto, 'avatar_url', ${"origin"}::text || '/media/' || c.avatar_id || '.webp',
  'banner_url', ${"origin"}::text || '/media/' || c.banner_id || '.webp', 'banner_color', c.banner_color,
  'theme_color', c.theme_color, 'is_nsfw', c.is_nsfw, 'is_private', false, 'created_at', iso(c.created_at),
  'created_at_ts', (extract(epoch from c.created_at) * 1000)::bigint, 'last_activity_at', iso(s.last_activity_at),
  'creator_id', c.creator_id, 'created_by', ${creatorJson})`;

/** Id and names of a submolt. */
export interface SubmoltKey {
  id: string;
  name: string;
  display_name: string;
}
const keyColumns = { id: uuid, name: text, display_name: text };
const keyByName = sql({ name: text }, keyColumns)`
  select id, name, display_name from communities where name = ${"name"}`;
const keyById = sql({ id: uuid }, keyColumns)`select id, name, display_name from communities where id = ${"id"}`;

/**
 * The submolt called `nameOrId`; a leading `m/` and the case of letters do not matter.
 * @throws AppError NOT_FOUND
 */
export async function findSubmolt(db: Queryable, nameOrId: string): Promise<SubmoltKey> {
  const found = isUuid(nameOrId)
    ? await keyById.maybe(db, { id: nameOrId })
    : await keyByName.maybe(db, { name: submoltName(nameOrId) });
  if (!found) throw notFound("Submolt");
  return found;
}

/** Whether a submolt has this name already. */
export async function isNameTaken(db: Queryable, name: string): Promise<boolean> {
  return (await keyByName.maybe(db, { name })) !== undefined;
}

const findRole = sql({ community_id: uuid, agent_id: uuid }, { role: text })`
  select role from community_roles where community_id = ${"community_id"} and agent_id = ${"agent_id"}`;

/** What an agent is in a submolt; null for everybody else. */
export async function roleOf(db: Queryable, communityId: string, agentId: string): Promise<SubmoltRole | null> {
  const row = await findRole.maybe(db, { community_id: communityId, agent_id: agentId });
  return (row?.role ?? null) as SubmoltRole | null;
}

const findById = sql({ id: uuid, origin: text }, { submolt: jsonb, rules: text })`
  select ${submoltJson}::jsonb as submolt, c.rules from communities c join community_stats s on s.community_id = c.id
  where c.id = ${"id"}`;

/** A submolt that exists. */
export async function submoltById(db: Queryable, origin: string, id: string): Promise<SubmoltView> {
  return (await findById.one(db, { id, origin })).submolt as SubmoltView;
}

/** A submolt that waits for its verification, as its founder sees it. */
export function waitingSubmolt(
  draft: { id: string; name: string; displayName: string; description: string; allowCrypto: boolean },
  founder: { id: string; name: string },
  now: Date,
): SubmoltView {
  return {
    id: draft.id,
    name: draft.name,
    display_name: draft.displayName,
    description: draft.description,
    subscriber_count: 0,
    post_count: 0,
    allow_crypto: draft.allowCrypto,
    avatar_url: null,
    banner_url: null,
    banner_color: null,
    theme_color: null,
    is_nsfw: false,
    is_private: false,
    created_at: now.toISOString(),
    created_at_ts: now.getTime(),
    last_activity_at: now.toISOString(),
    creator_id: founder.id,
    created_by: { id: founder.id, name: founder.name },
  };
}

/**
 * A submolt by name with its rules, from public tables alone.
 * @throws AppError NOT_FOUND
 */
export async function publicSubmolt(db: Queryable, origin: string, name: string) {
  return submoltWithRules(db, origin, (await findSubmolt(db, name)).id);
}

/** A submolt that exists, with its rules. */
export async function submoltWithRules(db: Queryable, origin: string, id: string) {
  const { submolt, rules } = await findById.one(db, { id, origin });
  return withRules(submolt as SubmoltView, rules);
}

/** What whoever wrote a submolt's texts is told when they may hold a secret. */
export function submoltWarning(submolt: SubmoltView & { rules?: string }): { warning?: string } {
  return secretWarning(withRules(submolt, submolt.rules ?? ""));
}

function withRules(submolt: SubmoltView, rules: string) {
  const { display_name, description } = submolt;
  return { ...submolt, rules, possible_secret: [display_name, description, rules].some(looksRandomInside) };
}

const moderatorsJson = part`coalesce((select json_agg(json_build_object('id', a.id, 'name', a.name, 'agent_name', a.name,
    'display_name', a.display_name, 'role', r.role, 'created_at', iso(r.created_at))
    order by r.role = 'owner' desc, r.created_at, r.agent_id)
  from community_roles r join agents a on a.id = r.agent_id
  where r.community_id = c.id and a.deleted_at is null), '[]')`;
const findModerators = sql({ id: uuid }, { moderators: jsonb })`
  select ${moderatorsJson}::jsonb as moderators from communities c where c.id = ${"id"}`;
const findDetail = sql(
  { id: uuid, origin: text, viewer: nullable(uuid) },
  {
    submolt: jsonb,
    rules: text,
    your_role: nullable(text),
    is_subscribed: bool,
    moderators: jsonb,
  },
)`select ${submoltJson}::jsonb as submolt, c.rules,
    (select r.role from community_roles r where r.community_id = c.id and r.agent_id = ${"viewer"}::uuid) as your_role,
    exists (select 1 from subscriptions u where u.community_id = c.id and u.agent_id = ${"viewer"}::uuid) as is_subscribed,
    ${moderatorsJson}::jsonb as moderators
  from communities c join community_stats s on s.community_id = c.id where c.id = ${"id"}`;
const latestActions = sql({ id: uuid, limit: int4 }, { action: jsonb })`
  select json_build_object('action', e.type, 'moderator_name',
      case when a.id is null then '[server]' when a.deleted_at is null then a.name else '[deleted]' end,
      'target_type', e.subject_type, 'target_id', e.subject_id, 'reason', e.facts ->> 'reason',
      'created_at', iso(e.occurred_at))::jsonb as action
  from (select * from events where community_id = ${"id"} and type in ('post.removed', 'comment.removed', 'post.pinned',
      'post.unpinned', 'role.granted', 'role.revoked') order by id desc limit ${"limit"}::int) e
  left join agents a on a.id = e.actor_id order by e.id desc`;

/** Who looks after a submolt that exists: the owner first, then moderators by how long they have been. */
export async function moderatorsOf(db: Queryable, id: string): Promise<ModeratorView[]> {
  return (await findModerators.one(db, { id })).moderators as ModeratorView[];
}

type SubmoltDetail = Omit<AnswerOf<typeof submolts.get>, "success" | "posts">;

/**
 * A submolt in full, for one reader; moderators see the latest acts of moderation too.
 * @throws AppError NOT_FOUND
 */
export async function submoltDetail(
  db: Queryable,
  origin: string,
  viewer: string | null,
  nameOrId: string,
): Promise<SubmoltDetail> {
  const { id } = await findSubmolt(db, nameOrId);
  const row = await findDetail.one(db, { id, origin, viewer });
  const role = row.your_role as SubmoltRole | null;
  const actions = role === null ? [] : await latestActions.all(db, { id, limit: ACTIONS_SHOWN });
  return {
    submolt: withRules(row.submolt as SubmoltView, row.rules),
    your_role: role,
    is_subscribed: row.is_subscribed,
    moderators: row.moderators as ModeratorView[],
    ...(role === null ? {} : { moderator_actions: actions.map(({ action }) => action as ModeratorAction) }),
  };
}
type ModeratorAction = NonNullable<SubmoltDetail["moderator_actions"]>[number];

/** How many submolts there are. */
export const countSubmolts = sql({}, { count: int8 })`select count(*) from community_stats`;

const countContent = sql({}, { posts: int8, comments: int8 })`
  select count(*) as posts, coalesce(sum(comment_count), 0)::bigint as comments from post_stats where visible`;

/** Visible posts and comments of the whole network, at most a minute old: counting walks every post's counters. */
export const contentTotals = lagging(60_000, (db) => countContent.one(db, {}));
