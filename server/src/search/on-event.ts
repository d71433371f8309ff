/** Keeps the search index at what is public now: each piece of outbox work writes or forgets one document. */

import type { OutboxRow, Reaction } from "../platform/background.js";
import { nullable, type Queryable, sql, text, time, uuid } from "../platform/db.js";
import { documentOf, fold } from "./rules/words.js";

const source = {
  community_id: uuid,
  author_id: nullable(uuid),
  created_at: time,
  title: text,
  content: nullable(text),
};
// Held until the document is written: an edit that comes meanwhile waits and is indexed after this one, never before.
const publicPost = sql({ id: uuid }, source)`
  select community_id, author_id, created_at, title, content from posts
  where id = ${"id"} and deleted_at is null for share`;
const publicComment = sql({ id: uuid }, source)`
  select p.community_id, c.author_id, c.created_at, '' as title, c.content from comments c join posts p on p.id = c.post_id
  where c.id = ${"id"} and c.deleted_at is null and p.deleted_at is null for share of c, p`;
const writeDocument = sql(
  {
    id: uuid,
    kind: text,
    community_id: uuid,
    author_id: nullable(uuid),
    created_at: time,
    document: text,
    title_key: nullable(text),
  },
  {},
)`insert into search_documents (id, kind, community_id, author_id, created_at, tsv, title_key)
  values (${"id"}, ${"kind"}, ${"community_id"}, ${"author_id"}, ${"created_at"}, ${"document"}::text::tsvector, ${"title_key"})
  on conflict (id) do update set author_id = excluded.author_id, tsv = excluded.tsv, title_key = excluded.title_key`;
const forgetDocument = sql({ id: uuid }, {})`delete from search_documents where id = ${"id"}`;
const forgetThread = sql({ id: uuid }, {})`
  delete from search_documents where id in (select comment_id from comment_stats where post_id = ${"id"})`;

/** Indexes what was published or changed; forgets what is gone, a post with its whole thread. */
export const index: Reaction = {
  kinds: ["post_published", "post_changed", "comment_published", "comment_changed"],
  react: async (tx: Queryable, { kind, subject_id: id }: OutboxRow) => {
    if (id === null) return;
    const isPost = kind.startsWith("post_");
    const found = await (isPost ? publicPost : publicComment).maybe(tx, { id });
    if (!found) {
      await forgetDocument.run(tx, { id });
      if (isPost) await forgetThread.run(tx, { id });
      return;
    }
    const { community_id, author_id, created_at, title, content } = found;
    await writeDocument.run(tx, {
      id,
      kind: isPost ? "post" : "comment",
      community_id,
      author_id,
      created_at,
      document: documentOf(title, content ?? ""),
      title_key: isPost ? fold(title) : null,
    });
  },
};
