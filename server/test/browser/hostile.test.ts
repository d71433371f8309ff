/**
 * Texts that want to run, to fetch or to break the page, through every field that an agent controls and then through every
 * page and feed that shows them, in a real browser with JavaScript on a narrow screen.
 */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { drawPulse } from "../../src/pulse/write.js";
import type { TestAgent, TestServer } from "../harness.js";
import { attacks, HOSTILE } from "../hostile.js";
import { testOwner } from "../owners.js";
import { startChromium, withoutChromium } from "./chromium.js";
import { startReef } from "./reef.js";
import { listen, widthOf } from "./visit.js";

/** What only a browser falls for, beside the texts every other test uses. Whatever of it runs sets `globalThis.ran`. */
const FOR_BROWSERS = [
  "<svg/onload=globalThis.ran=1><animate onbegin=globalThis.ran=1 attributeName=x>",
  "<details open ontoggle=globalThis.ran=1><summary>open</summary></details>",
  "</textarea></title></style></noscript><script>globalThis.ran=1</script>",
  '[run](javascript:globalThis.ran=1) ![run](https://elsewhere.test/pixel.png) <https://elsewhere.test/?a="onmouseover=globalThis.ran=1>',
  "[a]: data:text/html,<script>globalThis.ran=1</script>\n[run][a] [vb](vbscript:x) [tab](java\tscript:globalThis.ran=1)",
  "<style>@import url(//elsewhere.test/a.css);header{display:none}</style><link rel=prefetch href=//elsewhere.test>",
  "<base href=//elsewhere.test><meta http-equiv=refresh content='0;url=//elsewhere.test'><form action=//elsewhere.test>",
  "position:fixed;inset:0;background:url(//elsewhere.test/b.png)",
  '=HYPERLINK("https://elsewhere.test","x")',
  "@SUM(1+1)*cmd|' /C calc'!A0",
  `W${"w".repeat(290)}`,
  `e${"\u0301\u0316\u0334".repeat(60)}`,
  `${"\u202e"}redrum ${"\u2067"}isolated`,
  "א".repeat(200),
  "\u{fdfd}".repeat(40),
  "👩‍👩‍👧‍👦🏳️‍🌈👍🏿".repeat(20),
  `${"\u200b".repeat(50)}zero${"\u2060\ufeff\u00ad".repeat(40)}width`,
  `|${"a|".repeat(80)}\n|${"-|".repeat(80)}\n|${"b|".repeat(80)}`,
  `${"> ".repeat(18)}deep\n\n${"- ".repeat(18)}deeper`,
];
/** Of the corpus a few: all of it goes through the same pages where no browser is needed to look at them. */
const TEXTS = [...HOSTILE, ...FOR_BROWSERS, ...attacks(20)];
const cut = (text: string, max: number) => [...text].slice(0, max).join("").slice(0, max);

describe("hostile texts in a browser", { skip: withoutChromium }, () => {
  let chromium: Browser;
  let context: BrowserContext;
  let network: TestServer;
  let mallory: TestAgent;
  const posts: string[] = [];
  const comments: string[] = [];
  before(async () => {
    [network, chromium] = await Promise.all([startReef(), startChromium()]);
    mallory = await network.agent("mallory");
    const { client } = mallory;
    const owner = await testOwner(network, mallory);
    await client.submolts.create({ name: "hostile", display_name: cut(TEXTS.join(" "), 60) });
    await client.submolts.update({
      name: "hostile",
      description: cut(FOR_BROWSERS.join("\n"), 1_000),
      rules: cut(TEXTS.join("\n\n"), 10_000),
    });
    const { label } = await client.labels.create({
      name: "hostile",
      key: "evil",
      label: "<b onclick=globalThis.ran=1>x",
      color: "sky",
      kind: "tag",
    });
    for (const [index, text] of TEXTS.entries()) {
      const { post } = await client.posts.create({ submolt_name: "hostile", title: cut(text, 300), content: text });
      const said = await client.comments.create({ post_id: post.id, content: text });
      await client.comments.create({ post_id: post.id, content: `${text} ${text}`, parent_id: said.comment.id });
      await client.posts.edit({ post_id: post.id, content: `${text}\n\n${TEXTS[(index + 1) % TEXTS.length]}` });
      await client.comments.edit({ comment_id: said.comment.id, content: `${text}\n${text}` });
      posts.push(post.id);
      comments.push(said.comment.id);
    }
    await client.labels.attach({
      label_definition_id: label.id,
      target_type: "post",
      target_id: posts[0] ?? "",
    });
    await client.posts.create({
      submolt_name: "hostile",
      title: "A link\u202e",
      url: `https://elsewhere.test/"onclick="globalThis.ran=1"<script>/${"long".repeat(100)}?a=%22%3E`,
    });
    await network.settle();
    await drawPulse(network.server.services);
    context = await chromium.newContext({ baseURL: network.url, viewport: { width: 360, height: 780 } });
    const cookies = [...owner.browser.cookies].map(([name, value]) => ({ name, value, url: network.url }));
    await context.addCookies(cookies);
  });
  after(async () => {
    await chromium?.close();
    await network?.close();
  });

  const page = async (): Promise<[Page, string[]]> => {
    const opened = await context.newPage();
    return [opened, listen(opened, network.url)];
  };
  /** Opens paths one after the other and says what is wrong with them. */
  const wrongWith = async (paths: readonly string[]) => {
    const [opened, complaints] = await page();
    const wrong: string[] = [];
    for (const path of paths) {
      const answer = await opened.goto(path);
      if (answer?.status() !== 200) wrong.push(`${path} has status ${answer?.status()}`);
      if (await opened.evaluate("globalThis.ran !== undefined")) wrong.push(`${path} let a text run`);
      const { tooWide, sticksOut } = await widthOf(opened);
      if (tooWide > 0) wrong.push(`${path} is ${tooWide} px too wide: ${sticksOut.join("\n")}`);
      const header = await opened.locator("header.site").boundingBox();
      if (header?.x !== 0 || header.y !== 0 || header.width !== 360) wrong.push(`${path} has lost its header`);
      wrong.push(...complaints.splice(0).map((what) => `${path}: ${what}`));
    }
    await opened.close();
    return wrong;
  };

  it("neither run, fetch nor break the layout of lists, profiles, search and account pages", async () => {
    const paths = [
      "/?sort=new",
      "/m",
      "/m/hostile?sort=new",
      "/u",
      "/u/mallory",
      "/u/mallory?show=comments",
      "/live",
      "/pulse",
    ];
    const more = ["/search?q=ran", "/search?q=elsewhere", "/owner", "/owner/agents/mallory", "/owner/activity"];
    assert.deepEqual(await wrongWith([...paths, ...more]), []);
    for (const text of FOR_BROWSERS) {
      await mallory.client.agents.update({
        description: cut(text, 500),
        // Names take no line breaks and no marks of direction.
        display_name: cut(text.replace(/[\p{Cc}\p{Cf}]/gu, ""), 64),
        metadata: { "<b onclick=globalThis.ran=1>": text },
      });
      assert.deepEqual(await wrongWith(["/u/mallory"]), [], text);
    }
  });

  it("neither run, fetch nor break the layout of posts, comments and their versions", async () => {
    const halves = [0, 1].map((part) =>
      posts
        .flatMap((id, index) => [`/post/${id}`, `/post/${id}/comment/${comments[index]}`, `/post/${id}/history`])
        .filter((_, index) => index % 2 === part),
    );
    assert.deepEqual((await Promise.all(halves.map(wrongWith))).flat(), []);
  });

  it("run in no feed, file or picture", async () => {
    const [opened, complaints] = await page();
    const of = posts.slice(0, 3).flatMap((id) => [`/post/${id}/feed.atom`, `/post/${id}/feed.json`, `/post/${id}/raw`]);
    const oembed = `/oembed?url=${encodeURIComponent(`${network.url}/post/${posts[0]}`)}`;
    const lists = ["/feed.atom", "/feed.json", "/m/hostile/feed.atom", "/u/mallory/feed.json", "/sitemap.xml"];
    for (const path of [...lists, ...of, oembed]) {
      // What a browser does not show, it offers to save.
      const answer = await opened.goto(path).catch(() => undefined);
      if (answer) assert.equal(answer.status(), 200, path);
      assert.equal(await opened.evaluate("globalThis.ran"), undefined, path);
    }
    assert.deepEqual(
      complaints.filter((what) => !what.includes("favicon")),
      [],
    );
    await opened.close();
    for (const id of posts) {
      const card = await fetch(`${network.url}/post/${id}/card.png`);
      assert.deepEqual([card.status, card.headers.get("content-type")], [200, "image/png"]);
      await card.arrayBuffer();
    }
  });
});
