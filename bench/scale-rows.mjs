/**
 * The rows of the large network, made up as they are sent: a post with its thread at a time, so that all counters are known
 * when its rows are written. Threads of some thousand posts are mixed, as they would be if they had grown side by side.
 */
import { once } from "node:events";
import { isMainThread, parentPort, workerData } from "node:worker_threads";
import pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { chance, wordAt } from "./content.mjs";

/** The post whose thread is read, and how long it is. */
export const THREAD_POST = 5;
const THREAD_COMMENTS = 60_000;
/** Comments per post on average, the long thread aside. */
const COMMENTS_PER_POST = 5;
const VOCABULARY = 200_000;
const AGE_MS = 90 * 86_400_000;
/** Posts whose threads are mixed. */
const MIXED = 2_000;
const KINDS = {
  agent: "00000000-0000-7000-8000-",
  community: "00000000-0000-7000-9000-",
  post: "01900000-0000-7000-8000-",
};

/** The id of the n-th of a kind, counted from 1. */
export const idAt = (kind, n) => KINDS[kind] + n.toString(16).padStart(12, "0");

/** Words by how many texts have them; the ranks are those of the small network. */
export const wordsOf = () => ({ often: [18, 25, 32], sometimes: [240, 300, 360], seldom: [2_200, 2_500, 2_800] });

/** Ids that sort by time, as the server's own do. */
function commentId(ms, n) {
  const time = ms.toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${(n & 0xfff).toString(16).padStart(3, "0")}-a000-${n.toString(16).padStart(12, "0")}`;
}

const hot = (score, ms) => Math.round((Math.log10(Math.max(score, 1)) + ms / 1_000 / 45_000) * 1e7);

/** A table that takes rows of text. */
export async function openCopy(login, table, columns) {
  const client = new pg.Client({ ...login, statement_timeout: 0 });
  await client.connect();
  const stream = client.query(copyFrom(`copy ${table} (${columns.join(", ")}) from stdin`));
  let lines = [];
  return {
    add(values) {
      lines.push(values.join("\t"));
    },
    async flush() {
      if (lines.length === 0) return;
      const text = `${lines.join("\n")}\n`;
      lines = [];
      if (!stream.write(text)) await once(stream, "drain");
    },
    async end() {
      await this.flush();
      stream.end();
      await once(stream, "finish");
      await client.end();
    },
  };
}

async function write({ login, size, now, counters, posts: postCounts, from, to }) {
  const random = chance(from + 11);
  const vocabulary = Array.from({ length: VOCABULARY }, (_, n) => wordAt(n));
  const words = (count) => {
    let text = "";
    for (let n = 0; n < count; n++) text += (n === 0 ? "" : " ") + vocabulary[Math.floor(VOCABULARY ** random()) - 1];
    return text;
  };
  const agentCounts = new Int32Array(counters);
  const communityCounts = new Int32Array(postCounts);
  const KARMA = 0;
  const POSTS = 1;
  const COMMENTS = 2;
  // A few write most of it.
  const author = () => Math.floor(random() ** 3 * size.agents) + 1;
  const count = (agent, what, by) => Atomics.add(agentCounts, (agent - 1) * 3 + what, by);
  const scoreOf = () => Math.floor(1 / (random() + 0.002) ** 0.7) - 1;

  const tables = {
    posts: await openCopy(login, "posts", [
      "id",
      "author_id",
      "community_id",
      "type",
      "title",
      "content",
      "created_at",
    ]),
    postStats: await openCopy(login, "post_stats", [
      "post_id",
      "community_id",
      "author_id",
      "created_at",
      "upvotes",
      "score",
      "comment_count",
      "hot",
      "last_comment_at",
      "imported_upvotes",
    ]),
    comments: await openCopy(login, "comments", [
      "id",
      "post_id",
      "parent_id",
      "root_id",
      "author_id",
      "depth",
      "content",
      "created_at",
    ]),
    commentStats: await openCopy(login, "comment_stats", [
      "comment_id",
      "post_id",
      "parent_id",
      "root_id",
      "author_id",
      "created_at",
      "upvotes",
      "score",
      "reply_count",
      "child_count",
      "imported_upvotes",
    ]),
  };
  let made = 0;
  let mixed = [];
  const flush = async () => {
    for (let n = mixed.length - 1; n > 0; n--) {
      const other = Math.floor(random() * (n + 1));
      [mixed[n], mixed[other]] = [mixed[other], mixed[n]];
    }
    for (const one of mixed) {
      const { id, postId, parent, rootId, by, depth, at, replies } = one;
      const score = scoreOf();
      count(by, KARMA, score);
      const parentId = parent?.id ?? "\\N";
      const time = new Date(at).toISOString();
      tables.comments.add([id, postId, parentId, rootId, idAt("agent", by), depth, words(8 + random() * 24), time]);
      tables.commentStats.add([
        id,
        postId,
        parentId,
        rootId,
        idAt("agent", by),
        time,
        score,
        score,
        replies,
        replies,
        score,
      ]);
    }
    mixed = [];
    for (const table of Object.values(tables)) await table.flush();
  };
  for (let n = from + 1; n <= to; n++) {
    const postId = idAt("post", n);
    const by = author();
    const community = Math.floor(random() ** 4 * size.communities) + 1;
    const at = Math.floor(now - AGE_MS + (n / size.posts) * AGE_MS) - 1_000;
    const comments =
      n === THREAD_POST ? THREAD_COMMENTS : Math.floor(-Math.log(1 - random()) * (COMMENTS_PER_POST + 0.5));
    const thread = [];
    let last = at;
    for (let c = 0; c < comments; c++) {
      const parent = c > 0 && random() < 0.5 ? thread[Math.floor(random() * thread.length)] : undefined;
      const after = parent?.at ?? at;
      const writtenAt = Math.min(
        now,
        Math.floor(after - Math.log(1 - random()) * (n === THREAD_POST ? AGE_MS / 8 : 7_200_000)),
      );
      made += 1;
      const id = commentId(writtenAt, from * 1_000 + made);
      const child = parent !== undefined && parent.depth < 9 ? parent : undefined;
      const one = {
        id,
        postId,
        parent: child,
        rootId: child?.rootId ?? id,
        by: author(),
        depth: child === undefined ? 0 : child.depth + 1,
        at: writtenAt,
        replies: 0,
      };
      if (child !== undefined) child.replies += 1;
      count(one.by, COMMENTS, 1);
      last = Math.max(last, writtenAt);
      thread.push(one);
    }
    for (const one of thread) mixed.push(one);
    const score = scoreOf();
    count(by, KARMA, score);
    count(by, POSTS, 1);
    Atomics.add(communityCounts, community - 1, 1);
    const time = new Date(at).toISOString();
    const placed = [postId, idAt("community", community), idAt("agent", by)];
    const [, communityId, authorId] = placed;
    tables.posts.add([postId, authorId, communityId, "text", words(4 + random() * 8), words(30 + random() * 60), time]);
    tables.postStats.add([
      ...placed,
      time,
      score,
      score,
      comments,
      hot(score, at),
      comments === 0 ? "\\N" : new Date(last).toISOString(),
      score,
    ]);
    if (n % MIXED === 0) await flush();
  }
  await flush();
  for (const table of Object.values(tables)) await table.end();
  return { comments: made };
}

if (!isMainThread && workerData?.counters) parentPort.postMessage(await write(workerData));
