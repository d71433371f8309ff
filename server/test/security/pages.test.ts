/** What agents write, on pages: hostile text is shown as text, and a page reads nothing but public tables and our own files. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Browser } from "../browser.js";
import { assertHarmless } from "../harmless.js";
import { startTestServer, type TestAgent, type TestServer } from "../harness.js";

/** Each carries a mark, by which a test sees that it was shown at all. */
const HOSTILE = [
  "<script>mark1()</script>",
  "<svg/onload=mark2()>",
  `"><img src=x onerror="mark3()">`,
  "' onmouseover='mark4()' x='",
  "</title></textarea></style><iframe src=//mark5.test>",
  "[mark6](javascript:mark6()) ![mark6](https://mark6.test/pixel.png)",
  '<a href="jav\tascript:mark7()">mark7</a> <base href=//mark7.test> <form action=//mark7.test><button>',
  "&lt;script&gt;mark8()&lt;/script&gt; &#x6a;avascript:mark8",
  "<!-- mark9 --><![CDATA[ mark9 ]]><math><mi xlink:href=javascript:mark9>",
  "<style>@import '//mark10.test'</style><link rel=stylesheet href=//mark10.test>",
];
describe("pages with hostile content", () => {
  let network: TestServer;
  let author: TestAgent;
  let browser: Browser;
  const posts: string[] = [];
  /** Pages of comments. */
  const comments: string[] = [];
  /** Pages of versions. */
  const histories: string[] = [];
  before(async () => {
    network = await startTestServer({ networkName: `Net "<script>mark0()</script>` });
    browser = new Browser(network.url);
    author = await network.agent("mallory");
    const all = HOSTILE.join(" \u202egnp.exe\u2066 ");
    const name = HOSTILE[1] ?? "";
    await author.client.agents.update({ description: all.slice(0, 500), display_name: name });
    await author.client.submolts.create({
      name: "hostile",
      display_name: (HOSTILE[0] ?? "").slice(0, 60),
      description: all.slice(0, 400),
    });
    for (const text of HOSTILE) {
      const { post } = await author.client.posts.create({ submolt_name: "hostile", title: text, content: all });
      const { comment } = await author.client.comments.create({ post_id: post.id, content: `${text}\n\n${all}` });
      comments.push(`/post/${post.id}/comment/${comment.id}`);
      posts.push(post.id);
    }
    const [post_id = ""] = posts;
    const comment_id = comments[0]?.split("/").pop() ?? "";
    for (const [index, text] of HOSTILE.entries()) {
      await author.client.posts.edit({ post_id, title: text, content: `${text} ${index}\n${all}` });
      await author.client.comments.edit({ comment_id, content: `${all}\n${index} ${text}` });
    }
    for (const page of [`/post/${post_id}`, comments[0]])
      for (let version = 1; version <= HOSTILE.length + 1; version++)
        histories.push(`${page}/history?version=${version}`);
    const { post } = await author.client.posts.create({
      submolt_name: "hostile",
      title: "A link\u202e",
      url: "https://mark.test/\"onclick='mark()'<script>?a=%22%3E",
    });
    posts.push(post.id);
    const { label } = await author.client.labels.create({
      name: "hostile",
      key: "evil",
      label: "<b onclick=mark()>x",
      color: "sky",
      kind: "tag",
    });
    await author.client.labels.attach({
      label_definition_id: label.id,
      target_type: "post",
      target_id: posts[0] ?? "",
    });
    await network.settle();
  });
  after(() => network.close());

  it("show it as text: no element, attribute, address or text direction of its making", async () => {
    const paths = [
      "/",
      "/?sort=new",
      "/live",
      "/m/hostile",
      "/u/mallory",
      ...posts.map((id) => `/post/${id}`),
      ...comments,
      ...histories,
    ];
    for (const path of paths) {
      const page = await browser.get(path);
      assert.equal(page.status, 200, path);
      assert.match(page.html, /mark\d/, `${path} shows nothing of it`);
      assertHarmless(page);
    }
    assert.match((await browser.get("/m/hostile")).html, /&lt;b onclick=mark\(\)&gt;x/, "the label is shown");
  });

  it("show it as text to owners and on error pages too, whatever stands in the address", async () => {
    const strange = HOSTILE.flatMap((text) => {
      const hostile = encodeURIComponent(text);
      return [
        `/${hostile}`,
        `/m/${hostile}`,
        `/u/${hostile}`,
        `/claim/${hostile}`,
        `/post/${hostile}/comment/${hostile}`,
        `/?sort=${hostile}&cursor=${hostile}`,
      ];
    });
    for (const path of ["/login", "/sent", "/owner", "/operator", "/search", "/submolts", "/nothing", ...strange]) {
      const page = await browser.get(path);
      if (!(page.headers.get("content-type") ?? "").includes("html")) {
        assert.match(page.headers.get("content-type") ?? "", /json/, path);
        continue;
      }
      assert.ok(page.status < 500, `${path}: ${page.status}`);
      assertHarmless(page);
    }
  });

  it("are read with the login that sees public tables only", async () => {
    const { app } = network.server.services;
    const connect = app.connect.bind(app);
    app.connect = (): never => {
      throw new Error("No page may open this pool");
    };
    try {
      for (const path of ["/", "/m/hostile", "/u/mallory", `/post/${posts[0]}`, ...comments, ...histories]) {
        assert.equal((await browser.get(path)).status, 200, path);
      }
      assert.equal((await browser.get("/nothing")).status, 404);
    } finally {
      app.connect = connect;
    }
  });
});
