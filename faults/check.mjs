/**
 * Compares what the network holds with what it acknowledged. Everything acknowledged must be there exactly once and as it was
 * left, nothing else may be, every counter must be what a recount says, and what follows a write must have followed once.
 */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createClient } from "../sdk/dist/client.js";
import { until } from "./world.mjs";

const CLI = fileURLToPath(new URL("../cli/dist/main.js", import.meta.url));
const run = promisify(execFile);
/** Findings of one kind told word by word. */
const MOST_TOLD = 5;

/** Findings by kind: lost, doubled, changed, miscounted, untold, unordered, unverified. */
class Findings {
  kinds = new Map();

  add(kind, text) {
    const found = this.kinds.get(kind) ?? [];
    this.kinds.set(kind, [...found, text]);
  }

  count(kind) {
    return this.kinds.get(kind)?.length ?? 0;
  }

  get total() {
    return [...this.kinds.values()].reduce((sum, found) => sum + found.length, 0);
  }

  /** At most a few sentences of each kind. */
  get sentences() {
    return [...this.kinds].flatMap(([kind, found]) => [
      ...found.slice(0, MOST_TOLD).map((text) => `${kind}: ${text}`),
      ...(found.length > MOST_TOLD ? [`${kind}: and ${found.length - MOST_TOLD} more`] : []),
    ]);
  }
}

/** Recounts of every counter: rows are counters that are wrong. */
const RECOUNTS = {
  "votes of a post": `select s.post_id as id from post_stats s left join (select post_id, sum(value)::int as score,
      count(*) filter (where value = 1)::int as up, count(*) filter (where value = -1)::int as down
      from post_votes group by 1) v using (post_id)
    where (s.score, s.upvotes, s.downvotes) is distinct from (coalesce(v.score, 0), coalesce(v.up, 0), coalesce(v.down, 0))`,
  "votes of a comment": `select s.comment_id as id from comment_stats s left join (select comment_id, sum(value)::int as score,
      count(*) filter (where value = 1)::int as up, count(*) filter (where value = -1)::int as down
      from comment_votes group by 1) v using (comment_id)
    where (s.score, s.upvotes, s.downvotes) is distinct from (coalesce(v.score, 0), coalesce(v.up, 0), coalesce(v.down, 0))`,
  karma: `select k.agent_id as id from agent_stats k where k.karma <>
    coalesce((select sum(value) from post_votes v where v.author_id = k.agent_id), 0) +
    coalesce((select sum(value) from comment_votes v where v.author_id = k.agent_id), 0)`,
  "comments of a post": `select s.post_id as id from post_stats s where (s.comment_count, s.last_comment_at) is distinct from
    (select (count(*)::int, max(c.created_at)) from comment_stats c where c.post_id = s.post_id and c.visible)`,
  "replies to a comment": `select s.comment_id as id from comment_stats s where (s.reply_count, s.child_count) is distinct from
    (select (count(*) filter (where c.visible)::int, count(*)::int) from comment_stats c where c.parent_id = s.comment_id)`,
  "what an agent wrote": `select s.agent_id as id from agent_stats s where (s.post_count, s.comment_count) is distinct from
    ((select count(*)::int from post_stats p where p.author_id = s.agent_id and p.visible),
     (select count(*)::int from comment_stats c where c.author_id = s.agent_id and c.visible))`,
  followers: `select s.agent_id as id from agent_stats s where (s.follower_count, s.following_count) is distinct from
    ((select count(*)::int from follows f where f.followee_id = s.agent_id),
     (select count(*)::int from follows f where f.follower_id = s.agent_id))`,
  "posts and subscribers of a submolt": `select c.community_id as id from community_stats c where
    (c.post_count, c.subscriber_count) is distinct from
    ((select count(*)::int from post_stats p where p.community_id = c.community_id and p.visible),
     (select count(*)::int from subscriptions x where x.community_id = c.community_id))`,
  "visible is not what is there": `select p.id from posts p join post_stats s on s.post_id = p.id where s.visible <> (p.deleted_at is null)
    union all select c.id from comments c join comment_stats s on s.comment_id = c.id where s.visible <> (c.deleted_at is null)`,
};

/** Compares rows with what the ledger says of things with an id and a text. */
function compareThings(found, what, known, rows) {
  const there = new Map(rows.map((row) => [row.id, row]));
  for (const [id, thing] of known) {
    const row = there.get(id);
    if (row === undefined) found.add("lost", `${what} ${id} (${thing.title ?? thing.content})`);
    else if (row.deleted !== thing.deleted) {
      found.add("changed", `${what} ${id} is ${row.deleted ? "deleted" : "not deleted"}`);
    } else if (!row.deleted && (row.content !== thing.content || row.version !== thing.version)) {
      const version = `version ${row.version} "${row.content}"`;
      found.add("changed", `${what} ${id} has ${version} instead of ${thing.version} "${thing.content}"`);
    }
  }
  for (const { id, content } of rows) {
    if (!known.has(id)) found.add("doubled", `${what} ${id}, which nobody was told of: ${content}`);
  }
}

/** Compares two sets of texts. */
function compareSets(found, what, known, there) {
  for (const one of known) if (!there.has(one)) found.add("lost", `${what} ${one}`);
  for (const one of there) if (!known.has(one)) found.add("doubled", `${what} ${one}`);
}

async function checkThings(world, found) {
  const { ledger } = world;
  const posts = await world.sql(
    "select id, title, content, version, deleted_at is not null as deleted from posts order by id",
  );
  compareThings(found, "post", ledger.posts, posts);
  for (const { id, title, deleted } of posts) {
    if (!deleted && ledger.posts.has(id) && ledger.posts.get(id).title !== title)
      found.add("changed", `title of ${id}`);
  }
  const comments = "select id, content, version, deleted_at is not null as deleted from comments order by id";
  compareThings(found, "comment", ledger.comments, await world.sql(comments));
  const votes = await world.sql(`
    select concat_ws(' ', agent_id, 'post', post_id, value) as vote from post_votes where value <> 0
    union all select concat_ws(' ', agent_id, 'comment', comment_id, value) from comment_votes where value <> 0`);
  const known = new Set([...ledger.votes].map(([key, value]) => `${key} ${value}`));
  compareSets(found, "vote", known, new Set(votes.map(({ vote }) => vote)));
  const follows = await world.sql("select concat_ws(' ', follower_id, followee_id) as edge from follows");
  compareSets(found, "follow", ledger.follows, new Set(follows.map(({ edge }) => edge)));
  const messages = await world.sql("select id from messages");
  const expected = new Set([...world.requests, ...ledger.messages.keys()]);
  compareSets(found, "message", expected, new Set(messages.map(({ id }) => id)));
}

async function checkCounters(world, found) {
  for (const [what, query] of Object.entries(RECOUNTS)) {
    for (const { id } of await world.sql(query)) found.add("miscounted", `${what}: ${id}`);
  }
}

/** Every write has left its events, once each, and nobody else has. */
async function checkEvents(world, found) {
  const expected = new Map();
  for (const [kind, things] of [
    ["post", world.ledger.posts],
    ["comment", world.ledger.comments],
  ]) {
    for (const { id, version, deleted } of things.values()) {
      expected.set(`${id} ${kind}.created`, 1);
      if (version > 1) expected.set(`${id} ${kind}.edited`, version - 1);
      if (deleted) expected.set(`${id} ${kind}.deleted`, 1);
    }
  }
  const rows = await world.sql(`select concat_ws(' ', subject_id, type) as event, count(*)::int as n from events
    where subject_type in ('post', 'comment') group by 1`);
  const there = new Map(rows.map(({ event, n }) => [event, n]));
  for (const [event, n] of expected) {
    if ((there.get(event) ?? 0) < n) found.add("lost", `event ${event}: ${there.get(event) ?? 0} of ${n}`);
  }
  for (const [event, n] of there) {
    if (n > (expected.get(event) ?? 0)) found.add("doubled", `event ${event}: ${n} of ${expected.get(event) ?? 0}`);
  }
  const unordered = await world.sql(`select actor_id from (select actor_id, position,
      lag(position) over (partition by actor_id order by seq) as before from events) e where position <= before`);
  for (const { actor_id } of unordered)
    found.add("unordered", `events of ${actor_id}: their order is not that of their numbers`);
}

/** Everybody whom a comment that is still there concerns was told of it, once. */
async function checkNotifications(world, found) {
  const { posts, comments } = world.ledger;
  const expected = new Set();
  for (const { id, postId, parentId, author, deleted } of comments.values()) {
    const post = posts.get(postId);
    if (deleted || post.deleted) continue;
    const tellings = new Map([[post.author, "post_comment"]]);
    if (parentId !== null) tellings.set(comments.get(parentId).author, "comment_reply");
    tellings.delete(author);
    for (const [agent, type] of tellings) expected.add(`${agent} ${type} ${id}`);
  }
  const rows = await world.sql(`select concat_ws(' ', agent_id, type, comment_id) as telling, count(*)::int as n
    from notifications where type in ('post_comment', 'comment_reply') group by 1`);
  const there = new Map(rows.map(({ telling, n }) => [telling, n]));
  for (const telling of expected) if (!there.has(telling)) found.add("untold", `notification ${telling}`);
  for (const [telling, n] of there) if (n > 1) found.add("doubled", `notification ${telling}`);
}

/** `openmolt verify`, as an operator runs it. */
async function checkHistory(world, found) {
  const env = { PATH: process.env.PATH, HOME: world.home, OPENMOLT_DATA: world.data };
  const { stdout, stderr } = await run(process.execPath, [CLI, "verify", "--json"], {
    env,
    maxBuffer: 64 * 1024 * 1024,
  }).catch((failure) => failure);
  if (!stdout.startsWith("{")) throw new Error(`openmolt verify failed: ${stderr}`);
  const { problems } = JSON.parse(stdout);
  for (const problem of problems) found.add("unverified", problem);
}

/** Waits until nothing is left of what follows writes: places in the order of events, notifications, search. */
async function settle(world) {
  const waiting = `select (select count(*) from outbox)::int + (select count(*) from events where position is null)::int as n`;
  await until("what follows the writes is done", async () => (await world.sql(waiting))[0].n === 0);
}

/**
 * Checks everything, in the database and with `openmolt verify`. Nobody may be writing.
 * @param {import("./world.mjs").World} world
 * @param {{ history?: boolean }} options history: false leaves `openmolt verify` out
 */
export async function check(world, { history = true } = {}) {
  const found = new Findings();
  await settle(world);
  await checkThings(world, found);
  await checkCounters(world, found);
  await checkEvents(world, found);
  await checkNotifications(world, found);
  if (history) await checkHistory(world, found);
  return found;
}

/**
 * Asks the network itself for everything that was written on since the last time, each as who wrote on it: an author sees
 * their own write at once.
 * @param {import("./world.mjs").World} world
 */
export async function checkTouched(world) {
  const { ledger, origin } = world;
  const clients = new Map();
  await Promise.all(
    ledger.takeTouched().map(async ({ kind, id, agent }) => {
      if (!clients.has(agent.key))
        clients.set(agent.key, createClient({ repeat: false, baseUrl: origin, apiKey: agent.key }));
      const client = clients.get(agent.key);
      const known = (kind === "post" ? ledger.posts : ledger.comments).get(id);
      const isGone = known.deleted || known.post?.deleted === true;
      const answer = await (kind === "post"
        ? client.posts.get({ post_id: id })
        : client.comments.get({ comment_id: id })
      ).catch((error) => error);
      const thing = answer[kind];
      if (thing === undefined) {
        if (answer.code !== "GONE" || !isGone) ledger.violation(`${kind} ${id} cannot be read: ${answer.message}`);
        return;
      }
      if (thing.is_deleted !== known.deleted) ledger.violation(`${kind} ${id} is shown although it was deleted`);
      else if (!known.deleted && thing.content !== known.content) {
        ledger.violation(`${kind} ${id} reads "${thing.content}" instead of "${known.content}"`);
      }
      const vote = ledger.voteOf(agent.id, kind, id);
      if ((thing.your_vote ?? 0) !== vote) {
        ledger.violation(`${kind} ${id} shows the vote ${thing.your_vote} of ${agent.name} instead of ${vote}`);
      }
    }),
  );
}

/** Reads every conversation and compares its messages with the ledger. */
export async function checkMessages(world) {
  const { ledger, origin, agents } = world;
  for (const { key, conversation } of agents) {
    if (conversation === undefined) continue;
    const client = createClient({ repeat: false, baseUrl: origin, apiKey: key });
    const seen = new Map();
    for (let cursor; ; ) {
      const page = await client.messages.read({
        conversation_id: conversation,
        limit: 100,
        ...(cursor ? { cursor } : {}),
      });
      for (const { id, content } of page.messages) seen.set(id, content);
      if (!page.has_more) break;
      cursor = page.next_cursor;
    }
    for (const { id, content, conversation: place } of ledger.messages.values()) {
      if (place === conversation && seen.get(id) !== content) ledger.violation(`message ${id} reads "${seen.get(id)}"`);
    }
  }
}
