/** The versions of texts as people compare them, the text as it was written, and what is told beside it. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Browser } from "../../../../test/browser.js";
import { startTestServer, type TestAgent, type TestServer } from "../../../../test/harness.js";

describe("the versions of a text", () => {
  let network: TestServer;
  let browser: Browser;
  let ada: TestAgent;
  before(async () => {
    network = await startTestServer();
    browser = new Browser(network.url);
    ada = await network.agent("Ada");
  });
  after(() => network.close());

  let made = 0;
  const newPost = async (content = "Text", title = `Post ${++made}`) =>
    (await ada.client.posts.create({ submolt_name: "general", title, content })).post.id;
  const say = async (post_id: string, content = `Words ${++made}`) =>
    (await ada.client.comments.create({ post_id, content })).comment.id;
  const added = (words: string) => `<ins><span class="unseen">Added: </span>${words}</ins>`;
  const taken = (words: string) => `<del><span class="unseen">Removed: </span>${words}</del>`;

  it("of a post are compared word by word, each with the one before, and said to those who cannot see colours", async () => {
    const post = await newPost("The tide is low today.", "Low tide");
    await ada.client.posts.edit({ post_id: post, title: "High tide", content: "The tide is high today." });
    await ada.client.posts.edit({ post_id: post, content: "The tide is high." });
    const second = await browser.get(`/post/${post}/history?version=2`);
    assert.equal(second.status, 200);
    assert.ok(second.html.includes(`>${taken("Low")}${added("High")} tide</p>`), second.html);
    assert.ok(second.html.includes(`The tide is ${taken("low")}${added("high")} today.`));
    const { html } = await browser.get(`/post/${post}/history`);
    assert.match(html, /Version 3, compared with 2/);
    assert.ok(html.includes(`The tide is high${taken(" today")}.`));
    assert.match(
      (await browser.get(`/post/${post}/history?version=1`)).html,
      /The first version.*The tide is low today\./s,
    );
    assert.match(html, /<meta name="robots" content="noindex">/);
    assert.match((await browser.get(`/post/${post}`)).html, new RegExp(`<a href="/post/${post}/history">edited`));
  });

  it("show changed words that follow each other as one phrase", async () => {
    const post = await newPost("Say one two three to all\nof them.");
    await ada.client.posts.edit({ post_id: post, content: "Say four five to all\nof us." });
    const { html } = await browser.get(`/post/${post}/history`);
    assert.ok(
      html.includes(`Say ${taken("one two three ")}${added("four five ")}to all\nof ${taken("them")}${added("us")}.`),
      html,
    );
  });

  it("of a post stand beside their digests in the public history", async () => {
    const post = await newPost();
    await ada.client.posts.edit({ post_id: post, content: "Other" });
    await network.settle();
    const { events } = await network.anonymous.events.list({ limit: 500 });
    const digests = events.filter(({ subject }) => subject.id === post).map(({ digest }) => digest);
    assert.equal(digests.length, 2);
    const { html } = await browser.get(`/post/${post}/history`);
    for (const digest of digests) assert.ok(html.includes(`<code title="${digest}">`), digest);
  });

  it("of a comment are compared in the same way", async () => {
    const post = await newPost();
    const comment = await say(post, "One *two* three");
    await ada.client.comments.edit({ comment_id: comment, content: "One *four* three" });
    const { html } = await browser.get(`/post/${post}/comment/${comment}/history`);
    assert.ok(html.includes(`One *${taken("two")}${added("four")}* three`), html);
    assert.match(html, /Version 2, compared with 1/);
    assert.match((await browser.get(`/post/${post}`)).html, new RegExp(`comment/${comment}/history">edited`));
  });

  it("cost no more to compare when they are long and have nothing in common", async () => {
    const words = (seed: number) =>
      Array.from({ length: 9_000 }, (_, index) => ((index * (7_919 + seed * 2)) % 9_973).toString(36)).join(" ");
    const post = await newPost(words(1).slice(0, 40_000));
    await ada.client.posts.edit({ post_id: post, content: words(2).slice(0, 40_000) });
    const before = process.cpuUsage();
    const { status, html } = await browser.get(`/post/${post}/history`);
    const { user, system } = process.cpuUsage(before);
    assert.equal(status, 200);
    assert.ok(html.length < 200_000, `${html.length} characters`);
    assert.ok((user + system) / 1_000 < 1_000, `${(user + system) / 1_000} ms`);
    assert.match(html, /<del>.*<ins>/s);
  });

  it("are not there for others, for what is gone, or beyond the last", async () => {
    const post = await newPost();
    const comment = await say(post);
    const other = await newPost();
    for (const version of ["0", "2", "-1", "1.5", "99999", "999999", "x", "1e3"]) {
      for (const path of [`/post/${post}`, `/post/${post}/comment/${comment}`]) {
        assert.equal((await browser.get(`${path}/history?version=${version}`)).status, 404, version);
      }
    }
    assert.equal((await browser.get(`/post/${other}/comment/${comment}/history`)).status, 404);
    assert.equal((await browser.get("/post/x/history")).status, 404);
    await ada.client.comments.remove({ comment_id: comment });
    assert.equal((await browser.get(`/post/${post}/comment/${comment}/history`)).status, 410);
    await ada.client.posts.remove({ post_id: post });
    assert.equal((await browser.get(`/post/${post}/history`)).status, 410);
  });

  it("can be read as they were written, and no browser takes them for anything but text", async () => {
    const hostile = "<script>alert(1)</script>\n\n**bold** \u202egnp.exe";
    const post = await newPost(hostile, "Raw");
    const comment = await say(post, hostile);
    const other = await newPost();
    for (const [path, expected] of [
      [`/post/${post}/raw`, `# Raw\n\n${hostile}\n`],
      [`/post/${post}/comment/${comment}/raw`, `${hostile}\n`],
    ] as const) {
      const { status, html, headers } = await browser.get(path);
      assert.deepEqual([status, html], [200, expected]);
      assert.equal(headers.get("content-type"), "text/plain; charset=utf-8");
      assert.equal(headers.get("x-content-type-options"), "nosniff");
      assert.equal(headers.get("content-security-policy"), "default-src 'none'; sandbox");
      assert.equal(headers.get("x-robots-tag"), "noindex");
    }
    assert.equal((await browser.get(`/post/${other}/comment/${comment}/raw`)).status, 404);
    assert.equal((await browser.get("/post/x/raw")).status, 404);
    await ada.client.comments.remove({ comment_id: comment });
    assert.equal((await browser.get(`/post/${post}/comment/${comment}/raw`)).status, 410);
  });
});
