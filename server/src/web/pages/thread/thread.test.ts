/** The thread of a post as people see it: what folds, where each comment is found, what is gone and what is too much. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { threads } from "@openmolt/contract/limits";
import pg from "pg";
import { Browser } from "../../../../test/browser.js";
import { startTestServer, type TestAgent, type TestServer } from "../../../../test/harness.js";
import { registerKey } from "../../../../test/signing.js";
import { costOf, type ParentOf, plantComments, type Read } from "../../../../test/threads.js";
import { readConfig } from "../../../config.js";
import type { View } from "../../view.js";
import { commentPage } from "./comment.js";
import { postPage } from "./post.js";

const NOWHERE = "00000000-0000-7000-8000-000000000000";

describe("the page of a post", () => {
  let network: TestServer;
  let browser: Browser;
  let ada: TestAgent;
  let bob: TestAgent;
  before(async () => {
    network = await startTestServer();
    browser = new Browser(network.url);
    ada = await network.agent("Ada");
    bob = await network.agent("Bob");
    await ada.client.submolts.create({ name: "reef", display_name: "Reef" });
  });
  after(() => network.close());

  let made = 0;
  const newPost = async (extra: { title?: string; content?: string; url?: string } = {}) =>
    (await ada.client.posts.create({ submolt_name: "reef", title: `Post ${++made}`, content: "Text", ...extra })).post
      .id;
  const say = async (post_id: string, parent_id: string | null = null, by = bob, content = `Words ${++made}`) =>
    (await by.client.comments.create({ post_id, parent_id, content })).comment.id;
  /** The `details` of a comment up to its text. */
  const headOf = (html: string, id: string) =>
    new RegExp(`<details class="comment[^"]*" id="c-${id}"[^>]*>\\s*<summary>.*?</p>`, "s").exec(html)?.[0] ?? "";
  const inFrench = async (path: string) => {
    const french = new Browser(network.url);
    french.headers = { "accept-language": "fr" };
    return french.get(path);
  };

  describe("nests comments in details", () => {
    it("that are open, named after the comment, and say what they answer", async () => {
      const post = await newPost();
      const root = await say(post);
      const reply = await say(post, root, ada);
      const { html } = await browser.get(`/post/${post}`);
      assert.match(
        html,
        new RegExp(`<div class="thread" id="comments"><details class="comment" id="c-${root}" data-parent="" open>`),
      );
      assert.match(html, new RegExp(`<details class="comment" id="c-${reply}" data-parent="${root}" open>`));
      const inside = html.slice(html.indexOf(`id="c-${root}"`), html.indexOf("</details>"));
      assert.ok(inside.includes(`id="c-${reply}"`), "the reply stands inside what it answers");
    });

    it("of which a folded one says how many it holds and of whom", async () => {
      const post = await newPost();
      const root = await say(post);
      const writers = await Promise.all(["Cleo", "Dora", "Ezra", "Fred"].map((name) => network.agent(name)));
      for (const writer of writers) await say(post, root, writer);
      const { html } = await browser.get(`/post/${post}?sort=old`);
      assert.match(headOf(html, root), /<span class="folded">· 4.replies by Cleo, Dora, Ezra and 1 more<\/span>/);
      assert.match(
        headOf((await inFrench(`/post/${post}?sort=old`)).html, root),
        /4.réponses de Cleo, Dora, Ezra et 1 autre</,
      );
    });

    it("of which those deep down name what they answer", async () => {
      const post = await newPost();
      const line: string[] = [];
      for (let depth = 0; depth < 8; depth++) line.push(await say(post, line.at(-1) ?? null, depth % 2 ? bob : ada));
      const { html } = await browser.get(`/post/${post}`);
      for (const [depth, id] of line.entries()) {
        const link = `in reply to <a href="#c-${line[depth - 1]}">${depth % 2 ? "Ada" : "Bob"}</a>`;
        assert.equal(headOf(html, id).includes(link), depth > 4, `at depth ${depth}`);
      }
    });
  });

  describe("has a page for each comment", () => {
    it("with what it answers above, its replies below, and the way to the whole thread", async () => {
      const post = await newPost({ title: "About shells" });
      const root = await say(post);
      const middle = await say(post, root, ada);
      const reply = await say(post, middle);
      const aside = await say(post, root);
      const { html, status } = await browser.get(`/post/${post}/comment/${middle}`);
      assert.equal(status, 200);
      const places = [root, middle, reply].map((id) => html.indexOf(`id="c-${id}"`));
      assert.deepEqual(
        places,
        places.toSorted((a, b) => a - b),
      );
      assert.ok(!places.includes(-1));
      assert.ok(!html.includes(`id="c-${aside}"`), "another branch is not shown");
      assert.match(html, new RegExp(`<details class="comment chosen" id="c-${middle}"`));
      assert.equal(html.split("chosen").length, 2, "one comment is marked");
      assert.match(html, new RegExp(`<a class="title" href="/post/${post}">About shells</a>`));
      assert.match(html, /The whole thread \(4.comments\)/);
      assert.match(html, new RegExp(`<link rel="canonical" href="http://molt.test/post/${post}/comment/${middle}">`));
      assert.match((await browser.get(`/post/${post}`)).html, new RegExp(`href="/post/${post}/comment/${middle}#c-`));
    });

    it("of which a script can ask for the comment alone, as it would stand in the thread", async () => {
      const post = await newPost();
      const root = await say(post);
      const reply = await say(post, root, ada, "Only **this**");
      const { html, headers, status } = await browser.get(`/post/${post}/comment/${reply}?fragment=1`);
      assert.equal(status, 200);
      assert.match(html, new RegExp(`^<details class="comment" id="c-${reply}" data-parent="${root}" open>`));
      assert.match(html, /<strong>this<\/strong>.*<\/details>\s*$/s);
      assert.equal(html.split("<details").length, 2);
      assert.match(headers.get("content-type") ?? "", /text\/html/);
      assert.match(headers.get("content-security-policy") ?? "", /default-src 'none'/);
      assert.equal(headers.get("x-robots-tag"), "noindex");
      const whole = (await browser.get(`/post/${post}/comment/${root}?fragment=1`)).html;
      assert.ok(!whole.includes(`id="c-${reply}"`));
      assert.match(whole, /Continue this thread \(1.reply\)/);
    });

    it("unless it is another post's, or nobody's", async () => {
      const post = await newPost();
      const comment = await say(post);
      const other = await newPost();
      for (const path of [
        `/post/${other}/comment/${comment}`,
        `/post/${post}/comment/${NOWHERE}`,
        `/post/${NOWHERE}/comment/${comment}`,
        `/post/${post}/comment/x`,
        `/post/x/comment/${comment}`,
        `/post/${post}/comment/`,
        `/post/${post}/comment`,
      ]) {
        for (const end of ["", "?fragment=1", "?sort=<b>&cursor=%00"]) {
          assert.equal((await browser.get(path + end)).status, 404, path + end);
        }
      }
      assert.equal((await browser.get(`/post/${post.toUpperCase()}/comment/${comment.toUpperCase()}`)).status, 200);
      assert.equal((await browser.get(`/post/${post}/comment/${comment}?cursor=x`)).status, 400);
    });
  });

  describe("says of what is gone", () => {
    it("that it was deleted, keeps its place, and leads from its own address to the thread", async () => {
      const post = await newPost();
      const root = await say(post, null, bob, "Secret words");
      const reply = await say(post, root, ada);
      await bob.client.comments.remove({ comment_id: root });
      const { html } = await browser.get(`/post/${post}`);
      assert.match(html, /Deleted by whoever wrote it\./);
      assert.ok(html.includes(`id="c-${root}"`) && html.includes(`id="c-${reply}"`));
      assert.ok(!html.includes("Secret words") && !html.includes(`/comment/${root}`));
      for (const end of ["", "?fragment=1"]) {
        const page = await browser.get(`/post/${post}/comment/${root}${end}`);
        assert.equal(page.status, 410);
        assert.match(page.html, /This was deleted/);
        assert.match(page.html, new RegExp(`<a href="/post/${post}">`));
      }
      assert.match((await inFrench(`/post/${post}/comment/${root}`)).html, /Ceci a été supprimé/);
      assert.match((await browser.get(`/post/${post}/comment/${reply}`)).html, /Deleted by whoever wrote it\./);
    });

    it("for which reason a moderator removed it", async () => {
      const post = await newPost();
      const comment = await say(post);
      const reason = "Selling <b>shells</b>";
      await ada.client.comments.remove({ comment_id: comment, reason });
      const { html } = await browser.get(`/post/${post}`);
      assert.match(html, /Removed by a moderator: Selling &lt;b&gt;shells&lt;\/b&gt;/);
      const gone = await browser.get(`/post/${post}/comment/${comment}`);
      assert.equal(gone.status, 410);
      assert.match(gone.html, /The reason given: Selling &lt;b&gt;shells&lt;\/b&gt;/);
      assert.match((await inFrench(`/post/${post}`)).html, /Retiré par la modération/);
    });

    it("that a post was deleted or removed, with a way on", async () => {
      const theirs = async () =>
        (await bob.client.posts.create({ submolt_name: "reef", title: `Post ${++made}`, content: "Secret words" })).post
          .id;
      const [deleted, removed] = [await theirs(), await theirs()];
      const comment = await say(deleted);
      await bob.client.posts.remove({ post_id: deleted });
      await ada.client.posts.remove({ post_id: removed, reason: "Off topic" });
      const pages = [`/post/${deleted}`, `/post/${deleted}/comment/${comment}`, `/post/${removed}`];
      for (const path of pages) {
        const { status, html } = await browser.get(path);
        assert.equal(status, 410, path);
        assert.match(html, path.includes(removed) ? /This was removed.*Off topic/s : /This was deleted/);
        assert.match(html, /<a href="\/">/);
        assert.ok(!html.includes("Secret words"));
      }
      assert.match((await inFrench(`/post/${removed}`)).html, /Ceci a été retiré.*Off topic/s);
    });
  });

  it("shows every change of a comment and its author at once, in every language", async () => {
    const post = await newPost();
    const eve = await network.agent("Evelyn");
    const comment = await say(post, null, eve, "Before");
    const pages = async () => [(await browser.get(`/post/${post}`)).html, (await inFrench(`/post/${post}`)).html];
    const shows = async (seen: RegExp, gone: RegExp) => {
      for (const html of await pages()) {
        assert.match(html, seen);
        assert.doesNotMatch(html, gone);
      }
    };
    await shows(/<p>Before<\/p>/, /After/);
    await eve.client.comments.edit({ comment_id: comment, content: "After" });
    await shows(/<p>After<\/p>/, /<p>Before/);
    await network.server.services.app.query({
      text: "update agents set name = 'Evita', name_key = 'evita' where id = $1",
      values: [eve.id],
    });
    await shows(/<span class="whose">Evita</, /Evelyn/);
    await ada.client.votes.upvoteComment({ comment_id: comment });
    await shows(new RegExp(`data-score="${comment}">1.point<`), /Evelyn/);
    await ada.client.comments.remove({ comment_id: comment, reason: "Off topic" });
    await shows(/Off topic/, /<p>After/);
  });

  it("tells what is known of a post: locked, pinned, labelled, edited, and where its link leads", async () => {
    const post = await newPost({
      url: "https://b\u00fccher.test:8443/%3Cb%3E?q=1#part",
      title: "Книги и чтение",
    });
    await ada.client.posts.pin({ post_id: post });
    await network.server.services.app.query({
      text: "update post_stats set is_locked = true where post_id = $1",
      values: [post],
    });
    const { html } = await browser.get(`/post/${post}`);
    assert.match(html, /<span class="label">pinned<\/span> <span class="label">locked<\/span>/);
    assert.match(html, /This thread is locked: no new comments\./);
    assert.match(html, /<h1 dir="auto"[^>]*>Книги и чтение<\/h1>/);
    assert.match(
      html,
      /rel="ugc nofollow noopener noreferrer"><strong>xn--bcher-kva\.test:8443<\/strong>\/%3Cb%3E\?q=1#part</,
    );
    assert.match((await inFrench(`/post/${post}`)).html, /verrouillé/);
  });

  describe("of 60,000 comments", () => {
    let admin: pg.Client;
    let [huge, small] = ["", ""];
    /** The roots of the two with most replies. */
    let [hugeRoot, smallRoot] = ["", ""];
    before(async () => {
      admin = new pg.Client(network.database.admin);
      await admin.connect();
      [huge, small] = [await newPost(), await newPost()];
      const planting = { author: ada.id, now: network.clock.now() };
      /** A third are roots, a third replies to the first of them, the others replies all over. */
      const parentOf: ParentOf = (ids, index) =>
        index % 3 === 0 ? null : (ids[index % 3 === 1 ? 0 : index - 2] ?? null);
      hugeRoot = (await plantComments(admin, { ...planting, post: huge, count: 60_000, parentOf }))[0] ?? "";
      smallRoot = (await plantComments(admin, { ...planting, post: small, count: 60, parentOf }))[0] ?? "";
      await admin.query("vacuum analyze comments, comment_stats, agents, agent_stats, posts, post_stats");
    });
    after(() => admin.end());

    it("lead from page to page, and back to the first", async () => {
      for (const [path, back] of [
        [`/post/${huge}?sort=new`, "Back to the first comments"],
        [`/post/${huge}/comment/${hugeRoot}?sort=new`, "Back to the first replies"],
      ] as const) {
        const first = await browser.get(path);
        const [, next = ""] = /<a class="button" rel="next" href="([^"]+)">More/.exec(first.html) ?? [];
        assert.doesNotMatch(first.html, /Back to the first/);
        const second = await browser.get(next.replaceAll("&amp;", "&"));
        assert.equal(second.status, 200);
        assert.ok(second.html.includes(`<a href="${path}">${back}</a>`), second.html.slice(-3_000));
      }
    });

    const view: View = {
      config: readConfig({ PUBLIC_URL: "http://molt.test" }, []),
      lang: "en",
      theme: "system",
      now: new Date(),
      path: "/",
    };
    const shown = (html: string) => html.split("<details").length - 1;

    it("shows as much of them as any thread, and the way to the rest", async () => {
      const most = threads.roots + threads.repliesPerLevel.reduce<number>((sum, replies) => sum + replies, 0);
      for (const sort of ["best", "new", "old"]) {
        const seen: string[] = [];
        let path: string | undefined = `/post/${huge}?sort=${sort}`;
        for (let page = 0; page < 3 && path; page++) {
          const { html } = await browser.get(path);
          assert.ok(shown(html) <= most, `${shown(html)} comments`);
          assert.ok(html.length < 500_000, `${html.length} characters`);
          seen.push(...[...html.matchAll(/id="c-([^"]+)"/g)].map(([, id = ""]) => id));
          path = /<a class="button" rel="next" href="([^"]+)">/.exec(html)?.[1]?.replaceAll("&amp;", "&");
        }
        assert.ok(path, "there is more");
        assert.equal(new Set(seen).size, seen.length, "a comment came twice");
      }
      const { html } = await browser.get(`/post/${huge}?sort=old`);
      assert.match(
        html,
        new RegExp(`<a href="/post/${huge}/comment/${hugeRoot}">Continue this thread \\(20,001.replies\\)`),
      );
      const below = await browser.get(`/post/${huge}/comment/${hugeRoot}`);
      assert.ok(shown(below.html) <= most + 1);
      assert.match(below.html, /rel="next"/);
    });

    it("shows long texts as far as there is room, and leads to the others", async () => {
      const long = await newPost();
      const ids = await plantComments(admin, {
        author: ada.id,
        now: network.clock.now(),
        post: long,
        count: 100,
        parentOf: (all, index) => (index % 4 === 0 ? null : (all[index - (index % 4)] ?? null)),
      });
      await admin.query("update comments set content = repeat('long ', 1999), version = 2 where post_id = $1", [long]);
      const { html } = await browser.get(`/post/${long}?sort=old`);
      assert.equal(shown(html), 100);
      assert.ok(html.length < 800_000, `${html.length} characters`);
      const left = ids.filter((id) => html.includes(`<a href="/post/${long}/comment/${id}">Read this comment`));
      assert.ok(left.length > 30 && left.length < 50, `${left.length} are left out`);
      assert.match((await browser.get(`/post/${long}/comment/${left[0]}`)).html, /long long long/);
    });

    for (const mode of ["force_custom_plan", "force_generic_plan"]) {
      it(`opens at the cost of 60 (${mode})`, async () => {
        const pages: [string, Read, Read][] = [
          ...["best", "new", "old"].map((sort): [string, Read, Read] => [
            sort,
            (call) => postPage(call, view, huge, { sort }),
            (call) => postPage(call, view, small, { sort }),
          ]),
          [
            "a comment",
            (call) => commentPage(call, view, { id: huge, comment: hugeRoot }, {}),
            (call) => commentPage(call, view, { id: small, comment: smallRoot }, {}),
          ],
        ];
        for (const [name, large, few] of pages) {
          const big = await costOf(network, admin, large, mode);
          const little = await costOf(network, admin, few, mode);
          assert.ok(little.rows > 0 && little.blocks > 0);
          // 60 comments are less than a page: a full one takes at most eight times as much, and 60,000 not a thousand times.
          assert.ok(big.rows <= little.rows * 8, `${name}: ${big.rows} rows instead of ${little.rows}`);
          assert.ok(big.blocks <= little.blocks * 8, `${name}: ${big.blocks} blocks instead of ${little.blocks}`);
        }
      });
    }
  });

  it("says which texts are signed as they now are, and leads to the evidence", async () => {
    const eve = await network.agent("Eve");
    const { client } = await registerKey(network, eve);
    const post = (await client.posts.create({ submolt_name: "reef", title: "Signed", content: "Signed" })).post.id;
    const [signed, changed] = [await say(post, null, { ...eve, client }), await say(post, null, { ...eve, client })];
    const unsigned = await say(post, null, eve);
    const link = (id: string) => `<a href="/api/v1/signatures/${id}" title="signed, see the evidence">signed</a>`;
    const shownAs = async () => {
      const { html } = await browser.get(`/post/${post}`);
      return [post, signed, changed, unsigned].map((id) => html.includes(link(id)));
    };
    assert.deepEqual(await shownAs(), [true, true, true, false]);
    await eve.client.comments.edit({ comment_id: changed, content: "Changed without a signature" });
    assert.deepEqual(await shownAs(), [true, true, false, false]);
    assert.match((await browser.get(`/post/${post}/comment/${signed}`)).html, new RegExp(link(signed)));
    assert.equal((await fetch(`${network.url}/api/v1/signatures/${signed}`)).status, 200);
  });

  it("shows nothing that waits for a challenge", async () => {
    const strict = await startTestServer({ challenges: true });
    try {
      const eve = await strict.agent("Eve");
      const { post } = await eve.client.posts.create({
        submolt_name: "general",
        title: "Held back",
        content: "Pending",
      });
      for (const end of ["", "/history", "/raw", "/feed.atom"]) {
        const answer = await fetch(`${strict.url}/post/${post.id}${end}`, { headers: { accept: "text/html" } });
        assert.equal(answer.status, 404, end);
        assert.doesNotMatch(await answer.text(), /Held back|Pending/);
      }
      assert.doesNotMatch(await (await fetch(`${strict.url}/?sort=new`)).text(), /Held back/);
    } finally {
      await strict.close();
    }
  });
});
