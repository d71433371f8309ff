import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { plainText, renderMarkdown, showHidden } from "./markdown.js";

const REL = 'rel="ugc nofollow noopener noreferrer"';

/** Fails unless the HTML consists of nothing but the allowed tags in their exact form. */
function assertHarmless(html: string, source: string): void {
  const allowed =
    /<\/?(?:p|h[3-6]|blockquote|ul|ol|li|pre|code|strong|em|s|table|thead|tbody|tr|th|td)>|<ol start="\d+">|<(?:br|hr) \/>|<\/a>|<a (?:href="(?:https?|mailto):[^"<>\s]*" (?:class="picture" )?)?rel="ugc nofollow noopener noreferrer">/gi;
  const rest = html.replace(allowed, "");
  assert.doesNotMatch(rest, /[<>]/, `${JSON.stringify(source.slice(0, 200))} gave ${html.slice(0, 500)}`);
  assert.doesNotMatch(rest, /[\u202a-\u202e\u2066-\u2069\u200b\u{e0000}]/u, source.slice(0, 200));
}

test("renders what CommonMark, tables and strikethrough say, with headings two levels down", () => {
  const cases: [string, string][] = [
    ["# a\n## b\n### c\n#### d\n###### e", "<h3>a</h3>\n<h4>b</h4>\n<h5>c</h5>\n<h6>d</h6>\n<h6>e</h6>\n"],
    ["**b** *i* ~~s~~ `c<d`", "<p><strong>b</strong> <em>i</em> <s>s</s> <code>c&lt;d</code></p>\n"],
    ["> q\n\n---", "<blockquote>\n<p>q</p>\n</blockquote>\n<hr />\n"],
    ["3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>\n'],
    ["```js\n<b>&\n```", "<pre><code>&lt;b&gt;&amp;\n</code></pre>\n"],
    ["a  \nb", "<p>a<br />\nb</p>\n"],
    [
      "|a|\n|:-:|\n|1|",
      "<table>\n<thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n</tr>\n</tbody>\n</table>\n",
    ],
    ["", ""],
  ];
  for (const [text, html] of cases) assert.equal(renderMarkdown(text), html);
});

test("links lead to http, https and mailto only, and vouch for nothing", () => {
  assert.equal(renderMarkdown("[x](https://a.b/?c=1&d=2)"), `<p><a href="https://a.b/?c=1&amp;d=2" ${REL}>x</a></p>\n`);
  assert.equal(renderMarkdown("[x](HTTP://a.b)"), `<p><a href="HTTP://a.b" ${REL}>x</a></p>\n`);
  assert.equal(renderMarkdown("<mailto:a@b.co>"), `<p><a href="mailto:a@b.co" ${REL}>mailto:a@b.co</a></p>\n`);
  assert.equal(renderMarkdown('[x](http://a.b "t")'), `<p><a href="http://a.b" ${REL}>x</a></p>\n`);
  for (const address of [
    "javascript:alert(1)",
    " JaVaScRiPt:alert(1)",
    "java&#x0A;script:alert(1)",
    "&#106;avascript:alert(1)",
    "\x01javascript:alert(1)",
    "vbscript:x",
    "data:text/html,x",
    "data:image/png;base64,AAAA",
    "file:///etc/passwd",
    "//evil.example",
    "\\\\evil.example",
    "/api/v1/x",
    "#top",
    "ftp://a.b",
  ]) {
    for (const text of [`[x](${address})`, `![x](${address})`, `<${address}>`, `[x]\n\n[x]: ${address}`]) {
      assert.doesNotMatch(renderMarkdown(text), /href|<a/, text);
    }
  }
});

test("bare web addresses become links, file names do not, and an address is shown as it is", () => {
  assert.equal(renderMarkdown("see https://a.b/c."), `<p>see <a href="https://a.b/c" ${REL}>https://a.b/c</a>.</p>\n`);
  assert.equal(renderMarkdown("skill.md main.py example.com a@b.co"), "<p>skill.md main.py example.com a@b.co</p>\n");
  assert.match(renderMarkdown("http://xn--pple-43d.com"), />http:\/\/xn--pple-43d\.com</);
});

test("a picture becomes a link to it, told from other links, or its words within another link", () => {
  assert.equal(
    renderMarkdown("![a<b](http://x.y/z.png)"),
    `<p><a href="http://x.y/z.png" class="picture" ${REL}>a&lt;b</a></p>\n`,
  );
  assert.equal(
    renderMarkdown("![](http://x.y/z.png)"),
    `<p><a href="http://x.y/z.png" class="picture" ${REL}>http://x.y/z.png</a></p>\n`,
  );
  assert.equal(renderMarkdown("[![in](http://a.b/i.png)](http://c.d)"), `<p><a href="http://c.d" ${REL}>in</a></p>\n`);
  assert.equal(
    renderMarkdown("[a](http://c.d) ![b](http://e.f)"),
    `<p><a href="http://c.d" ${REL}>a</a> <a href="http://e.f" class="picture" ${REL}>b</a></p>\n`,
  );
});

test("HTML in the text is shown, not obeyed", () => {
  assert.equal(renderMarkdown("<script>alert(1)</script>"), "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n");
  const hostile = [
    '<img src=x onerror="alert(1)">',
    "<svg/onload=alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    "<style>*{display:none}</style>",
    "<!-- --><iframe src=//evil></iframe>",
    '```"><script>alert(1)</script>\nx\n```',
    "```<script>\nx\n```",
    '![" onerror="alert(1)](http://x.y)',
    '![x](http://x.y/"onerror="alert(1))',
    "[x](http://x.y/'\"><script>alert(1)</script>)",
    "[<img src=x>](http://x.y)",
    '[x](http://x.y "\\"><script>")',
    'http://x.y/"><script>alert(1)</script>',
    '<http://x.y/"onmouseover=alert(1)>',
    "&lt;script&gt; &#60;script&#62; &amp;lt;b&amp;gt;",
    "|<b>|\n|-|\n|</table><script>|",
    "&l\u200bt;script&g\u200bt;<\u200bscript>",
    "a\0<b\0>",
  ];
  for (const text of hostile) assertHarmless(renderMarkdown(text), text);
});

test("characters that change the reading order or hide text are named, other invisible ones dropped", () => {
  const cases: [string, string][] = [
    ["user\u202egnp.exe", "user⟦U+202E⟧gnp.exe"],
    ["&#x202e;x &#8294;y", "⟦U+202E⟧x ⟦U+2066⟧y"],
    ["a\u200bb\u2060c\ufeffd\u00ade\u200ef", "a⟦U+200B⟧b⟦U+2060⟧cdef"],
    ["a&#8203;b&ZeroWidthSpace;c", "a⟦U+200B⟧b⟦U+200B⟧c"],
    ["i\u200dj\u200ck", "i⟦U+200D⟧j⟦U+200C⟧k"],
    ["say\u{e0049}\u{e0067}\u{e006e} hi", "say⟦U+E0049 ×3⟧ hi"],
    ["x\ufe0f\ufe0f\ufe0fy\u{e0100}", "x\ufe0fy"],
  ];
  for (const [text, shown] of cases) {
    assert.equal(renderMarkdown(text), `<p>${shown}</p>\n`);
    assert.equal(plainText(text, 100), shown);
    assert.equal(renderMarkdown(`\`${text.replaceAll(/&[^;]+;/g, "")}\``).match(/[\u200b-\u202e]/), null);
  }
});

test("each of these characters is found where it is the only one", () => {
  const hidden =
    "00ad 034f 061c 115f-1160 17b4-17b5 180b-180f 200b-200f 202a-202e 2060-206f 3164 feff ffa0 fff9-fffb 1bca0-1bca3 1d173-1d17a e0000-e0fff";
  for (const range of hidden.split(" ")) {
    const [first = 0, last = first] = range.split("-").map((code) => Number.parseInt(code, 16));
    for (let code = first; code <= last; code++) {
      const character = String.fromCodePoint(code);
      assert.ok(!showHidden(`plain ${character} text`).includes(character), code.toString(16));
    }
  }
  for (let code = 0xfe00; code <= 0xfe0f; code++) {
    assert.equal(showHidden(`plain ${String.fromCodePoint(code)}`), "plain ", code.toString(16));
  }
  assert.equal(showHidden("\u2764\ufe0f"), "\u2764\ufe0f");
});

test("emoji and scripts that need joiners keep them", () => {
  for (const text of ["👩‍👩‍👧", "👩🏽‍🚀", "❤️‍🔥", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🏳️‍🌈", "☠️", "1️⃣", "می‌خواهم", "क्‍ष", "שלום", "日本語"]) {
    assert.equal(renderMarkdown(text), `<p>${text}</p>\n`);
  }
});

test("a preview holds the words on one line and no markup, cut at a whole character", () => {
  const cases: [string, number, string][] = [
    ["# Hi\n\n**bold** [link](http://a.b) `x < y`\n\n- one\n- two", 100, "Hi bold link x < y one two"],
    ["![a crab](http://a.b/c.png)\nnext", 100, "a crab next"],
    ["```\ncode\n  more\n```", 100, "code more"],
    ["abcdef", 6, "abcdef"],
    ["abcdefg", 6, "abcde…"],
    ["ab cdefg", 4, "ab…"],
    ["🦞🦞🦞🦞", 3, "🦞🦞…"],
    ["abc", 1, "…"],
    ["", 10, ""],
    ["<b>x</b>", 50, "<b>x</b>"],
  ];
  for (const [text, max, expected] of cases) assert.equal(plainText(text, max), expected);
  const padded = plainText(`${"[](http://x.y)".repeat(5_000)}word`, 20);
  assert.equal(padded, "…");
  assert.equal(plainText("🦞".repeat(5_000), 10), `${"🦞".repeat(9)}…`);
});

test("pathological texts of 40,000 characters are rendered in bounded time and size", () => {
  const parts = [
    "[",
    "![",
    "*",
    "**_",
    ">",
    "`",
    "`a",
    "<",
    "&#x202e;",
    "[a](",
    "[a](<b",
    "- ",
    "|",
    "~~a",
    "\u200d",
    "http://",
    "[![a](http://x.y) ",
  ];
  for (const part of parts) {
    const text = part.repeat(40_000 / part.length);
    const start = process.cpuUsage();
    const html = renderMarkdown(text);
    plainText(text, 300);
    const spent = process.cpuUsage(start);
    assert.ok((spent.user + spent.system) / 1e6 < 5, `${part} took ${spent.user} microseconds`);
    assert.ok(html.length < 1_000_000, `${part} became ${html.length}`);
    assertHarmless(html, text);
  }
});

test("no combination of hostile fragments escapes", () => {
  const fragments = [
    "<",
    ">",
    '"',
    "'",
    "[",
    "]",
    "(",
    ")",
    "!",
    "`",
    "\n",
    "&lt;",
    "\\",
    "http://a.b",
    "javascript:x",
    "<a href=x>",
    "|",
    "-",
    "\u202e",
    "\u200b",
    "*",
    "onload=x",
    "<!--",
    "]]>",
  ];
  let seed = 12_345;
  const next = (below: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * below);
  };
  for (let i = 0; i < 3_000; i++) {
    const text = Array.from({ length: 1 + next(12) }, () => fragments[next(fragments.length)]).join("");
    assertHarmless(renderMarkdown(text), text);
  }
});

const data = process.env.OPENMOLT_TEST_DATA ?? join(import.meta.dirname, "../../../../../shared/data");
test("real and hostile posts come out harmless", { skip: existsSync(data) ? false : "no OPENMOLT_TEST_DATA" }, (t) => {
  let texts = 0;
  for (const entry of readdirSync(data, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(jsonl?|csv|txt|md)$/.test(entry.name) || texts >= 3_000) continue;
    for (const line of readFileSync(join(entry.parentPath, entry.name), "utf8").split("\n").slice(0, 300)) {
      texts++;
      assertHarmless(renderMarkdown(line.slice(0, 20_000).replaceAll("\\n", "\n")), line);
    }
  }
  t.diagnostic(`${texts} texts`);
  assert.ok(texts > 0);
});
