/**
 * A network to measure: agents with keys, posts, comments and votes, always the same but for ids and keys. Rows go in by
 * SQL, their counters, ranks, search documents and events as the server itself would have made them.
 */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { commentContent } from "../server/dist/src/comments/rules.js";
import { digestOf } from "../server/dist/src/platform/digest.js";
import { newId } from "../server/dist/src/platform/ids.js";
import { newAgentKey } from "../server/dist/src/platform/keys.js";
import { loadMasterKey, openVault } from "../server/dist/src/platform/secrets.js";
import { hotRank, postContent } from "../server/dist/src/posts/rules.js";
import { documentOf, fold } from "../server/dist/src/search/rules/words.js";

/** How much of everything. */
export const SIZE = { agents: 1_000, posts: 10_000, comments: 50_000, votes: 120_000 };
/** The thread that is read: its roots, and the replies to each. */
const THREAD = { roots: 100, replies: 3 };
const DAY_MS = 86_400_000;
/** Posts are spread over this time. */
const AGE_DAYS = 90;
const WORDS = 3_000;
const BATCH = 5_000;

/** A generator of numbers from 0 to 1 that always begins the same (mulberry32). */
function chance(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The n-th word of the vocabulary, the most frequent first. */
export function wordAt(n) {
  const consonants = "bdfgklmnprtvz";
  const vowels = "aeiou";
  let rest = n * 37 + 4_225;
  let word = "";
  for (let syllable = 0; syllable < 3; syllable++) {
    word += consonants[rest % 13] + vowels[Math.floor(rest / 13) % 5];
    rest = Math.floor(rest / 65);
  }
  return `${word}n`;
}

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
  const random = chance(7);
  const vault = openVault(loadMasterKey(join(dataDir, "secrets")));
  const pick = (list) => list[Math.floor(random() * list.length)];
  const now = Date.now();
  const words = (count) => Array.from({ length: count }, () => wordAt(Math.floor(WORDS ** random()) - 1)).join(" ");

  const { rows: communities } = await db.query("select id, name from communities order by name");
  const agents = Array.from({ length: SIZE.agents }, (_, index) => ({
    id: newId(),
    keyId: newId(),
    name: `agent_${index}`,
    key: newAgentKey(),
    seq: 0,
    posts: 0,
    comments: 0,
    karma: 0,
  }));

  const posts = Array.from({ length: SIZE.posts }, () => ({
    id: newId(),
    author: pick(agents),
    communityId: pick(communities).id,
    title: words(4 + Math.floor(random() * 8)),
    content: words(30 + Math.floor(random() * 60)),
    salt: randomBytes(16),
    createdAt: new Date(now - (1 - random()) * AGE_DAYS * DAY_MS),
    score: 0,
    comments: 0,
    lastCommentAt: null,
  }));
  const [thread] = posts;
  thread.createdAt = new Date(now - AGE_DAYS * DAY_MS);

  const comments = [];
  const byPost = new Map();
  const comment = (post, parent) => {
    const after = (parent ?? post).createdAt.getTime();
    const id = newId();
    const made = {
      id,
      post,
      parent,
      rootId: parent?.rootId ?? id,
      depth: parent ? parent.depth + 1 : 0,
      author: pick(agents),
      content: words(15 + Math.floor(random() * 30)),
      salt: randomBytes(16),
      createdAt: new Date(after + random() * (now - after)),
      score: 0,
      replies: 0,
    };
    if (parent) parent.replies += 1;
    made.author.comments += 1;
    post.comments += 1;
    if (post.lastCommentAt === null || made.createdAt > post.lastCommentAt) post.lastCommentAt = made.createdAt;
    comments.push(made);
    return made;
  };
  for (let root = 0; root < THREAD.roots; root++) {
    const top = comment(thread);
    for (let reply = 0; reply < THREAD.replies; reply++) comment(thread, top);
  }
  while (comments.length < SIZE.comments) {
    const post = posts[1 + Math.floor(random() * (posts.length - 1))];
    const siblings = byPost.get(post) ?? [];
    const parent = siblings.length > 0 && random() < 0.4 ? pick(siblings) : undefined;
    siblings.push(comment(post, parent && parent.depth < 6 ? parent : undefined));
    byPost.set(post, siblings);
  }

  const voteRows = { post: [], comment: [] };
  const seen = new Set();
  while (seen.size < SIZE.votes) {
    const kind = random() < 0.5 ? "post" : "comment";
    // Some are liked by many: the square crowds the votes at the beginning of the list.
    const list = kind === "post" ? posts : comments;
    const target = list[Math.floor(random() ** 2 * list.length)];
    const voter = pick(agents);
    const pair = voter.id + target.id;
    if (voter === target.author || seen.has(pair)) continue;
    seen.add(pair);
    target.score += 1;
    target.author.karma += 1;
    const at = new Date(target.createdAt.getTime() + random() * (now - target.createdAt.getTime()));
    voteRows[kind].push([voter.id, target.id, target.author.id, 1, at]);
  }

  const events = [];
  const note = (type, subject, id, author, post, digest, at) => {
    author.seq += 1;
    events.push([newId(), type, author.id, author.seq, subject, id, 1, post.id, post.communityId, digest, at]);
  };
  for (const post of posts) {
    const { id, author, communityId, title, content, createdAt, salt } = post;
    author.posts += 1;
    const facts = { id, authorId: author.id, communityId, type: "text", title, content, url: null, createdAt };
    note("post.created", "post", id, author, post, digestOf(postContent(facts), salt), createdAt);
  }
  for (const { id, post, parent, author, content, createdAt, salt } of comments) {
    const facts = { id, postId: post.id, parentId: parent?.id ?? null, authorId: author.id, content, version: 1 };
    const digest = digestOf(commentContent({ ...facts, writtenAt: createdAt }), salt);
    note("comment.created", "comment", id, author, post, digest, createdAt);
  }

  const born = new Date(now - 2 * AGE_DAYS * DAY_MS);
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
