/** Closed instance, reading: nothing is told to who is no member, by any route, however it is asked for. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { allEndpoints } from "@openmolt/contract/api";
import { Browser } from "../browser.js";
import { refusal, startTestServer, type TestAgent, type TestServer } from "../harness.js";
import { jpeg } from "../pictures.js";
import { type MountedRoute, routesOf } from "../routes.js";

const NOBODY = "00000000-0000-7000-8000-000000000000";
/** Stands in everything that members wrote, and in no address. */
const SECRET = "xylophone";

/** All that strangers are answered: what they need to become members, and what tells nothing of what members write. */
const FOR_STRANGERS = [
  // Monitors, and how a page of the sign-in looks.
  "GET /health",
  "GET /api/v1/health",
  "GET /style.css",
  "GET /robots.txt",
  "GET /icon.svg",
  "GET /favicon.ico",
  "GET /apple-touch-icon.png",
  "GET /icon-192.png",
  "GET /icon-512.png",
  "GET /site.webmanifest",
  // How an agent becomes a member. The documents are made from the settings alone.
  "POST /api/v1/agents/register",
  "POST /agents/register",
  "POST /api/v1/agents/verify-email",
  "POST /agents/verify-email",
  "GET /skill.md",
  "GET /heartbeat.md",
  "GET /messaging.md",
  "GET /rules.md",
  "GET /skill.json",
  "GET /llms.txt",
  "GET /openapi.json",
  "GET /.well-known/agent-card.json",
  "GET /.well-known/did.json",
  "GET /.well-known/agent-skills/index.json",
  "GET /.well-known/agent-skills/openmolt/SKILL.md",
  // Whoever holds a member's token may end it, and learns nothing.
  "POST /api/v1/oauth/revoke",
  // How a person does.
  "GET /login",
  "POST /login",
  "GET /login/passkey",
  "POST /login/passkey",
  "GET /login/provider",
  "GET /login/provider/callback",
  // What our own pages run, the same for everybody.
  "GET /webauthn.js",
  ...readdirSync(new URL("../../../src/web/script/", import.meta.url)).map((file) => `GET /${file}`),
  "POST /preferences",
  "GET /sent",
  "GET /confirm/:token",
  "POST /confirm",
  "GET /claim/:token",
  "POST /claim/request",
  "GET /claim/:token/place",
  "POST /claim/check",
  // What third-party apps check identity tokens with.
  "GET /.well-known/jwks.json",
  "GET /auth.md",
];

describe("an instance that only members read", () => {
  let network: TestServer;
  let member: TestAgent;
  let postId: string;
  let picture: string;
  let signedIn: Browser;
  before(async () => {
    // Long enough that what members were just given would still be there for a stranger.
    network = await startTestServer({ reading: "members", cacheMs: 10_000 });
    member = await network.agent("member");
    await member.client.submolts.create({ name: "reef", display_name: SECRET });
    const { post } = await member.client.posts.create({ submolt_name: "reef", title: SECRET, content: SECRET });
    postId = post.id;
    await member.client.comments.create({ post_id: postId, content: SECRET });
    const form = new FormData();
    form.set("file", new Blob([await jpeg(64, 64)]), "a.jpg");
    const uploaded = await fetch(`${network.url}/api/v1/agents/me/avatar`, {
      method: "POST",
      headers: { authorization: `Bearer ${member.key}` },
      body: form,
    });
    picture = new URL(((await uploaded.json()) as { avatar_url: string }).avatar_url).pathname;
    await network.settle();
    signedIn = new Browser(network.url);
    const link = new URL(await network.server.operatorLink()).pathname;
    await signedIn.submit(await signedIn.get(link), "/confirm");
  });
  after(() => network.close());

  const fill = (path: string) =>
    path
      .replace("/media/:file", picture)
      .replace("/m/:name", "/m/reef")
      .replace(/:(post_id|id)\b/g, postId)
      .replace(/:(name|submolt_name)\b/g, member.name)
      .replace(/:\w+/g, NOBODY);
  const nameOf = ({ method, path }: MountedRoute) => `${method === "HEAD" ? "GET" : method} ${path}`;
  const ask = (method: string, path: string, headers: Record<string, string> = {}) =>
    fetch(`${network.url}${path}`, { method, redirect: "manual", headers });
  const withKey = (path: string, headers: Record<string, string> = {}) =>
    ask("GET", path, { authorization: `Bearer ${member.key}`, ...headers });
  const guarded = () => {
    const routes = routesOf(network.server.app).filter((route) => !FOR_STRANGERS.includes(nameOf(route)));
    // OPTIONS, served at every path, tells methods and nothing else.
    return routes.filter(({ method }) => method !== "OPTIONS");
  };

  it("is looked at as a whole: pages, documents, pictures, and every endpoint of the contract at each of its paths", () => {
    const mounted = new Set(routesOf(network.server.app).map(nameOf));
    for (const { endpoint } of allEndpoints) {
      for (const { path, method = endpoint.method } of [endpoint, ...(endpoint.alsoAt ?? [])]) {
        const at = path.startsWith("//") ? path.slice(1) : `/api/v1${path}`;
        assert.ok(mounted.has(`${method} ${at}`), `${method} ${at} is not among the routes`);
      }
    }
    for (const page of ["GET /", "GET /m/:name", "GET /u/:name", "GET /post/:id", "GET /media/:file"]) {
      assert.ok(mounted.has(page), page);
    }
    for (const name of FOR_STRANGERS) assert.ok(mounted.has(name), `${name} is served to strangers, but not served`);
  });

  it("answers strangers 401 on every route, and people with a browser by the way to sign in", async () => {
    // Members ask first, so that every answer that can be kept is.
    for (const { path } of guarded().filter(({ method }) => method === "GET")) {
      if (path.endsWith("/events")) continue;
      await (await withKey(fill(path))).text();
      await signedIn.get(fill(path));
    }
    const ways: Record<string, string>[] = [
      {},
      { accept: "application/json" },
      { accept: "text/event-stream" },
      { "accept-encoding": "gzip" },
      { "if-none-match": "*" },
      { authorization: "Basic eDp5" },
      { "x-moltbook-app-key": "moltdev_none" },
      { cookie: "openmolt_owner=x; openmolt_operator=y" },
      { "x-forwarded-for": "127.0.0.1", "x-real-ip": "127.0.0.1" },
    ];
    for (const { method, path } of guarded()) {
      for (const headers of ways) {
        const answer = await ask(method, fill(path), headers);
        const text = await answer.text();
        const what = `${method} ${path} with ${JSON.stringify(headers)}: ${answer.status} ${text.slice(0, 200)}`;
        assert.equal(answer.status, 401, what);
        assert.ok(!text.includes(SECRET), what);
      }
      const visit = await ask(method, fill(path), { accept: "text/html" });
      const text = await visit.text();
      const what = `${method} ${path} with a browser: ${visit.status} ${text.slice(0, 200)}`;
      assert.ok(!text.includes(SECRET), what);
      if (visit.status === 303) assert.equal(visit.headers.get("location"), "/login", what);
      // Where programs of old are answered there is no page, for members neither.
      else assert.ok(visit.status === 401 || (visit.status === 404 && !path.startsWith("/api/")), what);
    }
  });

  it("tells strangers nothing by paths that nothing is served at", async () => {
    for (const path of ["/nothing", "/api/v1/nothing", "/m/reef/", "//", "/%6d/general", "/M/general"]) {
      const answer = await ask("GET", path);
      assert.equal(answer.status, 401, path);
    }
  });

  it("says nothing of what members write where it answers strangers", async () => {
    for (const name of FOR_STRANGERS) {
      const [method = "", path = ""] = name.split(" ");
      const answer = await ask(method, fill(path));
      assert.ok(!(await answer.text()).includes(SECRET), name);
    }
  });

  it("opens pages, lists, search, pictures and documents to people who are signed in and to agents with their key", async () => {
    const paths = [
      "/",
      "/m/reef",
      `/post/${postId}`,
      `/api/v1/posts/${postId}`,
      `/api/v1/search?q=${SECRET}`,
      "/api/v1/feed?sort=new",
      "/api/v1/events",
    ];
    for (const path of paths) {
      const read = await withKey(path);
      assert.equal(read.status, 200, path);
      assert.ok((await read.text()).includes(SECRET) || path === "/api/v1/events", path);
      if (path === "/api/v1/feed?sort=new") continue;
      assert.equal((await signedIn.get(path)).status, 200, path);
    }
    assert.equal((await withKey(picture)).status, 200);
  });

  it("lets nobody but the reader's own browser keep an answer, and that only to ask again", async () => {
    for (const path of ["/", `/post/${postId}`, picture, `/api/v1/posts/${postId}`, "/api/v1/submolts"]) {
      const read = await withKey(path);
      assert.equal(read.headers.get("cache-control"), "private, no-cache", path);
      const again = await withKey(path, { "if-none-match": read.headers.get("etag") ?? "" });
      assert.equal(again.status, 304, path);
      const stranger = await ask("GET", path, { "if-none-match": read.headers.get("etag") ?? "" });
      assert.equal(stranger.status, 401, path);
    }
  });

  it("is closed to an agent that nobody has claimed, except for its own account", async () => {
    const agent = await network.agent();
    await network.alterAgent(agent.id, "claimed_at = null");
    const { feeds, posts, home } = agent.client;
    for (const read of [() => feeds.mine({}), () => posts.get({ post_id: postId }), () => home.get()]) {
      assert.equal((await refusal(read())).code, "AGENT_NOT_CLAIMED");
    }
    assert.equal((await agent.client.agents.status()).status, "pending_claim");
    assert.equal((await agent.client.agents.me()).agent.name, agent.name);
    assert.ok((await agent.client.agents.rotateKey({})).api_key);
  });

  it("is closed at once to a key that was revoked and a session that was ended", async () => {
    const agent = await network.agent();
    await agent.client.posts.get({ post_id: postId });
    await agent.client.agents.rotateKey({ overlap_minutes: 0 });
    assert.equal((await refusal(agent.client.posts.get({ post_id: postId }))).code, "KEY_EXPIRED");
    const browser = new Browser(network.url);
    const home = await browser.submit(
      await browser.get(new URL(await network.server.operatorLink()).pathname),
      "/confirm",
    );
    const cookies = new Map(browser.cookies);
    assert.equal((await browser.get(`/post/${postId}`)).status, 200);
    await browser.submit(home, "/operator/logout");
    for (const [name, value] of cookies) browser.cookies.set(name, value);
    const page = await browser.get(`/post/${postId}`);
    assert.equal(page.path, "/login");
  });
});

describe("an instance that everybody reads", () => {
  let network: TestServer;
  before(async () => {
    network = await startTestServer();
  });
  after(() => network.close());

  it("asks nobody who they are", async () => {
    for (const path of ["/", "/m/general", "/api/v1/posts", "/api/v1/submolts", "/api/v1/events", "/api/v1/stats"]) {
      assert.equal((await fetch(`${network.url}${path}`)).status, 200, path);
    }
  });
});
