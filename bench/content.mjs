/**
 * What a network to measure holds, made up: always the same but for ids, keys and the present time. Counters fit the rows,
 * and every event has the digest of its content.
 */
import { randomBytes } from "node:crypto";
import { commentContent } from "../server/dist/src/comments/rules.js";
import { digestOf } from "../server/dist/src/platform/digest.js";
import { newId } from "../server/dist/src/platform/ids.js";
import { newAgentKey } from "../server/dist/src/platform/keys.js";
import { postContent } from "../server/dist/src/posts/rules.js";

/** How much of everything. */
export const SIZE = { agents: 1_000, posts: 10_000, comments: 50_000, votes: 120_000 };
/** The thread that is read: its roots, and the replies to each. */
const THREAD = { roots: 100, replies: 3 };
const DAY_MS = 86_400_000;
/** Posts are spread over this time. */
const AGE_DAYS = 90;
const WORDS = 3_000;

/** A generator of numbers from 0 to 1 that always begins the same (mulberry32). */
export function chance(seed) {
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

/**
 * Makes it up.
 * @param {{ id: string }[]} communities where posts go
 * @returns agents, posts and comments as objects that know each other; votes and events as rows; when the agents were born
 */
export function makeContent(communities) {
  const random = chance(7);
  const pick = (list) => list[Math.floor(random() * list.length)];
  const now = Date.now();
  const words = (count) => Array.from({ length: count }, () => wordAt(Math.floor(WORDS ** random()) - 1)).join(" ");

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
  return { agents, posts, comments, voteRows, events, born };
}
