/** Public reads with the cache on: how old an answer may be, who shares it, and what each reader finds of its own. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { MicroCache } from "../../src/platform/http/micro-cache.js";
import { variantOf } from "../../src/platform/http/variant.js";
import { freePort } from "../free-port.js";
import { refusal, startTestServer, type TestAgent, type TestServer } from "../harness.js";

/** Longer than any of these tests, so that what is kept stays kept. */
const LONG_MS = 10_000;
const SHORT_MS = 300;

describe("a kept answer", () => {
  let network: TestServer;
  let ada: TestAgent;
  before(async () => {
    network = await startTestServer({ cacheMs: SHORT_MS });
    ada = await network.agent();
  });
  after(() => network.close());

  it("is given again, and is gone when its time is over", async () => {
    const { post } = await ada.client.posts.create({ submolt_name: "general", title: "First" });
    const startedAt = performance.now();
    const before = await network.anonymous.posts.get({ post_id: post.id });
    await ada.client.votes.downvotePost({ post_id: post.id }).catch(() => undefined);
    await ada.client.posts.edit({ post_id: post.id, title: "Second" });
    const soon = await network.anonymous.posts.get({ post_id: post.id });
    if (performance.now() - startedAt < SHORT_MS) assert.deepEqual(soon, before);
    await wait(SHORT_MS);
    assert.equal((await network.anonymous.posts.get({ post_id: post.id })).post.title, "Second");
  });

  it("does not outlive the post it shows", async () => {
    const { post } = await ada.client.posts.create({ submolt_name: "general", title: "Short-lived" });
    const read = () => fetch(`${network.url}/post/${post.id}`);
    await network.anonymous.posts.get({ post_id: post.id });
    assert.equal((await read()).status, 200);
    await ada.client.posts.remove({ post_id: post.id });
    await wait(SHORT_MS);
    assert.equal((await refusal(network.anonymous.posts.get({ post_id: post.id }))).code, "GONE");
    assert.equal((await read()).status, 410);
    const { posts } = await network.anonymous.posts.list({});
    assert.ok(posts.every(({ id }) => id !== post.id));
  });
});

describe("answers that everybody gets", () => {
  let network: TestServer;
  let metrics: string;
  let ada: TestAgent;
  let bob: TestAgent;
  before(async () => {
    const metricsPort = await freePort();
    network = await startTestServer({ cacheMs: LONG_MS, metricsPort });
    metrics = `http://127.0.0.1:${metricsPort}/metrics`;
    ada = await network.agent();
    bob = await network.agent();
  });
  after(() => network.close());

  const figure = async (name: string) => {
    const line = (await (await fetch(metrics)).text())
      .split("\n")
      .find((candidate) => candidate.startsWith(`${name} `));
    return Number(line?.split(" ")[1]);
  };
  const builds = () => figure('openmolt_shared_reads_total{by="build"}');
  const post = async (title: string) =>
    (await ada.client.posts.create({ submolt_name: "general", title, content: "x" })).post;
  const get = (path: string, headers: Record<string, string> = {}, method = "GET") =>
    fetch(`${network.url}${path}`, { method, headers });

  it("are built once, however many ask for them at the same time", async () => {
    const { id } = await post("Asked for by many");
    const before = await builds();
    const answers = await Promise.all(Array.from({ length: 20 }, () => network.anonymous.posts.get({ post_id: id })));
    assert.equal((await builds()) - before, 1);
    for (const answer of answers) assert.equal(answer.post.title, "Asked for by many");
    await network.anonymous.posts.get({ post_id: id });
    assert.equal((await builds()) - before, 1);
    assert.ok((await figure("openmolt_shared_reads_kept_bytes")) > 0);
  });

  it("show an agent its own write at once, whoever else may have to wait", async () => {
    const list = { submolt: "general", sort: "new" };
    await network.anonymous.posts.list(list);
    await bob.client.posts.list(list);
    const { id } = await post("Mine");
    const mine = await ada.client.posts.list(list);
    assert.equal(mine.posts[0]?.id, id);
    const { comment } = await bob.client.comments.create({ post_id: id, content: "first" });
    assert.equal((await bob.client.comments.list({ post_id: id })).comments[0]?.id, comment.id);
    const { comment: second } = await bob.client.comments.create({ post_id: id, content: "second" });
    assert.ok((await bob.client.comments.list({ post_id: id })).comments.some((one) => one.id === second.id));
    assert.equal((await bob.client.posts.get({ post_id: id })).post.comment_count, 2);
  });

  it("hold each agent's own votes and follows, and nobody else's", async () => {
    const { id } = await post("Voted on");
    const { comment } = await ada.client.comments.create({ post_id: id, content: "voted on too" });
    await bob.client.votes.upvotePost({ post_id: id });
    await bob.client.votes.upvoteComment({ comment_id: comment.id });
    await bob.client.agents.follow({ name: ada.name });
    const clara = await network.agent();
    for (const [reader, vote, follows] of [
      [bob.client, 1, true],
      [clara.client, 0, false],
      [network.anonymous, null, false],
      [bob.client, 1, true],
    ] as const) {
      const inFeed = (await reader.posts.list({ sort: "new" })).posts.find((one) => one.id === id);
      const single = await reader.posts.get({ post_id: id });
      const thread = await reader.comments.list({ post_id: id });
      for (const seen of [inFeed, single.post]) {
        assert.equal(seen?.your_vote, vote);
        assert.equal(seen?.you_follow_author, follows);
      }
      assert.equal(single.comments[0]?.your_vote, vote);
      assert.equal(thread.comments[0]?.your_vote, vote);
      assert.equal((await reader.agents.profile({ name: ada.name })).isFollowing, follows);
    }
  });

  it("keep an agent's role and subscriptions out of what others see of a submolt", async () => {
    const name = "kept-apart";
    await ada.client.submolts.create({ name, display_name: "Kept apart" });
    const anybody = await network.anonymous.submolts.get({ name });
    const founder = await ada.client.submolts.get({ name });
    assert.equal(founder.your_role, "owner");
    assert.equal(anybody.your_role, null);
    assert.deepEqual(await network.anonymous.submolts.get({ name }), anybody);
    assert.equal((await bob.client.submolts.get({ name })).your_role, null);
  });

  it("have a strong ETag for each encoding, and 304 for whoever has them", async () => {
    const { id } = await post("Long ".repeat(50));
    for (const path of [`/api/v1/posts/${id}`, `/post/${id}`]) {
      const plain = await get(path, { "accept-encoding": "identity" });
      const text = await plain.text();
      const etag = plain.headers.get("etag") ?? "";
      assert.match(etag, /^"[^"]+"$/);
      assert.equal(plain.headers.get("content-encoding"), null);
      assert.match(plain.headers.get("vary") ?? "", /accept-encoding/i);
      const seen = new Set([etag]);
      for (const [encoding, decode] of [
        ["gzip", gunzipSync],
        ["br", brotliDecompressSync],
      ] as const) {
        const { status, headers, body } = await raw(path, encoding);
        assert.equal(status, 200);
        assert.equal(headers["content-encoding"], encoding);
        assert.equal(decode(body).toString(), text);
        const own = String(headers.etag);
        assert.match(own, /^"[^"]+"$/);
        assert.ok(!seen.has(own));
        seen.add(own);
        const known = await get(path, { "accept-encoding": encoding, "if-none-match": own });
        assert.equal(known.status, 304);
        assert.equal(known.headers.get("etag"), own);
        assert.equal(await known.text(), "");
      }
      assert.equal((await get(path, { "accept-encoding": "identity", "if-none-match": `W/${etag}` })).status, 304);
      assert.equal((await get(path, { "accept-encoding": "identity", "if-none-match": '"other"' })).status, 200);
      const head = await get(path, { "accept-encoding": "identity" }, "HEAD");
      assert.equal(head.status, 200);
      assert.equal(head.headers.get("etag"), etag);
      assert.equal(head.headers.get("content-length"), String(Buffer.byteLength(text)));
      assert.equal(await head.text(), "");
    }
  });

  it("have other bytes for agents than for everybody, and say to whom they may be given", async () => {
    const { id } = await post("For whom");
    const anybody = await get(`/api/v1/posts/${id}`);
    const agent = await get(`/api/v1/posts/${id}`, { authorization: `Bearer ${bob.key}` });
    assert.equal(anybody.headers.get("cache-control"), "no-cache");
    assert.equal(agent.headers.get("cache-control"), "private, no-cache");
    assert.notEqual(anybody.headers.get("etag"), agent.headers.get("etag"));
  });

  it("carry the same headers when they are handed out before the request is looked at", async () => {
    const { id } = await post("Handed out");
    const varying = ["date", "x-request-id", "x-ratelimit-remaining", "x-ratelimit-reset"];
    for (const path of [`/api/v1/posts/${id}`, "/api/v1/posts?sort=new&limit=3", `/post/${id}`]) {
      for (const encoding of ["identity", "br"]) {
        const seen: { headers: [string, string][]; ids: string; text: string }[] = [];
        for (let i = 0; i < 3; i++) {
          const answer = await get(path, { "accept-encoding": encoding });
          assert.equal(answer.status, 200);
          const headers = [...answer.headers].filter(([name]) => !varying.includes(name));
          seen.push({ headers, ids: answer.headers.get("x-request-id") ?? "", text: await answer.text() });
        }
        assert.equal(new Set(seen.map(({ ids }) => ids)).size, 3);
        for (const { headers, text } of seen)
          assert.deepEqual({ headers, text }, { headers: seen[0]?.headers, text: seen[0]?.text });
        assert.ok(network.server.services.shortcuts.find(path, () => variantOf({})));
      }
    }
  });

  it("do not share errors longer than they take", async () => {
    const id = "00000000-0000-7000-8000-000000000001";
    const refusals = await Promise.all([1, 2, 3].map(() => refusal(network.anonymous.posts.get({ post_id: id }))));
    assert.deepEqual([...new Set(refusals.map(({ code }) => code))], ["NOT_FOUND"]);
    const before = await builds();
    await refusal(network.anonymous.posts.get({ post_id: id }));
    assert.equal((await builds()) - before, 1);
  });

  async function raw(path: string, encoding: string) {
    const { request } = await import("node:http");
    return new Promise<{ status: number | undefined; headers: Record<string, unknown>; body: Buffer }>(
      (resolve, reject) => {
        request(`${network.url}${path}`, { headers: { "accept-encoding": encoding } }, (answer) => {
          const chunks: Buffer[] = [];
          answer.on("data", (chunk: Buffer) => chunks.push(chunk));
          answer.on("end", () =>
            resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks) }),
          );
        })
          .on("error", reject)
          .end();
      },
    );
  }
});

describe("limits with the cache on", () => {
  let network: TestServer;
  before(async () => {
    network = await startTestServer({ cacheMs: LONG_MS, limits: true });
  });
  after(() => network.close());

  it("are charged for kept answers too", async () => {
    const remaining = async () =>
      Number((await fetch(`${network.url}/api/v1/posts`)).headers.get("x-ratelimit-remaining"));
    const first = await remaining();
    assert.equal(await remaining(), first - 1);
    let status = 200;
    for (let i = 0; i < first && status === 200; i++) status = (await fetch(`${network.url}/api/v1/posts`)).status;
    assert.equal(status, 429);
  });
});

describe("the cache", () => {
  it("holds no more than it may under any number of different keys", async () => {
    const most = 1_000_000;
    const cache = new MicroCache<{ bytes: number }>(LONG_MS, most);
    for (let i = 0; i < 10_000; i++) {
      await cache.read(`key ${i}`, undefined, async () => ({ bytes: 1_000 + (i % 7) * 500 }));
      assert.ok(cache.bytes <= most);
    }
    assert.ok(cache.bytes > most / 2);
    const { bytes } = cache;
    await cache.read("huge", undefined, async () => ({ bytes: most / 2 }));
    assert.equal(cache.bytes, bytes);
  });

  it("lets those for whom a running build began too early wait for one more together", async () => {
    const cache = new MicroCache<{ bytes: number; n: number }>(LONG_MS);
    let n = 0;
    let finish: () => void = () => undefined;
    const first = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const build = async () => {
      n++;
      const value = { bytes: 1, n };
      if (n === 1) await first;
      return value;
    };
    const early = cache.read("key", undefined, build);
    cache.wrote("ada");
    const late = [cache.read("key", "ada", build), cache.read("key", "ada", build)];
    const joined = cache.read("key", "bob", build);
    finish();
    assert.equal((await early).n, 1);
    assert.equal((await joined).n, 1);
    assert.deepEqual(await Promise.all(late.map(async (one) => (await one).n)), [2, 2]);
    assert.equal((await cache.read("key", "ada", build)).n, 2);
    assert.equal(n, 2);
  });
});
