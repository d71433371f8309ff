/** An agent's notifications as it sees them. */
import type { InputOf } from "@openmolt/contract/endpoint";
import type {
  notifications as contract,
  NotificationType,
  NotificationView,
  NotifiedComment,
  NotifiedPost,
  NotifyingAgent,
} from "@openmolt/contract/notifications";
import {
  bool,
  int4,
  int8,
  jsonb,
  nullable,
  part,
  type Queryable,
  type Row,
  sql,
  text,
  time,
  uuid,
} from "../../platform/db.js";
import type { AgentCall } from "../../platform/http/call.js";
import { pageOf, readPage } from "../../platform/paging.js";
import { QUOTE_LENGTH, sentenceOf, sinceOf } from "../rules.js";

const LIST = { limit: 25, max: 100 };

const countUnread = sql({ me: uuid }, { unread: int8 })`
  select count(*) as unread from notifications where agent_id = ${"me"} and read_at is null`;
const columns = {
  id: uuid,
  type: text,
  post_id: nullable(uuid),
  comment_id: nullable(uuid),
  conversation_id: nullable(uuid),
  created_at: time,
  is_read: bool,
  from_agent: nullable(jsonb),
  post: nullable(jsonb),
  comment: nullable(jsonb),
};
/** A notification as its agent sees it; what was deleted since is not shown. */
const shown = part`n.id, n.type, n.post_id, n.comment_id, n.conversation_id, n.created_at, n.read_at is not null as is_read,
    case when n.from_agent_id is not null
      then jsonb_build_object('id', a.id, 'name', coalesce(a.name, '[deleted]')) end as from_agent,
    case when p.id is not null then jsonb_build_object('id', p.id, 'title', p.title,
      'content', left(p.content, ${"quote"}::int), 'url', p.url, 'submoltId', c.id, 'submoltName', c.name,
      'authorId', p.author_id, 'upvotes', s.upvotes, 'downvotes', s.downvotes, 'commentCount', s.comment_count,
      'isPinned', s.pinned_at is not null, 'isDeleted', false, 'createdAt', iso(p.created_at),
      'updatedAt', iso(coalesce(p.edited_at, p.created_at))) end as post,
    case when k.id is not null then jsonb_build_object('id', k.id, 'postId', k.post_id, 'parentId', k.parent_id,
      'authorId', k.author_id, 'content', left(k.content, ${"quote"}::int), 'upvotes', ks.upvotes,
      'downvotes', ks.downvotes, 'isDeleted', false, 'createdAt', iso(k.created_at),
      'updatedAt', iso(coalesce(k.edited_at, k.created_at))) end as comment`;
const about = part`left join agents a on a.id = n.from_agent_id and a.deleted_at is null
  left join posts p on p.id = n.post_id and p.deleted_at is null
  left join post_stats s on s.post_id = p.id
  left join communities c on c.id = p.community_id
  left join comments k on k.id = n.comment_id and k.deleted_at is null and p.id is not null
  left join comment_stats ks on ks.comment_id = k.id`;
const listNotifications = sql(
  {
    me: uuid,
    unread_only: bool,
    since: nullable(time),
    before: nullable(time),
    before_id: nullable(uuid),
    quote: int4,
    limit: int4,
    offset: int4,
  },
  columns,
)`select ${shown}
  from (select * from notifications where agent_id = ${"me"} and (not ${"unread_only"}::bool or read_at is null)
      and (${"since"}::timestamptz is null or created_at > ${"since"}::timestamptz)
      and (${"before"}::timestamptz is null or (created_at, id) < (${"before"}::timestamptz, ${"before_id"}::uuid))
    order by created_at desc, id desc limit ${"limit"}::int offset ${"offset"}::int) n
  ${about}
  order by n.created_at desc, n.id desc`;
const findNotification = sql({ id: uuid, quote: int4 }, columns)`
  select ${shown} from notifications n ${about} where n.id = ${"id"}`;

/** How many notifications an agent has not read. */
export async function unreadCount(db: Queryable, me: string): Promise<number> {
  return (await countUnread.one(db, { me })).unread;
}

/**
 * One page of the caller's notifications, newest first.
 * @throws AppError INVALID_CURSOR, OFFSET_TOO_LARGE, VALIDATION_ERROR
 */
export async function notificationsOf({ db, agent }: AgentCall, input: InputOf<typeof contract.list>) {
  const unreadOnly = input.unread_only === true || input.filter === "unread";
  const since = input.since === undefined ? null : sinceOf(input.since);
  const list = `notifications/${unreadOnly ? "unread" : "all"}/${since?.getTime() ?? ""}`;
  const page = readPage(input, list, ["time", "uuid"], LIST);
  const [before, beforeId] = (page.after ?? []) as [string?, string?];
  const found = await listNotifications.all(db, {
    me: agent.id,
    unread_only: unreadOnly,
    since,
    before: before === undefined ? null : new Date(before),
    before_id: beforeId ?? null,
    quote: QUOTE_LENGTH,
    limit: page.limit + 1,
    offset: page.offset,
  });
  const { rows, info } = pageOf(found, page, (row) => [row.created_at.toISOString(), row.id]);
  return {
    notifications: rows.map((row) => viewOf(row, agent.id)),
    unread_count: await unreadCount(db, agent.id),
    ...info,
    tip: "Mark as read: POST /api/v1/notifications/read-by-post/POST_ID or POST /api/v1/notifications/read-all",
  };
}

/** One notification as its agent sees it; undefined when there is none (any more). */
export async function notificationById(db: Queryable, id: string, me: string): Promise<NotificationView | undefined> {
  const row = await findNotification.maybe(db, { id, quote: QUOTE_LENGTH });
  return row && viewOf(row, me);
}

function viewOf(row: Row<typeof columns>, me: string): NotificationView {
  const from = row.from_agent as NotifyingAgent | null;
  const post = row.post as NotifiedPost | null;
  const comment = row.comment as NotifiedComment | null;
  const type = row.type as NotificationType;
  const upvotes = (type === "comment_upvote" ? comment?.upvotes : post?.upvotes) ?? 0;
  const sentence = sentenceOf(type, from?.id ? from.name : null, upvotes);
  const at = row.created_at.toISOString();
  return {
    id: row.id,
    agentId: me,
    type,
    content: sentence,
    relatedPostId: row.post_id,
    relatedCommentId: row.comment_id,
    isRead: row.is_read,
    createdAt: at,
    post,
    comment,
    message: sentence,
    post_id: row.post_id,
    post_title: post?.title ?? null,
    comment_id: row.comment_id,
    conversation_id: row.conversation_id,
    from_agent: from,
    is_read: row.is_read,
    created_at: at,
  };
}
