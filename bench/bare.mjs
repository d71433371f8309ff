/**
 * What the server is compared with, in a process of its own so that its processor time can be told apart: a bare node:http
 * server that returns the same bytes, and the server's own statements sent by a bare database client.
 */
import { createServer } from "node:http";
import { postWithComments } from "../server/dist/src/comments/read/comment.js";
import { listComments } from "../server/dist/src/comments/read/pages.js";
import { listPosts, postsPage } from "../server/dist/src/feeds/read/list-posts.js";
import { recheckStandings } from "../server/dist/src/platform/auth.js";
import { assertKeyAllows } from "../server/dist/src/platform/key-limits.js";
import { KnownKeys } from "../server/dist/src/platform/known-keys.js";
import { openPools } from "../server/dist/src/platform/pools.js";
import { runningLogins } from "../server/dist/src/platform/provision.js";
import { loadMasterKey, openVault } from "../server/dist/src/platform/secrets.js";
import { Texts } from "../server/dist/src/platform/texts.js";
import { SYSTEM } from "../server/dist/src/platform/transaction.js";
import { voting } from "../server/dist/src/votes/write.js";
import { postList } from "../server/dist/src/web/pages/post-list.js";
import { viewOf } from "../server/dist/src/web/view.js";
import { pairAt } from "./cases.mjs";
import { summarise } from "./load.mjs";

let http;
let pools;
let vault;
let context;
const texts = new Texts();

/** Serves one answer on a free port. */
async function serve({ type, body }) {
  http?.closeAllConnections();
  http?.close();
  const bytes = Buffer.from(body);
  http = createServer((_request, response) => {
    response.writeHead(200, { "content-type": type, "content-length": bytes.length });
    response.end(bytes);
  });
  await new Promise((resolve) => http.listen(0, "127.0.0.1", resolve));
  return { port: http.address().port };
}

async function connect(given) {
  context = given;
  const { app, reader } = await runningLogins(given.data);
  pools = openPools({ app, reader, log: console.error });
  vault = openVault(loadMasterKey(`${given.data}/secrets`));
  return {};
}

/** A call as the server would make it, whose statements are kept. */
function recorded(db, agent = null) {
  const queries = [];
  // A pool to those who look, for only what a pool has read is kept.
  const keeping = Object.assign(Object.create(db), {
    query: (config) => {
      queries.push(config);
      return db.query(config);
    },
  });
  const services = { config: { publicUrl: context.origin, limits: false }, app: keeping, texts };
  return { queries, call: { db: keeping, services, agent, now: new Date(), headers: {} } };
}

/** The statements of one read, by a server that knows the texts already. */
async function statementsOf(read) {
  const { queries, call } = recorded(pools.app);
  await read(call);
  queries.length = 0;
  await read(call);
  return queries;
}

/** The reads whose statements are sent again as they are: several of each kind, used in turn. */
const reads = {
  hot: () => [(call) => listPosts(call, { sort: "hot", limit: 25 })],
  new: () => [(call) => listPosts(call, { sort: "new", limit: 25 })],
  post: () =>
    context.posts.slice(0, 200).map(
      ({ id }) =>
        (call) =>
          postWithComments(call, id),
    ),
  thread: () => [(call) => listComments(call, { post_id: context.thread, limit: 25 })],
};

/** Sends the statements of a read again and again. */
async function readAgain(name) {
  const kinds = [];
  for (const read of reads[name]()) kinds.push(await statementsOf(read));
  return async (n) => {
    for (const query of kinds[n % kinds.length]) await pools.app.query(query);
  };
}

const AS_SERVER = `begin; set local app.actor = '${SYSTEM}'`;
/** Sends the statements of an upvote by itself, each time of another agent for another post. */
async function voteAgain() {
  const { agents, posts } = context;
  const client = await pools.app.connect();
  const [first] = agents;
  const target = posts.find(({ authorId }) => authorId !== first.id);
  const { queries, call } = recorded(client, first);
  const { db, now } = call;
  await client.query(AS_SERVER);
  await recheckStandings(db, [{ agent: first, endpoint: { auth: "writer", errors: [] }, now }]);
  const upvote = { agent: first, now, wish: { id: target.id, value: 1, toggle: true } };
  const [seen] = await voting.post.look(db, [upvote]);
  await voting.post.act(db, [{ ...upvote, seen }]);
  await client.query("rollback");
  client.release();
  return async (n) => {
    const { agent, post } = pairAt(agents, posts, n);
    const swap = new Map([
      [first.id, agent.id],
      [first.keyId, agent.keyId],
      [target.id, post.id],
      [target.authorId, post.authorId],
    ]);
    const own = await pools.app.connect();
    await own.query(AS_SERVER);
    for (const query of queries) {
      await own.query({ ...query, values: query.values.map((list) => list.map((value) => swap.get(value) ?? value)) });
    }
    await own.query("commit");
    own.release();
  };
}

/** Looks up keys as the server does for each request that presents one, once it has seen them all. */
async function checkKeys() {
  const { agents } = context;
  const known = new KnownKeys(pools.app, vault, console.error);
  await known.start();
  for (const { key } of agents) await known.agentOf(key, new Date());
  return async (n) => {
    const agent = await known.agentOf(agents[n % agents.length].key, new Date());
    assertKeyAllows(agent, { scope: "read" }, "127.0.0.1");
  };
}

/** Makes the HTML of 25 posts from rows that are here, as a server does that has shown these posts before. */
async function renderList() {
  const { call } = recorded(pools.app);
  const page = await postsPage(call, { sort: "hot", limit: 25 });
  const render = () => postList(call, viewOf(call), "/", page, { sort: "hot", time: "all" }, "");
  if (!`${await render()}`.includes('class="post"')) throw new Error("the list shows no post");
  call.db.query = () => {
    throw new Error("nothing is read any more");
  };
  return async () => `${await render()}`;
}

const works = new Map();

async function work({ name, connections, ms, from }) {
  const make = { vote: voteAgain, key: checkKeys, render: renderList }[name] ?? (() => readAgain(name));
  if (!works.has(name)) works.set(name, await make());
  const once = works.get(name);
  const latencies = [];
  const startedAt = performance.now();
  let n = from;
  const worker = async () => {
    while (performance.now() - startedAt < ms) {
      const sentAt = performance.now();
      await once(n++);
      latencies.push(performance.now() - sentAt);
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
  return summarise(latencies, performance.now() - startedAt);
}

const commands = { serve, connect, work };
if (process.send) {
  process.on("message", ({ id, command, given }) => {
    commands[command](given).then(
      (result) => process.send({ id, result }),
      (error) => process.send({ id, error: error.stack }),
    );
  });
  process.once("disconnect", () => process.exit(0));
}
