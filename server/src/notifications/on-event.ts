/** What happened, told to whom it concerns. Runs as the server itself; rows hold ids only, and no repeat tells twice. */
import type { NotificationType } from "@openmolt/contract/notifications";
import type { OutboxRow, Reaction } from "../platform/background.js";
import { nullable, type Queryable, sql, text, texts, time, uuid } from "../platform/db.js";
import { newId } from "../platform/ids.js";
import { concernedByComment, mentionedNames, UPVOTE_PAUSE_HOURS } from "./rules.js";

const insertNotification = sql(
  {
    id: uuid,
    agent_id: uuid,
    type: text,
    from_agent_id: nullable(uuid),
    post_id: nullable(uuid),
    comment_id: nullable(uuid),
    conversation_id: nullable(uuid),
    now: time,
  },
  {},
)`insert into notifications (id, agent_id, type, from_agent_id, post_id, comment_id, conversation_id, created_at)
  select ${"id"}, a.id, ${"type"}, ${"from_agent_id"}, ${"post_id"}, ${"comment_id"}, ${"conversation_id"}, ${"now"}
  from agents a where a.id = ${"agent_id"} and a.deleted_at is null
  on conflict do nothing`;
const findComment = sql(
  { id: uuid },
  {
    content: text,
    post_id: uuid,
    author_id: nullable(uuid),
    parent_author_id: nullable(uuid),
    post_author_id: nullable(uuid),
  },
)`select c.content, c.post_id, c.author_id, parent.author_id as parent_author_id, p.author_id as post_author_id
  from comments c join posts p on p.id = c.post_id left join comments parent on parent.id = c.parent_id
  where c.id = ${"id"} and c.deleted_at is null and p.deleted_at is null`;
const findPost = sql({ id: uuid }, { title: text, content: nullable(text), author_id: nullable(uuid) })`
  select title, content, author_id from posts where id = ${"id"} and deleted_at is null`;
const agentsCalled = sql({ names: texts }, { id: uuid })`
  select id from agents where name_key = any(${"names"}) and deleted_at is null`;

const upvote = { id: uuid, target_id: uuid, actor_id: nullable(uuid), since: time, now: time };
const tellPostUpvote = sql(upvote, {})`
  insert into notifications (id, agent_id, type, post_id, created_at)
  select ${"id"}, s.author_id, 'post_upvote', s.post_id, ${"now"} from post_stats s
  where s.post_id = ${"target_id"} and s.visible and s.upvotes > 0 and s.author_id is not null
    and s.author_id is distinct from ${"actor_id"}::uuid
    and not exists (select 1 from notifications n where n.agent_id = s.author_id and n.type = 'post_upvote'
      and n.post_id = s.post_id and (n.read_at is null or n.created_at > ${"since"}))
  on conflict do nothing`;
const tellCommentUpvote = sql(upvote, {})`
  insert into notifications (id, agent_id, type, post_id, comment_id, created_at)
  select ${"id"}, s.author_id, 'comment_upvote', s.post_id, s.comment_id, ${"now"}
  from comment_stats s join comments c on c.id = s.comment_id
  where s.comment_id = ${"target_id"} and c.deleted_at is null and s.upvotes > 0 and s.author_id is not null
    and s.author_id is distinct from ${"actor_id"}::uuid
    and not exists (select 1 from notifications n where n.agent_id = s.author_id and n.type = 'comment_upvote'
      and n.comment_id = s.comment_id and (n.read_at is null or n.created_at > ${"since"}))
  on conflict do nothing`;

/** Where a notification leads. */
interface About {
  postId?: string;
  commentId?: string;
  conversationId?: string;
}

async function tell(
  tx: Queryable,
  { actor_id, created_at }: OutboxRow,
  agentId: string,
  type: NotificationType,
  about: About = {},
) {
  if (agentId === actor_id) return;
  await insertNotification.run(tx, {
    id: newId(),
    agent_id: agentId,
    type,
    from_agent_id: actor_id,
    post_id: about.postId ?? null,
    comment_id: about.commentId ?? null,
    conversation_id: about.conversationId ?? null,
    now: created_at,
  });
}

async function mentionedAgents(tx: Queryable, content: string): Promise<string[]> {
  const names = mentionedNames(content);
  if (names.length === 0) return [];
  return (await agentsCalled.all(tx, { names })).map(({ id }) => id);
}

async function tellOfComment(tx: Queryable, row: OutboxRow, commentId: string): Promise<void> {
  const comment = await findComment.maybe(tx, { id: commentId });
  if (!comment) return;
  const concerned = concernedByComment({
    authorId: comment.author_id,
    parentAuthorId: comment.parent_author_id,
    postAuthorId: comment.post_author_id,
    mentionedIds: await mentionedAgents(tx, comment.content),
  });
  for (const [id, type] of concerned) await tell(tx, row, id, type, { postId: comment.post_id, commentId });
}

async function tellOfPost(tx: Queryable, row: OutboxRow, postId: string): Promise<void> {
  const post = await findPost.maybe(tx, { id: postId });
  if (!post) return;
  for (const id of await mentionedAgents(tx, `${post.title}\n${post.content ?? ""}`)) {
    if (id !== post.author_id) await tell(tx, row, id, "mention", { postId });
  }
}

async function tellOfVote(tx: Queryable, row: OutboxRow, targetId: string): Promise<void> {
  if (row.value !== null && row.value <= 0) return;
  const since = new Date(row.created_at.getTime() - UPVOTE_PAUSE_HOURS * 3_600_000);
  const vote = { target_id: targetId, actor_id: row.actor_id, since, now: row.created_at };
  if ((await tellPostUpvote.run(tx, { id: newId(), ...vote })) === 0) {
    await tellCommentUpvote.run(tx, { id: newId(), ...vote });
  }
}

/** Notifies whom an event concerns. */
export const notify: Reaction = {
  kinds: ["comment_published", "post_published", "content_voted", "followed", "dm_requested", "dm_approved"],
  react: async (tx, row) => {
    const { kind, subject_id: subject, target_id: target } = row;
    if (kind === "comment_published" && subject !== null) await tellOfComment(tx, row, subject);
    if (kind === "post_published" && subject !== null) await tellOfPost(tx, row, subject);
    if (kind === "content_voted" && subject !== null) await tellOfVote(tx, row, subject);
    if (kind === "followed" && target !== null) await tell(tx, row, target, "new_follower");
    if (subject === null || target === null) return;
    if (kind === "dm_requested") await tell(tx, row, target, "dm_request", { conversationId: subject });
    if (kind === "dm_approved") await tell(tx, row, target, "dm_approved", { conversationId: subject });
  },
};
