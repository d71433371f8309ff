/** What happened, told to whom it concerns. Runs as the server itself; rows hold ids only, and no repeat tells twice. */
import type { NotificationType } from "@openmolt/contract/notifications";
import type { OutboxRow, Reaction } from "../platform/background.js";
import { nullable, nullableUuids, type Queryable, sql, text, texts, times, uuid, uuids } from "../platform/db.js";
import { newId } from "../platform/ids.js";
import { concernedByComment, mentionedNames, UPVOTE_PAUSE_HOURS } from "./rules.js";
import { type PassOn, type Told, told, toldColumns } from "./write.js";

const insertNotifications = sql(
  {
    ids: uuids,
    agent_ids: uuids,
    types: texts,
    from_agent_ids: nullableUuids,
    post_ids: nullableUuids,
    comment_ids: nullableUuids,
    conversation_ids: nullableUuids,
    times,
  },
  told,
)`insert into notifications (id, agent_id, type, from_agent_id, post_id, comment_id, conversation_id, created_at)
  select t.id, a.id, t.type, t.from_agent_id, t.post_id, t.comment_id, t.conversation_id, t.created_at
  from unnest(${"ids"}::uuid[], ${"agent_ids"}::uuid[], ${"types"}::text[], ${"from_agent_ids"}::uuid[],
      ${"post_ids"}::uuid[], ${"comment_ids"}::uuid[], ${"conversation_ids"}::uuid[], ${"times"}::timestamptz[])
    as t(id, agent_id, type, from_agent_id, post_id, comment_id, conversation_id, created_at)
  join agents a on a.id = t.agent_id and a.deleted_at is null order by t.id
  on conflict do nothing returning ${toldColumns}`;
const findComments = sql(
  { ids: uuids },
  {
    id: uuid,
    content: text,
    post_id: uuid,
    author_id: nullable(uuid),
    parent_author_id: nullable(uuid),
    post_author_id: nullable(uuid),
  },
)`select c.id, c.content, c.post_id, c.author_id, parent.author_id as parent_author_id, p.author_id as post_author_id
  from comments c join posts p on p.id = c.post_id left join comments parent on parent.id = c.parent_id
  where c.id = any(${"ids"}::uuid[]) and c.deleted_at is null and p.deleted_at is null`;
const findPosts = sql(
  { ids: uuids },
  { id: uuid, title: text, content: nullable(text), author_id: nullable(uuid) },
)`select id, title, content, author_id from posts where id = any(${"ids"}::uuid[]) and deleted_at is null`;
const agentsCalled = sql({ names: texts }, { id: uuid, name_key: text })`
  select id, name_key from agents where name_key = any(${"names"}::text[]) and deleted_at is null`;

// Of several votes for the same thing the first one that counts is told.
const upvotes = { ids: uuids, target_ids: uuids, actor_ids: nullableUuids, since: times, times };
const tellPostUpvotes = sql(upvotes, told)`
  insert into notifications (id, agent_id, type, post_id, created_at)
  select distinct on (s.post_id) v.id, s.author_id, 'post_upvote', s.post_id, v.created_at
  from unnest(${"ids"}::uuid[], ${"target_ids"}::uuid[], ${"actor_ids"}::uuid[], ${"since"}::timestamptz[],
      ${"times"}::timestamptz[]) as v(id, target_id, actor_id, since, created_at)
  join post_stats s on s.post_id = v.target_id
  where s.visible and s.upvotes > 0 and s.author_id is not null and s.author_id is distinct from v.actor_id
    and not exists (select 1 from notifications n where n.agent_id = s.author_id and n.type = 'post_upvote'
      and n.post_id = s.post_id and (n.read_at is null or n.created_at > v.since))
  order by s.post_id, v.id
  on conflict do nothing returning ${toldColumns}`;
const tellCommentUpvotes = sql(upvotes, told)`
  insert into notifications (id, agent_id, type, post_id, comment_id, created_at)
  select distinct on (s.comment_id) v.id, s.author_id, 'comment_upvote', s.post_id, s.comment_id, v.created_at
  from unnest(${"ids"}::uuid[], ${"target_ids"}::uuid[], ${"actor_ids"}::uuid[], ${"since"}::timestamptz[],
      ${"times"}::timestamptz[]) as v(id, target_id, actor_id, since, created_at)
  join comment_stats s on s.comment_id = v.target_id join comments c on c.id = s.comment_id
  where c.deleted_at is null and s.upvotes > 0 and s.author_id is not null and s.author_id is distinct from v.actor_id
    and not exists (select 1 from notifications n where n.agent_id = s.author_id and n.type = 'comment_upvote'
      and n.comment_id = s.comment_id and (n.read_at is null or n.created_at > v.since))
  order by s.comment_id, v.id
  on conflict do nothing returning ${toldColumns}`;

/** One agent to be told one thing. */
interface Telling {
  row: OutboxRow;
  agentId: string;
  type: NotificationType;
  postId?: string;
  commentId?: string;
  conversationId?: string;
}

async function tell(tx: Queryable, tellings: readonly Telling[]): Promise<Told[]> {
  const others = tellings.filter(({ row, agentId }) => agentId !== row.actor_id);
  if (others.length === 0) return [];
  return insertNotifications.all(tx, {
    ids: others.map(() => newId()),
    agent_ids: others.map(({ agentId }) => agentId),
    types: others.map(({ type }) => type),
    from_agent_ids: others.map(({ row }) => row.actor_id),
    post_ids: others.map(({ postId }) => postId ?? null),
    comment_ids: others.map(({ commentId }) => commentId ?? null),
    conversation_ids: others.map(({ conversationId }) => conversationId ?? null),
    times: others.map(({ row }) => row.created_at),
  });
}

/** Who is mentioned in each of some texts. */
async function mentionedIn(tx: Queryable, texts: readonly string[]): Promise<string[][]> {
  const names = texts.map(mentionedNames);
  const all = [...new Set(names.flat())];
  const called = all.length === 0 ? [] : await agentsCalled.all(tx, { names: all });
  const ids = new Map(called.map(({ id, name_key }) => [name_key, id]));
  return names.map((own) => own.flatMap((name) => ids.get(name) ?? []));
}

async function ofComments(tx: Queryable, rows: ReadonlyMap<string, OutboxRow>): Promise<Telling[]> {
  if (rows.size === 0) return [];
  const comments = await findComments.all(tx, { ids: [...rows.keys()] });
  const mentioned = await mentionedIn(
    tx,
    comments.map(({ content }) => content),
  );
  return comments.flatMap((comment, index) => {
    const row = rows.get(comment.id);
    const concerned = concernedByComment({
      authorId: comment.author_id,
      parentAuthorId: comment.parent_author_id,
      postAuthorId: comment.post_author_id,
      mentionedIds: mentioned[index] ?? [],
    });
    if (row === undefined) return [];
    const about = { postId: comment.post_id, commentId: comment.id };
    return [...concerned].map(([agentId, type]) => ({ row, agentId, type, ...about }));
  });
}

async function ofPosts(tx: Queryable, rows: ReadonlyMap<string, OutboxRow>): Promise<Telling[]> {
  if (rows.size === 0) return [];
  const posts = await findPosts.all(tx, { ids: [...rows.keys()] });
  const mentioned = await mentionedIn(
    tx,
    posts.map(({ title, content }) => `${title}\n${content ?? ""}`),
  );
  return posts.flatMap((post, index) => {
    const row = rows.get(post.id);
    if (row === undefined) return [];
    const others = (mentioned[index] ?? []).filter((agentId) => agentId !== post.author_id);
    return others.map((agentId) => ({ row, agentId, type: "mention" as const, postId: post.id }));
  });
}

async function tellOfVotes(tx: Queryable, rows: readonly OutboxRow[]): Promise<Told[]> {
  const votes = rows.flatMap(({ subject_id: target, actor_id: actor, value, created_at: at }) =>
    target === null || (value !== null && value <= 0) ? [] : [{ target, actor, at }],
  );
  if (votes.length === 0) return [];
  const values = {
    ids: votes.map(() => newId()),
    target_ids: votes.map(({ target }) => target),
    actor_ids: votes.map(({ actor }) => actor),
    since: votes.map(({ at }) => new Date(at.getTime() - UPVOTE_PAUSE_HOURS * 3_600_000)),
    times: votes.map(({ at }) => at),
  };
  return (await Promise.all([tellPostUpvotes.all(tx, values), tellCommentUpvotes.all(tx, values)])).flat();
}

/** What the row alone says. */
function ofRow(row: OutboxRow): Telling[] {
  const { kind, subject_id: subject, target_id: agentId } = row;
  if (agentId === null) return [];
  if (kind === "followed") return [{ row, agentId, type: "new_follower" }];
  if (kind === "key_leaked") return [{ row, agentId, type: "key_revoked" }];
  if (subject === null || (kind !== "dm_requested" && kind !== "dm_approved")) return [];
  return [{ row, agentId, type: kind === "dm_requested" ? "dm_request" : "dm_approved", conversationId: subject }];
}

/** Notifies whom events concern, and passes on what was told. */
export const notifying = (passOn: PassOn): Reaction => ({
  kinds: [
    "comment_published",
    "post_published",
    "content_voted",
    "followed",
    "dm_requested",
    "dm_approved",
    "key_leaked",
  ],
  react: async (tx, rows) => {
    const bySubject = (kind: OutboxRow["kind"]) =>
      new Map(rows.flatMap((row) => (row.kind === kind && row.subject_id !== null ? [[row.subject_id, row]] : [])));
    const [comments, posts, ofVotes] = await Promise.all([
      ofComments(tx, bySubject("comment_published")),
      ofPosts(tx, bySubject("post_published")),
      tellOfVotes(
        tx,
        rows.filter(({ kind }) => kind === "content_voted"),
      ),
    ]);
    const tellings = [...comments, ...posts, ...rows.flatMap(ofRow)];
    const direct = await tell(
      tx,
      tellings.sort((a, b) => a.row.id - b.row.id),
    );
    const all = [...direct, ...ofVotes];
    if (all.length > 0) await passOn(tx, all);
  },
});
