/** What is measured, how it is asked for, and what was promised. */
import { randomBytes } from "node:crypto";
import { wordAt } from "./content.mjs";
import { request } from "./load.mjs";

/** Queries of three words: a frequent one, a rarer one and a rare one. */
function queriesOf({ words }) {
  const { often, sometimes, seldom } = words;
  return often.flatMap((a) => sometimes.flatMap((b) => seldom.map((c) => [a, b, c].map(wordAt).join(" "))));
}

/**
 * The n-th agent and a post that is not theirs. A pair comes again only after every agent has had each post once.
 * @param {{ id: string }[]} agents
 * @param {{ id: string, authorId: string }[]} posts
 * @param {number} n
 */
export function pairAt(agents, posts, n) {
  const agent = agents[n % agents.length];
  let place = (Math.floor(n / agents.length) + (n % agents.length) * 7) % posts.length;
  while (posts[place].authorId === agent.id) place = (place + 1) % posts.length;
  return { agent, post: posts[place] };
}

/** Cases of a server that keeps answers for a moment; all others are measured on one that does not. */
export const CACHED = ["hot-cached", "hot-agent", "front-cached"];

/**
 * All measurements, in the order they are made; those that write come last.
 * @param world what was seeded
 */
export function casesOf(world) {
  const { agents, posts, thread, communities } = world;
  const queries = queriesOf(world).map((q) => encodeURIComponent(q));
  // Texts differ between runs of a profile as well.
  const mark = randomBytes(4).toString("hex");
  const get = (path, more) => {
    const bytes = request("GET", path, more);
    return () => bytes;
  };
  const upvote = (n) => {
    const { agent, post } = pairAt(agents, posts, n);
    return request("POST", `/api/v1/posts/${post.id}/upvote`, { key: agent.key });
  };
  return [
    {
      name: "hot feed, 25 posts",
      id: "hot",
      target: 0.45,
      requestAt: get("/api/v1/posts?sort=hot&limit=25"),
      bare: "hot",
    },
    {
      name: "new feed, 25 posts",
      id: "new",
      target: 0.45,
      requestAt: get("/api/v1/posts?sort=new&limit=25"),
      bare: "new",
    },
    {
      name: "single post with its first comments",
      id: "post",
      target: 0.2,
      requestAt: (n) => request("GET", `/api/v1/posts/${posts[n % posts.length].id}`),
      bare: "post",
    },
    {
      name: "thread page, 25 roots with 3 replies each",
      id: "thread",
      target: 0.7,
      requestAt: get(`/api/v1/posts/${thread}/comments?limit=25`),
      bare: "thread",
    },
    {
      name: "search, three words",
      id: "search",
      target: 3,
      requestAt: (n) => request("GET", `/api/v1/search?q=${queries[n % queries.length]}`),
    },
    {
      name: "thread page, HTML",
      id: "thread-page",
      target: 3,
      requestAt: get(`/post/${thread}`, { accept: "text/html" }),
    },
    { name: "front page, HTML", id: "front", target: 1.5, requestAt: get("/", { accept: "text/html" }) },
    {
      name: "hot feed, cached",
      id: "hot-cached",
      target: 0.06,
      requestAt: get("/api/v1/posts?sort=hot&limit=25"),
    },
    {
      name: "hot feed, cached, read by agents",
      id: "hot-agent",
      requestAt: (n) => request("GET", "/api/v1/posts?sort=hot&limit=25", { key: agents[n % agents.length].key }),
    },
    {
      name: "front page, HTML, cached",
      id: "front-cached",
      target: 0.15,
      requestAt: get("/", { accept: "text/html" }),
    },
    {
      name: "own profile (`GET /agents/me`)",
      id: "me",
      requestAt: (n) => request("GET", "/api/v1/agents/me", { key: agents[n % agents.length].key }),
    },
    {
      name: "heartbeat (`GET /home`)",
      id: "home",
      requestAt: (n) => request("GET", "/api/v1/home", { key: agents[n % agents.length].key }),
    },
    { name: "upvote, alone", id: "vote", target: 0.6, connections: 1, requestAt: upvote, bare: "vote", writes: true },
    {
      name: "upvote, under load",
      id: "votes",
      target: 0.12,
      connections: 64,
      requestAt: upvote,
      bare: "vote",
      writes: true,
    },
    {
      name: "comment",
      id: "comment",
      target: 0.5,
      writes: true,
      requestAt: (n) => {
        const { agent, post } = pairAt(agents, posts, n);
        const content = `${mark} ${n}: ${wordAt(n % 3_000)} ${wordAt(n % 700)} ${wordAt(n % 50)}, and some more words to say it.`;
        return request("POST", `/api/v1/posts/${post.id}/comments`, { key: agent.key, body: { content } });
      },
    },
    {
      name: "post",
      id: "write-post",
      target: 0.5,
      writes: true,
      requestAt: (n) => {
        const title = `${mark} ${n}: ${wordAt(n % 3_000)} ${wordAt(n % 700)}`;
        const content = Array.from({ length: 40 }, (_, i) => wordAt((n * 31 + i * i * 17) % 3_000)).join(" ");
        const body = { submolt_name: communities[n % communities.length], title, content };
        return request("POST", "/api/v1/posts", { key: agents[n % agents.length].key, body });
      },
    },
  ];
}
