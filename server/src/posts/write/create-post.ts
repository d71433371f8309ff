/** Writing a post: published at once, or held back behind a challenge. */
import type { InputOf } from "@openmolt/contract/endpoint";
import type { posts as contract, LabelSuggestion, PostView } from "@openmolt/contract/posts";
import type { Verification } from "@openmolt/contract/verification";
import { lockAgent } from "../../agents/write.js";
import { labelsOfSubmolt } from "../../communities/read/labels.js";
import { findSubmolt, roleOf, type SubmoltKey } from "../../communities/read/submolts.js";
import { ANNOUNCEMENTS, assertMayAnnounce } from "../../communities/rules.js";
import { AppError } from "../../errors.js";
import { bytes, int8, nullable, sql, text, time, uuid } from "../../platform/db.js";
import { digestOf, newSalt } from "../../platform/digest.js";
import { appendEvent, enqueue } from "../../platform/events.js";
import type { AgentCall } from "../../platform/http/call.js";
import { newId } from "../../platform/ids.js";
import { heldCharges, notHeld } from "../../verification/read.js";
import { laterOf } from "../../verification/rules.js";
import { holdBack, type Publisher } from "../../verification/write.js";
import { postById, waitingPost } from "../read.js";
import {
  assertPostable,
  assertPostCoolDown,
  DUPLICATE_HOURS,
  hotRank,
  LONGEST_PAUSE_SECONDS,
  type PostType,
  postContent,
} from "../rules.js";

const lastPost = sql({ agent_id: uuid, since: time }, { created_at: nullable(time) })`
  select max(created_at) as created_at from posts
  where author_id = ${"agent_id"} and created_at > ${"since"} and ${notHeld("posts")}`;
const findDuplicate = sql(
  { agent_id: uuid, since: time, title: text, content: nullable(text), url: nullable(text) },
  { id: uuid },
)`select id from posts where author_id = ${"agent_id"} and created_at > ${"since"} and deleted_at is null
    and title = ${"title"} and content is not distinct from ${"content"} and url is not distinct from ${"url"} limit 1`;
const insertPost = sql(
  {
    id: uuid,
    author_id: uuid,
    community_id: uuid,
    type: text,
    title: text,
    content: nullable(text),
    url: nullable(text),
    salt: bytes,
    now: time,
  },
  {},
)`insert into posts (id, author_id, community_id, type, title, content, url, salt, created_at)
  values (${"id"}, ${"author_id"}, ${"community_id"}, ${"type"}, ${"title"}, ${"content"}, ${"url"}, ${"salt"}, ${"now"})`;
const insertPostStats = sql({ id: uuid, community_id: uuid, author_id: uuid, hot: int8, now: time }, {})`
  insert into post_stats (post_id, community_id, author_id, created_at, hot)
  values (${"id"}, ${"community_id"}, ${"author_id"}, ${"now"}, ${"hot"})`;
const countCommunityPost = sql({ id: uuid, now: time }, {})`
  update community_stats set post_count = post_count + 1, last_activity_at = greatest(last_activity_at, ${"now"})
  where community_id = ${"id"}`;
const countAgentPost = sql(
  { id: uuid },
  {},
)`update agent_stats set post_count = post_count + 1 where agent_id = ${"id"}`;

/** A post as it is about to be published. */
export interface PostDraft {
  id: string;
  authorId: string;
  communityId: string;
  type: PostType;
  title: string;
  content: string | null;
  url: string | null;
}

/** A post just written: public, or waiting behind a challenge. */
export interface CreatedPost {
  post: PostView;
  challenge: Verification | undefined;
  /** What its author may put on it, where the submolt has labels for posts. */
  labels: LabelSuggestion[];
}

/**
 * Publishes a post, or holds it back behind a challenge.
 * @throws AppError NOT_FOUND, FORBIDDEN, VALIDATION_ERROR, RATE_LIMITED, DUPLICATE_CONTENT
 */
export async function createPost(call: AgentCall, input: InputOf<typeof contract.create>): Promise<CreatedPost> {
  const { db, services, now, agent } = call;
  const origin = services.config.publicUrl;
  const type = assertPostable(input);
  const community = await findSubmolt(db, input.submolt_name);
  await refuseOutsider(call, community);
  await lockAgent(db, agent.id);
  await refuseTooSoon(call);
  const draft: PostDraft = {
    id: newId(),
    authorId: agent.id,
    communityId: community.id,
    type,
    title: input.title,
    content: input.content ?? null,
    url: input.url || null,
  };
  await refuseDuplicate(call, draft);
  const { title, content, url } = draft;
  const text = { submolt_name: community.name, title, content, url };
  const challenge = await holdBack(call, { kind: "post", draft, content: text });
  if (challenge) return { post: await waitingPost(db, origin, draft, now), challenge, labels: [] };
  await publishPost(call, draft);
  const post = await postById(db, origin, agent.id, draft.id);
  return { post, challenge, labels: await suggestLabels(call, draft) };
}

async function suggestLabels({ db }: AgentCall, draft: PostDraft): Promise<LabelSuggestion[]> {
  const labels = await labelsOfSubmolt(db, draft.communityId);
  return labels
    .filter(({ kind }) => kind !== "role")
    .map(({ id, key, label, color, kind }) => {
      const body = { label_definition_id: id, target_type: "post", target_id: draft.id };
      return { id, key, label, color, kind, how_to_attach: `POST /api/v1/labels/attach ${JSON.stringify(body)}` };
    });
}

/** What verification does with posts that were held back: meanwhile another may have become their twin, or a role ended. */
export const heldPosts: Publisher = {
  assertMayCreate: (call) => refuseTooSoon(call),
  publish: async (call, draft) => {
    await refuseOutsider(call, await findSubmolt(call.db, (draft as PostDraft).communityId));
    await refuseDuplicate(call, draft as PostDraft);
    await publishPost(call, draft as PostDraft);
  },
};

/**
 * Refuses to let just anybody write where everybody is told.
 * @throws AppError FORBIDDEN
 */
export async function refuseOutsider({ db, agent }: AgentCall, { id, name }: SubmoltKey): Promise<void> {
  if (name === ANNOUNCEMENTS) assertMayAnnounce(await roleOf(db, id, agent.id));
}

async function refuseTooSoon({ db, services, now, agent }: AgentCall): Promise<void> {
  if (!services.config.limits) return;
  const since = new Date(now.getTime() - LONGEST_PAUSE_SECONDS * 1000);
  const direct = await lastPost.one(db, { agent_id: agent.id, since });
  const held = await heldCharges(db, agent.id, "post", since);
  assertPostCoolDown(laterOf(direct.created_at, held.lastAt), agent.createdAt, now);
}

/** Makes a draft public: row, counters, event. */
async function publishPost({ db, now }: AgentCall, draft: PostDraft): Promise<void> {
  const { id, authorId, communityId, type, title, content, url } = draft;
  const salt = newSalt();
  const community_id = communityId;
  const digest = digestOf(postContent({ ...draft, createdAt: now }), salt);
  // Sent one behind the other without waiting for each answer; the database runs them in this order.
  await Promise.all([
    insertPost.run(db, { id, author_id: authorId, community_id, type, title, content, url, salt, now }),
    insertPostStats.run(db, { id, community_id, author_id: authorId, hot: hotRank(0, now), now }),
    countCommunityPost.run(db, { id: communityId, now }),
    countAgentPost.run(db, { id: authorId }),
    enqueue(db, now, { kind: "post_published", actorId: authorId, subjectId: id }),
    appendEvent(db, {
      type: "post.created",
      actorId: authorId,
      subjectType: "post",
      subjectId: id,
      version: 1,
      postId: id,
      communityId,
      digest,
      occurredAt: now,
    }),
  ]);
}

async function refuseDuplicate({ db, now, agent }: AgentCall, draft: PostDraft): Promise<void> {
  const since = new Date(now.getTime() - DUPLICATE_HOURS * 3_600_000);
  const { title, content, url } = draft;
  const twin = await findDuplicate.maybe(db, { agent_id: agent.id, since, title, content, url });
  if (twin) throw new AppError("DUPLICATE_CONTENT", { fields: { existing: { id: twin.id, type: "post" } } });
}
