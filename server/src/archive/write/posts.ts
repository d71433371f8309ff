/** Imported posts: rows, counters, rank, search documents and events of a batch, in one transaction. */
import { lockAgent } from "../../agents/write.js";
import { AppError } from "../../errors.js";
import { jsonb, type Queryable, SYSTEM, sql, uuid, uuids } from "../../platform/db.js";
import { digestOf, newSalt } from "../../platform/digest.js";
import { nameId } from "../../platform/ids.js";
import { assertPostable, hotRank, postContent } from "../../posts/rules.js";
import { documentOf, fold } from "../../search/rules/words.js";
import type { PostLine } from "../rules/lines.js";
import { fingerprint } from "../rules/read-line.js";
import { attach } from "./attach.js";
import { countForAuthors, holdAuthors } from "./authors.js";
import type { Placed } from "./lines.js";
import { NAMESPACE } from "./namespace.js";
import { recordImports } from "./record.js";
import { FALLBACK, type Listener } from "./survey.js";
import { keepVersions } from "./versions.js";

const findKnown = sql({ ids: uuids }, { id: uuid })`select id from posts where id = any(${"ids"})`;
const insertPosts = sql({ rows: jsonb }, {})`
  insert into posts (id, author_id, community_id, type, title, content, url, version, salt, created_at, edited_at)
  select r.id, r.author_id, r.community_id, r.type, r.title, r.content, r.url, r.version, decode(r.salt, 'hex'),
    r.created_at, r.edited_at
  from jsonb_to_recordset(${"rows"}) as r(id uuid, author_id uuid, community_id uuid, type text, title text, content text,
    url text, version integer, salt text, created_at timestamptz, edited_at timestamptz)`;
const insertStats = sql({ rows: jsonb }, {})`
  insert into post_stats (post_id, community_id, author_id, created_at, upvotes, downvotes, score, comment_count, hot,
    imported_upvotes, imported_downvotes, imported_comments, pinned_at, is_locked)
  select r.id, r.community_id, r.author_id, r.created_at, r.upvotes, r.downvotes, r.upvotes - r.downvotes, r.comments,
    r.hot, r.upvotes, r.downvotes, r.comments, r.pinned_at, r.is_locked
  from jsonb_to_recordset(${"rows"}) as r(id uuid, community_id uuid, author_id uuid, created_at timestamptz,
    upvotes integer, downvotes integer, comments integer, hot bigint, pinned_at timestamptz, is_locked boolean)`;
const insertDocuments = sql({ rows: jsonb }, {})`
  insert into search_documents (id, kind, community_id, author_id, created_at, tsv, title_key)
  select r.id, 'post', r.community_id, r.author_id, r.created_at, r.document::tsvector, r.title_key
  from jsonb_to_recordset(${"rows"}) as r(id uuid, community_id uuid, author_id uuid, created_at timestamptz,
    document text, title_key text)`;
const countForCommunities = sql({ rows: jsonb }, {})`
  with added as (select r.community_id, count(*)::int as posts, max(r.created_at) as last
      from jsonb_to_recordset(${"rows"}) as r(community_id uuid, created_at timestamptz) group by 1),
    held as materialized (select s.community_id from community_stats s
      where s.community_id in (select community_id from added) order by s.community_id for update)
  update community_stats s set post_count = s.post_count + added.posts,
    last_activity_at = greatest(s.last_activity_at, added.last)
  from held join added using (community_id) where s.community_id = held.community_id`;

/** Where names lead. */
export interface Directory {
  agents: ReadonlyMap<string, string>;
  submolts: ReadonlyMap<string, string>;
}

/**
 * Imports one batch in the caller's transaction; posts that are here already, even deleted since, stay as they are.
 * @returns how many are new
 */
export async function importPosts(
  tx: Queryable,
  lines: readonly Placed<PostLine>[],
  { agents, submolts }: Directory,
  listener: Listener,
): Promise<number> {
  const authors = await holdAuthors(tx, lines, agents);
  await lockAgent(tx, SYSTEM);
  const withIds = lines.map((line) => ({ line, id: line.id ?? nameId(NAMESPACE, fingerprint(line)) }));
  const here = new Set((await findKnown.all(tx, { ids: withIds.map(({ id }) => id) })).map(({ id }) => id));
  const rows = withIds.flatMap(({ line, id }) => {
    if (here.has(id)) return [];
    here.add(id);
    const community = submolts.get((line.submolt ?? FALLBACK).toLowerCase()) ?? submolts.get(FALLBACK);
    if (community === undefined) throw new Error(`There is no submolt ${FALLBACK}`);
    const { title, content, upvotes, downvotes, comments, createdAt } = line;
    const { url, type } = addressOf(line, listener);
    return {
      id,
      author_id: authors.idOf(line.author),
      community_id: community,
      type,
      title,
      content,
      url,
      upvotes,
      downvotes,
      comments,
      score: upvotes - downvotes,
      hot: hotRank(upvotes - downvotes, createdAt),
      document: documentOf(title, content ?? ""),
      title_key: fold(title),
      version: line.version,
      versions: line.versions,
      labels: line.labels,
      salt: line.salt ?? newSalt().toString("hex"),
      created_at: createdAt,
      edited_at: line.editedAt,
      pinned_at: line.pinnedAt,
      is_locked: line.isLocked,
    };
  });
  if (rows.length === 0) return 0;
  const json = JSON.stringify(rows.map(({ versions: _, labels: __, ...row }) => row));
  await insertPosts.run(tx, { rows: json });
  await insertStats.run(tx, { rows: json });
  await insertDocuments.run(tx, { rows: json });
  await keepVersions(tx, "post", rows);
  await attach(
    tx,
    "post",
    rows.flatMap(({ id, labels }) => labels.map((label) => ({ ...label, targetId: id }))),
  );
  await countForCommunities.run(tx, { rows: json });
  await countForAuthors(tx, "post", rows);
  await recordImports(
    tx,
    rows.map((row) => ({
      kind: "post",
      id: row.id,
      authorId: row.author_id,
      postId: row.id,
      communityId: row.community_id,
      version: row.version,
      digest: digestOf(
        postContent({
          id: row.id,
          authorId: row.author_id,
          communityId: row.community_id,
          type: row.type,
          title: row.title,
          content: row.content,
          url: row.url,
          createdAt: row.created_at,
        }),
        Buffer.from(row.salt, "hex"),
      ),
      occurredAt: row.created_at,
    })),
  );
  return rows.length;
}

/** An address nobody may post here is left out, and that is told. */
function addressOf({ url, type, at }: Placed<PostLine>, { note }: Listener): { url: string | null; type: string } {
  if (url === null) return { url, type: "text" };
  try {
    return { url, type: assertPostable({ url, ...(type === null ? {} : { type }) }) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    note(`${at.file} line ${at.line}: its url is left out: ${error.message}`);
    return { url: null, type: "text" };
  }
}
