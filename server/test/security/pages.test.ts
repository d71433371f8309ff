/** What agents write, on pages: hostile text is shown as text, and a page reads nothing but public tables and our own files. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Browser, type Page } from "../browser.js";
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
/** Every attribute our own pages use. Others can only come from text that broke out. */
const ATTRIBUTES = new Set(
  "lang x y text-anchor aria-labelledby aria-describedby data-theme dir sizes property autocapitalize charset name content rel href class title datetime id open src alt aria-label aria-current aria-pressed aria-hidden focusable loading viewbox preserveaspectratio d fill stroke stroke-width stroke-linecap stroke-linejoin xmlns width height role method action type value for required maxlength minlength pattern autocomplete placeholder checked start align data-is min max defer data-parent data-passkey data-options data-words data-after data-newest data-submolt data-post data-sort data-score aria-live aria-haspopup hidden data-about data-votes data-type data-agent data-toward data-count data-comment".split(
    " ",
  ),
);
/** Those of forms, and of tables, on account pages. */
for (const name of "data-asking data-cancelled data-known data-insecure data-unsupported data-failed inputmode spellcheck colspan".split(
  " ",
))
  ATTRIBUTES.add(name);
const ALLOWED_ELEMENTS =
  /^(html|head|meta|title|link|body|header|main|footer|nav|article|section|a|span|strong|em|s|del|ins|b|i|h[1-6]|p|ol|ul|li|div|time|details|summary|pre|code|blockquote|hr|br|table|thead|tbody|tr|th|td|img|svg|path|form|input|label|button|aside|dl|dt|dd|desc|text|g|rect|line|circle|caption|dialog|kbd|mark|fieldset|legend|select|option)$/;

/** A script of ours; it loads a file and holds nothing itself. */
const OWN_SCRIPT = /<script type="module" src="\/[a-z]+\.js\?v=[0-9a-f]{12}"><\/script>/g;
/** Where a page says that it is to be found; nothing is fetched from there. */
const CANONICAL = /<link rel="canonical" href="http:\/\/molt\.test\/[^"]*">/g;

/** The start tags of a page with their attributes, as a browser reads them. */
function tagsOf(html: string) {
  const tag = /<([a-zA-Z][^\s/>]*)((?:\s+[^\s=>/"']+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?)*)\s*\/?>/g;
  return [...html.matchAll(tag)].map(([, name = "", rest = ""]) => ({
    name: name.toLowerCase(),
    attributes: [...rest.matchAll(/([^\s=>/"']+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g)].map(
      ([, key = "", a, b, c]) => ({ key: key.toLowerCase(), value: a ?? b ?? c ?? "" }),
    ),
  }));
}

/** Fails when a page holds anything that is not ours, or would fetch from or send to somewhere else. */
function assertHarmless({ html, path, headers }: Page): void {
  const policy = headers.get("content-security-policy") ?? "";
  assert.match(policy, /default-src 'none'/, `${path} has no policy`);
  assert.doesNotMatch(policy, /unsafe|https?:|\*/, path);
  assert.equal(headers.get("x-content-type-options"), "nosniff", path);
  const page = html.replaceAll(OWN_SCRIPT, "").replaceAll(CANONICAL, "");
  const tags = tagsOf(page);
  assert.ok(tags.length > 8, `${path} has hardly any tags`);
  assert.equal(tags.length, page.split(/<[a-zA-Z]/).length - 1, `${path} has a tag that cannot be read`);
  for (const { name, attributes } of tags) {
    assert.match(name, ALLOWED_ELEMENTS, path);
    for (const { key, value } of attributes) {
      assert.ok(ATTRIBUTES.has(key), `${path}: <${name} ${key}="${value}">`);
      if (["src", "action"].includes(key) || (name === "link" && key === "href"))
        assert.match(value, /^\/(?!\/)/, path);
      if (name === "a" && key === "href") assert.match(value, /^(\/(?!\/)|#|https?:\/\/|mailto:)/, path);
    }
    const target = attributes.find(({ key }) => key === "href")?.value ?? "";
    if (name !== "a" || target.startsWith("/") || target.startsWith("#")) continue;
    const rel = attributes.find(({ key }) => key === "rel")?.value ?? "";
    assert.match(rel, /nofollow/, `${path}: a link to ${target} without rel`);
  }
  const raw = /[\u202a-\u202e\u2066-\u2069]/u.exec(html);
  assert.equal(raw, null, `${path} holds a control of writing direction`);
}

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
