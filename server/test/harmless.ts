/** Whether a page holds anything but what is ours: elements, attributes, addresses and directions of text are looked at. */
import assert from "node:assert/strict";
import type { Page } from "./browser.js";

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
export function assertHarmless({ html, path, headers }: Page): void {
  const policy = headers.get("content-security-policy") ?? "";
  assert.match(policy, /default-src 'none'/, `${path} has no policy`);
  assert.doesNotMatch(policy, /unsafe|https?:|\*/, path);
  assert.equal(headers.get("x-content-type-options"), "nosniff", path);
  assert.ok(html.split("<").length > 8, `${path} has hardly any tags`);
  assertHarmlessMarkup(html.replaceAll(OWN_SCRIPT, "").replaceAll(CANONICAL, ""), path);
}

/**
 * Fails when a piece of HTML holds anything that is not ours, or would fetch from or send to somewhere else.
 * @param path where it comes from, for the message
 */
export function assertHarmlessMarkup(html: string, path: string): void {
  const tags = tagsOf(html);
  assert.equal(tags.length, html.split(/<[a-zA-Z]/).length - 1, `${path} has a tag that cannot be read`);
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
