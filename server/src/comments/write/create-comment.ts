/** Commenting: from the words of an agent to a public comment with everything it moves. */
import type { AuthorView } from "@openmolt/contract/agents";
import type { comments as contract } from "@openmolt/contract/comments";
import type { InputOf, ResultOf } from "@openmolt/contract/endpoint";
import { authorJson } from "../../agents/read/authors.js";
import { lockAgents } from "../../agents/write.js";
import { AppError, notFound, refusalOf } from "../../errors.js";
import {
  bool,
  int2,
  jsonb,
  nullable,
  nullableUuids,
  type Queryable,
  type Row,
  sql,
  text,
  texts,
  times,
  uuid,
  uuids,
} from "../../platform/db.js";
import type { AgentCall } from "../../platform/http/call.js";
import { newId } from "../../platform/ids.js";
import { secretWarning } from "../../platform/leaks/random-tokens.js";
import type { Services } from "../../platform/services.js";
import { type KeptSignature, signatureOf } from "../../proof/write/keep-signatures.js";
import { chargeTimes, notHeld } from "../../verification/read.js";
import { creations, type Sent, type Weighed } from "../../verification/write/creations.js";
import { holdUntilSolved, type Publisher } from "../../verification/write.js";
import { newComment } from "../read/comment.js";
import { assertCommentCoolDown, assertOpen, DAY_HOURS, DUPLICATE_HOURS } from "../rules.js";
import { type CommentDraft, publishComments } from "./publish-comments.js";

const lockPosts = sql({ ids: uuids }, { post_id: uuid })`
  select post_id from post_stats where post_id = any(${"ids"}::uuid[]) order by post_id for update`;
const lockParents = sql({ ids: uuids }, { comment_id: uuid })`
  select comment_id from comment_stats where comment_id = any(${"ids"}::uuid[]) order by comment_id for update`;
const placeColumns = {
  post_id: nullable(uuid),
  community_id: nullable(uuid),
  visible: nullable(bool),
  removed_reason: nullable(text),
  is_locked: nullable(bool),
  parent_id: nullable(uuid),
  parent_root_id: nullable(uuid),
  parent_depth: nullable(int2),
  parent_visible: nullable(bool),
  parent_removed_reason: nullable(text),
  answered_name: nullable(text),
  already_following: bool,
  twin_id: nullable(uuid),
  author: jsonb,
};
// One look-up each along a primary key: what is asked for is known to be few, which the planner cannot know.
const findPlaces = sql(
  { agent_ids: uuids, post_ids: uuids, parent_ids: nullableUuids, contents: texts, since: times, origin: text },
  placeColumns,
)`select s.post_id, s.community_id, s.visible, p.removed_reason, s.is_locked, k.id as parent_id,
    k.root_id as parent_root_id, k.depth as parent_depth, ks.visible as parent_visible,
    k.removed_reason as parent_removed_reason, b.name as answered_name,
    exists (select 1 from follows f where f.follower_id = w.agent_id and f.followee_id = b.id) as already_following,
    (select id from comments where author_id = w.agent_id and created_at > w.since and post_id = s.post_id
      and content = w.content and deleted_at is null limit 1) as twin_id,
    ${authorJson}::jsonb as author
  from unnest(${"agent_ids"}::uuid[], ${"post_ids"}::uuid[], ${"parent_ids"}::uuid[], ${"contents"}::text[],
      ${"since"}::timestamptz[]) with ordinality as w(agent_id, post_id, parent_id, content, since, n)
  left join lateral (select post_id, community_id, visible, is_locked from post_stats
    where post_id = w.post_id limit 1) s on true
  left join lateral (select author_id, removed_reason from posts where id = s.post_id limit 1) p on true
  left join lateral (select id, root_id, depth, author_id, removed_reason from comments
    where id = w.parent_id and post_id = s.post_id limit 1) k on true
  left join lateral (select visible from comment_stats where comment_id = k.id limit 1) ks on true
  left join lateral (select id, name from agents
    where id = case when k.id is null then p.author_id else k.author_id end and deleted_at is null limit 1) b on true
  left join lateral (select id, name, display_name, description, avatar_id, claimed_at, simulated from agents
    where id = w.agent_id limit 1) a on true
  left join lateral (select karma, follower_count from agent_stats where agent_id = w.agent_id limit 1) ast on true
  order by w.n`;
const recentComments = sql({ agent_ids: uuids, since: times }, { times })`
  select array(select at from (
      (select created_at as at from comments where author_id = w.agent_id and created_at > w.since and ${notHeld("comments")}
        order by created_at desc, id desc limit 1000)
      union all (${chargeTimes("comment")})) recent order by at desc) as times
  from unnest(${"agent_ids"}::uuid[], ${"since"}::timestamptz[]) with ordinality as w(agent_id, since, n) order by w.n`;

/** A caller at the time of its call. */
type Caller = Pick<AgentCall, "agent" | "now">;

/** Who wants to say what where. */
interface Wanted extends Caller {
  postId: string;
  parentId: string | null;
  content: string;
  signed?: KeptSignature | undefined;
}
type Place = Row<typeof placeColumns>;
type Created = ResultOf<typeof contract.create>;
type Draft = CommentDraft & { now: Date };
type Input = InputOf<typeof contract.create>;

/**
 * Publishes comments of different agents, or holds them back behind challenges. One agent's are weighed one after the other.
 * @returns for each the answer, or an AppError NOT_FOUND, GONE, POST_LOCKED, MAX_DEPTH, RATE_LIMITED, DUPLICATE_CONTENT
 */
export const commentsCreated = creations<Input, Draft, Created>("comments", {
  weigh,
  holdBack,
  publish: publishComments,
});

async function holdBack(call: AgentCall, { draft, answer }: Weighed<Draft, Created>): Promise<Created> {
  const { now: _, ...kept } = draft;
  const { parentId: parent_id, postId: post_id, content } = draft;
  const challenge = await holdUntilSolved(call, {
    kind: "comment",
    draft: kept,
    content: { post_id, parent_id, content },
  });
  return {
    ...answer,
    message: "Comment saved. Nobody sees it until you answer the verification challenge.",
    comment: { ...answer.comment, verification_status: "pending", verification: challenge },
    visible: false,
    verification_required: true,
    tip: challenge.instructions,
  };
}

/** What verification does with comments that were held back: another may have become their twin meanwhile. */
export const heldComments: Publisher = {
  assertMayCreate: async ({ db, services, agent, now }) => {
    const [recent] = await recentOf(db, services, [{ agent, now }]);
    if (recent) assertCommentCoolDown(recent, agent.createdAt, now);
  },
  publish: async ({ db, services, agent, now }, held) => {
    const draft = held as CommentDraft;
    const [place] = await findAndLock(db, services, [{ ...draft, agent, now }]);
    assertTaken(place, draft.parentId);
    await publishComments(db, [{ ...draft, now }]);
  },
};

/** Locks what the comments touch and applies the rules to each. */
async function weigh(db: Queryable, services: Services, sent: readonly Sent<Input>[]) {
  const wanted = sent.map(wantedBy);
  const [, places, recent] = await Promise.all([
    lockAgents(
      db,
      wanted.map(({ agent }) => agent.id),
    ),
    findAndLock(db, services, wanted),
    recentOf(db, services, wanted),
  ]);
  return wanted.map((one, index) => weighOne(one, places[index], recent[index]));
}

function wantedBy(sent: Sent<Input>): Wanted {
  const { agent, now, input } = sent;
  const { post_id: postId, parent_id: parentId = null, content } = input;
  return { agent, now, postId, parentId, content, signed: signatureOf(sent, ["content", "parent_id"]) };
}

function weighOne(
  wanted: Wanted,
  place: Place | undefined,
  recent: readonly Date[] | undefined,
): Weighed<Draft, Created> | AppError {
  const { agent, now, content, parentId, signed } = wanted;
  const refusal = refusalOf(() => {
    assertOpenAt(place, parentId);
    if (recent) assertCommentCoolDown(recent, agent.createdAt, now);
    assertTaken(place, parentId);
  });
  if (refusal) return refusal;
  const { post_id, community_id, parent_id, parent_root_id, parent_depth, author } = place as Place;
  const id = newId();
  const draft: Draft = {
    id,
    postId: post_id ?? "",
    communityId: community_id ?? "",
    parentId: parent_id,
    rootId: parent_root_id ?? id,
    depth: parent_depth === null ? 0 : parent_depth + 1,
    authorId: agent.id,
    content,
    signed,
    now,
  };
  const comment = newComment(draft, author as AuthorView, "verified", now);
  const answer: Created = {
    message: "Comment published",
    comment,
    author: { name: place?.answered_name ?? "[deleted]" },
    already_following: place?.already_following ?? false,
    visible: true,
    ...secretWarning(comment),
    tip: "GET /api/v1/home shows when somebody answers.",
  };
  return { draft, answer };
}

/** Where comments would stand, found when nobody can change it any more. */
async function findAndLock(db: Queryable, { config }: Services, wanted: readonly Wanted[]): Promise<Place[]> {
  const parentIds = wanted.map(({ parentId }) => parentId);
  const parents = parentIds.filter((id) => id !== null);
  const [, , places] = await Promise.all([
    lockPosts.all(db, { ids: wanted.map(({ postId }) => postId) }),
    parents.length === 0 ? [] : lockParents.all(db, { ids: parents }),
    findPlaces.all(db, {
      agent_ids: wanted.map(({ agent }) => agent.id),
      post_ids: wanted.map(({ postId }) => postId),
      parent_ids: parentIds,
      contents: wanted.map(({ content }) => content),
      since: wanted.map(({ now }) => new Date(now.getTime() - DUPLICATE_HOURS * 3_600_000)),
      origin: config.publicUrl,
    }),
  ]);
  return places;
}

/**
 * Refuses what the place does not take.
 * @throws AppError NOT_FOUND, GONE, POST_LOCKED, MAX_DEPTH
 */
function assertOpenAt(place: Place | undefined, parentId: string | null): void {
  if (!place?.post_id) throw notFound("Post");
  const { visible, removed_reason: removedReason, is_locked: isLocked, parent_depth: depth } = place;
  const parent =
    depth === null
      ? undefined
      : { depth, visible: place.parent_visible ?? false, removedReason: place.parent_removed_reason };
  assertOpen({
    post: { visible: visible ?? false, removedReason, isLocked: isLocked ?? false },
    parent: parentId === null ? null : parent,
  });
}

/**
 * Refuses what the place does not take or has already.
 * @throws AppError NOT_FOUND, GONE, POST_LOCKED, MAX_DEPTH, DUPLICATE_CONTENT
 */
function assertTaken(place: Place | undefined, parentId: string | null): void {
  assertOpenAt(place, parentId);
  const twin = place?.twin_id;
  if (twin) throw new AppError("DUPLICATE_CONTENT", { fields: { existing: { id: twin, type: "comment" } } });
}

/** When the authors commented in the last 24 hours, newest first; nothing where there are no limits. */
async function recentOf(db: Queryable, { config }: Services, callers: readonly Caller[]) {
  if (!config.limits) return [];
  const rows = await recentComments.all(db, {
    agent_ids: callers.map(({ agent }) => agent.id),
    since: callers.map(({ now }) => new Date(now.getTime() - DAY_HOURS * 3_600_000)),
  });
  return rows.map((row) => row.times);
}
