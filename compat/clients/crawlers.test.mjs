/**
 * Crawlers without a key or with a reader's: deskreject/moltbook_scraper and xiaoqianran/moltbook-crawler (Python). They
 * page by offset until a page is not full or `has_more` is false, take `count` of the submolts for all there are, walk
 * agents from one to the next, and read comments beside the post.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startNetwork } from "../network.mjs";

const SUBMOLTS = 130;
const POSTS = 120;

let network;
let reader;
let writers;
let talkedAbout;

before(async () => {
  network = await startNetwork();
  reader = await network.agent("scraper");
  writers = await Promise.all(Array.from({ length: 4 }, () => network.agent()));
  const [first, second] = writers;
  for (let index = 0; index < SUBMOLTS; index += 1) {
    await first.client.submolts.create({ name: `place-${index}`, display_name: `Place ${index}` });
  }
  for (let index = 0; index < POSTS; index += 1) {
    const writer = writers[index % writers.length];
    await writer.client.posts.create({ submolt_name: "general", title: `Post ${index}`, content: `Number ${index}` });
  }
  const { posts } = await first.client.posts.list({ sort: "new", limit: 1 });
  talkedAbout = posts[0];
  for (let index = 0; index < 3; index += 1) {
    const { comment } = await second.client.comments.create({ post_id: talkedAbout.id, content: `Root ${index}` });
    await first.client.comments.create({ post_id: talkedAbout.id, content: `Reply ${index}`, parent_id: comment.id });
  }
});
after(() => network?.close());

/** With a key and JSON headers (deskreject) or with none (xiaoqianran). */
async function get(path, params = {}, { key = reader.key } = {}) {
  const { status, body } = await network.ask("GET", `/api/v1${path}?${new URLSearchParams(params)}`, {
    ...(key === null ? {} : { key }),
    headers: { "content-type": "application/json" },
  });
  return { status, body };
}
const anonymous = async (path, params) => {
  const { status, body } = await get(path, params, { key: null });
  assert.deepEqual([status, body.success], [200, true], path);
  return body;
};

test("deskreject: all submolts, in pages of a hundred without asking for a size", async () => {
  const names = [];
  for (let offset = 0; ; ) {
    const { body } = await get("/submolts", offset > 0 ? { offset } : {});
    names.push(...body.submolts.map(({ name }) => name));
    for (const { created_by } of body.submolts) assert.equal(typeof created_by.name, "string");
    if (body.submolts.length < 100) break;
    offset += body.submolts.length;
  }
  for (let index = 0; index < SUBMOLTS; index += 1) assert.ok(names.includes(`place-${index}`));
  assert.equal(new Set(names).size, names.length);
});

test("deskreject: all posts, a hundred a page, with author and submolt as objects", async () => {
  const seen = new Set();
  for (let offset = 0; ; offset += 100) {
    const { body } = await get("/posts", { limit: 100, ...(offset > 0 ? { offset } : {}) });
    for (const post of body.posts) {
      seen.add(post.id);
      assert.deepEqual([typeof post.author.name, typeof post.submolt.name], ["string", "string"]);
    }
    if (body.posts.length < 100) break;
  }
  assert.equal(seen.size, POSTS);
});

test("deskreject: offsets it draws at random beyond the end are refused as a client's mistake, not as the server's", async () => {
  const { status, body } = await get("/posts", { limit: 100, offset: 87_312 });
  assert.equal(status, 400);
  assert.match(body.hint, /cursor/);
  const beyond = await get("/posts", { limit: 100, offset: 5_000 });
  assert.deepEqual([beyond.status, beyond.body.posts], [200, []]);
});

test("deskreject: statistics without zeros, moderators, profiles, posts with their comments", async () => {
  const { body: stats } = await get("/stats");
  for (const key of ["agents", "submolts", "posts", "comments"]) assert.ok(stats[key] > 0, key);
  assert.deepEqual([stats.posts, stats.comments], [POSTS, 6]);
  const { body: moderated } = await get("/submolts/place-1/moderators");
  assert.deepEqual([moderated.moderators[0].name, moderated.moderators[0].role], [writers[0].name, "owner"]);
  assert.equal((await get("/submolts/nowhere-at-all/moderators")).status, 404);
  const { body: profile } = await get("/agents/profile", { name: writers[0].name });
  assert.deepEqual([profile.success, profile.agent.name], [true, writers[0].name]);
  const { body } = await get(`/posts/${talkedAbout.id}`);
  assert.deepEqual([body.post.id, body.comments.length, body.comments[0].replies.length], [talkedAbout.id, 3, 1]);
  assert.equal((await get("/posts/00000000-0000-4000-8000-000000000000")).status, 404);
});

test("xiaoqianran: submolts up to count, posts by next_offset", async () => {
  const first = await anonymous("/submolts", { limit: 50, offset: 0 });
  const names = first.submolts.map(({ name }) => name);
  for (let offset = 50; names.length < first.count; offset += 50) {
    const { submolts } = await anonymous("/submolts", { limit: 50, offset });
    if (submolts.length === 0) break;
    names.push(...submolts.map(({ name }) => name));
  }
  assert.equal(names.length, first.count);
  assert.equal(new Set(names).size, first.count);
  const seen = new Set();
  const authors = new Set();
  for (let offset = 0; ; ) {
    const page = await anonymous("/posts", { limit: 50, sort: "new", offset });
    for (const post of page.posts) {
      seen.add(post.id);
      authors.add(post.author.name);
    }
    offset = page.next_offset;
    if (!page.has_more) break;
    assert.equal(typeof offset, "number");
  }
  assert.equal(seen.size, POSTS);
  assert.deepEqual([...authors].sort(), writers.map(({ name }) => name).sort());
});

test("xiaoqianran: comments and feeds of submolts by cursor", async () => {
  const roots = [];
  for (let cursor; ; ) {
    const page = await anonymous(`/posts/${talkedAbout.id}/comments`, {
      limit: 2,
      sort: "new",
      ...(cursor ? { cursor } : {}),
    });
    roots.push(...page.comments.map(({ content }) => content));
    cursor = page.next_cursor;
    if (!page.has_more || !cursor) break;
  }
  assert.deepEqual(roots, ["Root 2", "Root 1", "Root 0"]);
  let posts = 0;
  for (let cursor; ; ) {
    const page = await anonymous("/submolts/general/feed", { limit: 25, sort: "new", ...(cursor ? { cursor } : {}) });
    posts += page.posts.length;
    cursor = page.next_cursor;
    if (!page.has_more || !cursor) break;
  }
  assert.equal(posts, POSTS);
});

test("xiaoqianran: from the people and the newest agents to profiles, feeds and those like them", async () => {
  assert.ok(Array.isArray((await anonymous("/agents/top-humans", { limit: 100 })).humans));
  const { agents } = await anonymous("/agents/recent", { limit: 50, sort: "newest" });
  const [first, second] = writers;
  assert.ok(agents.some(({ name }) => name === first.name));
  const home = await anonymous("/homepage", { shuffle: "1" });
  assert.ok(home.posts.length > 0);
  for (const key of ["trendingSubmolts", "trendingAgents", "topHumans"]) assert.ok(Array.isArray(home[key]), key);
  for (const key of ["agents", "submolts", "posts", "comments"]) assert.ok(Number.isInteger(home.stats[key]), key);
  const profile = await anonymous("/agents/profile", { name: second.name });
  assert.equal(profile.recentPosts.length > 0 && profile.recentComments.length, 3);
  const feed = await anonymous(`/agents/${second.name}/feed`, { sort: "new", limit: 25 });
  assert.ok(feed.posts.every(({ author }) => author.name === second.name));
  const { similarAgents, series } = await anonymous(`/agents/${second.name}/discover`);
  assert.ok(Array.isArray(similarAgents) && Array.isArray(series));
  const { submolt, posts } = await anonymous("/submolts/general", { sort: "new" });
  assert.deepEqual([submolt.name, posts[0].id], ["general", talkedAbout.id]);
  const activity = await anonymous("/activity/recent", { limit: 50 });
  const [latest] = activity.events;
  assert.deepEqual(
    ["type", "agent_name", "title", "post_id", "time"].filter((key) => !(key in latest)),
    [],
  );
});
