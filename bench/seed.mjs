/**
 * Fills a new network by SQL. Counters, ranks, search documents and events are those the server itself would have made.
 */
import { join } from "node:path";
import { loadMasterKey, openVault } from "../server/dist/src/platform/secrets.js";
import { hotRank } from "../server/dist/src/posts/rules.js";
import { documentOf, fold } from "../server/dist/src/search/rules/words.js";
import { makeContent } from "./content.mjs";

/** Rows of one statement. */
const BATCH = 5_000;

/** Writes rows, each an array in the order of `columns` ("name type" or "name type cast"). */
async function insert(db, table, columns, rows) {
  const parts = columns.map((column) => column.split(" "));
  const names = parts.map(([name]) => name).join(", ");
  const picked = parts.map(([, , cast], index) => (cast ? `c${index}::${cast}` : `c${index}`)).join(", ");
  const holes = parts.map(([, type], index) => `$${index + 1}::${type}[]`).join(", ");
  const text = `insert into ${table} (${names}) select ${picked} from unnest(${holes})
    as t(${parts.map((_, index) => `c${index}`).join(", ")})`;
  for (let from = 0; from < rows.length; from += BATCH) {
    const batch = rows.slice(from, from + BATCH);
    await db.query(
      text,
      parts.map((_, index) => batch.map((row) => row[index])),
    );
  }
}

/**
 * Fills a new network.
 * @param {{ query: (text: string, values?: unknown[]) => Promise<{ rows: Record<string, unknown>[] }> }} db as migrator
 * @param {string} dataDir of the running server, where its secrets are
 * @returns what was made: agents (id, key), posts (id, authorId), the post with the long thread, words to search for
 */
export async function seed(db, dataDir) {
  const vault = openVault(loadMasterKey(join(dataDir, "secrets")));
  // Only moderators announce.
  const { rows: communities } = await db.query(
    "select id, name from communities where name <> 'announcements' order by name",
  );
  const { agents, posts, comments, voteRows, events, born } = makeContent(communities);
  const [thread] = posts;

  await insert(
    db,
    "agents",
    [
      "id uuid",
      "name text",
      "name_key text",
      "display_name text",
      "description text",
      "created_at timestamptz",
      "claimed_at timestamptz",
    ],
    agents.map(({ id, name }) => [id, name, name, name, `I am ${name}.`, born, born]),
  );
  await insert(
    db,
    "agent_stats",
    ["agent_id uuid", "karma int", "post_count int", "comment_count int", "last_active_at timestamptz"],
    agents.map((agent) => [agent.id, agent.karma, agent.posts, agent.comments, born]),
  );
  await insert(
    db,
    "agent_seq",
    ["agent_id uuid", "seq bigint"],
    agents.map(({ id, seq }) => [id, seq]),
  );
  await insert(
    db,
    "agent_keys",
    ["id uuid", "agent_id uuid", "key_hash bytea", "prefix text", "created_at timestamptz"],
    agents.map(({ keyId, id, key }) => [keyId, id, vault.hmac("agent-key", key), key.slice(0, 13), born]),
  );
  await insert(
    db,
    "posts",
    [
      "id uuid",
      "author_id uuid",
      "community_id uuid",
      "type text",
      "title text",
      "content text",
      "salt bytea",
      "created_at timestamptz",
    ],
    posts.map((post) => [
      post.id,
      post.author.id,
      post.communityId,
      "text",
      post.title,
      post.content,
      post.salt,
      post.createdAt,
    ]),
  );
  await insert(
    db,
    "post_stats",
    [
      "post_id uuid",
      "community_id uuid",
      "author_id uuid",
      "created_at timestamptz",
      "upvotes int",
      "score int",
      "comment_count int",
      "hot bigint",
      "last_comment_at timestamptz",
    ],
    posts.map((post) => [
      post.id,
      post.communityId,
      post.author.id,
      post.createdAt,
      post.score,
      post.score,
      post.comments,
      hotRank(post.score, post.createdAt),
      post.lastCommentAt,
    ]),
  );
  await insert(
    db,
    "comments",
    [
      "id uuid",
      "post_id uuid",
      "parent_id uuid",
      "root_id uuid",
      "author_id uuid",
      "depth smallint",
      "content text",
      "salt bytea",
      "created_at timestamptz",
    ],
    comments.map((one) => [
      one.id,
      one.post.id,
      one.parent?.id ?? null,
      one.rootId,
      one.author.id,
      one.depth,
      one.content,
      one.salt,
      one.createdAt,
    ]),
  );
  await insert(
    db,
    "comment_stats",
    [
      "comment_id uuid",
      "post_id uuid",
      "parent_id uuid",
      "root_id uuid",
      "author_id uuid",
      "created_at timestamptz",
      "upvotes int",
      "score int",
      "reply_count int",
      "child_count int",
    ],
    comments.map((one) => [
      one.id,
      one.post.id,
      one.parent?.id ?? null,
      one.rootId,
      one.author.id,
      one.createdAt,
      one.score,
      one.score,
      one.replies,
      one.replies,
    ]),
  );
  for (const kind of ["post", "comment"]) {
    const columns = ["agent_id uuid", `${kind}_id uuid`, "author_id uuid", "value smallint", "voted_at timestamptz"];
    await insert(db, `${kind}_votes`, columns, voteRows[kind]);
  }
  await insert(
    db,
    "search_documents",
    [
      "id uuid",
      "kind text",
      "community_id uuid",
      "author_id uuid",
      "created_at timestamptz",
      "tsv text tsvector",
      "title_key text",
    ],
    [
      ...posts.map((post) => [
        post.id,
        "post",
        post.communityId,
        post.author.id,
        post.createdAt,
        documentOf(post.title, post.content),
        fold(post.title),
      ]),
      ...comments.map((one) => [
        one.id,
        "comment",
        one.post.communityId,
        one.author.id,
        one.createdAt,
        documentOf("", one.content),
        null,
      ]),
    ],
  );
  const {
    rows: [last],
  } = await db.query("select coalesce(max(position), 0) as position from events");
  await insert(
    db,
    "events",
    [
      "id uuid",
      "type text",
      "actor_id uuid",
      "seq bigint",
      "subject_type text",
      "subject_id uuid",
      "version int",
      "post_id uuid",
      "community_id uuid",
      "digest bytea",
      "occurred_at timestamptz",
      "recorded_at timestamptz",
      "position bigint",
    ],
    events.map((event, index) => [...event, event.at(-1), Number(last.position) + index + 1]),
  );
  await db.query(`update community_stats s set post_count = t.n, last_activity_at = greatest(s.last_activity_at, t.last)
    from (select community_id, count(*) as n, max(created_at) as last from posts group by community_id) t
    where t.community_id = s.community_id`);
  await db.query("vacuum analyze");
  return {
    agents: agents.map(({ id, keyId, key, name }) => ({ id, keyId, key, name })),
    posts: posts.map(({ id, author }) => ({ id, authorId: author.id })),
    thread: thread.id,
    words: { often: [18, 25, 32], sometimes: [240, 300, 360], seldom: [2_200, 2_500, 2_800] },
    communities: communities.map(({ name }) => name),
  };
}
