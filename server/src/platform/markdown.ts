/**
 * Markdown of agents as HTML for people. The result is always safe to put into a page as it is: a small list of tags,
 * no scripts, styles or foreign requests, links only to http, https and mailto, no invisible or order-changing
 * characters.
 */
import { hash } from "node:crypto";
import { LRUCache } from "lru-cache";
import MarkdownIt, { type Token } from "markdown-it";
import sanitizeHtml from "sanitize-html";

/** Where a link may lead. */
const SCHEMES = ["http", "https", "mailto"];
const LINK = new RegExp(`^(${SCHEMES.join("|")}):`, "i");

/** We vouch for no link of a member, and tell its target nothing about the reader. */
const LINK_REL = "ugc nofollow noopener noreferrer";

/** A page has its own two upper levels of headings. */
const HEADINGS: Record<string, string> = { h1: "h3", h2: "h4", h3: "h5", h4: "h6", h5: "h6", h6: "h6" };

/** Deepest nesting of quotes, lists and marks that is followed. */
const MAX_NESTING = 20;

/** Tells a link to a picture, for pages that may show the picture itself. */
export const PICTURE = "picture";

const parser = newParser();
const plainParser = newParser().disable("table");
function newParser(): InstanceType<typeof MarkdownIt> {
  const parser = new MarkdownIt({ html: false, linkify: true, maxNesting: MAX_NESTING });
  parser.validateLink = (url) => LINK.test(url.trim());
  // A link shows the address it has: decoding xn-- would let it look like another.
  parser.normalizeLinkText = (url) => url;
  // Without a scheme, skill.md and main.py would become links to foreign countries.
  parser.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false });
  parser.renderer.rules.image = (tokens, index) => {
    const image = tokens[index];
    const address = String(image?.attrGet("src") ?? "");
    const label = parser.utils.escapeHtml(image?.content || address);
    const within = tokens.slice(0, index).reduce((depth, token) => depth + linkStep(token), 0);
    return within > 0 ? label : `<a href="${parser.utils.escapeHtml(address)}" class="${PICTURE}">${label}</a>`;
  };
  return parser;
}

function linkStep(token: Token): number {
  if (token.type === "link_open") return 1;
  return token.type === "link_close" ? -1 : 0;
}

const sanitizing: sanitizeHtml.IOptions = {
  allowedTags: [
    ...[
      "p",
      "br",
      "hr",
      "h3",
      "h4",
      "h5",
      "h6",
      "blockquote",
      "ul",
      "ol",
      "li",
      "pre",
      "code",
      "strong",
      "em",
      "s",
      "a",
    ],
    ...["table", "thead", "tbody", "tr", "th", "td"],
  ],
  allowedAttributes: { a: ["href", "rel", "class"], ol: ["start"] },
  allowedSchemes: SCHEMES,
  allowProtocolRelative: false,
  transformTags: {
    ...HEADINGS,
    a: (_name, { href, class: kind }) => ({
      tagName: "a",
      attribs: {
        ...(href !== undefined && LINK.test(href) && { href }),
        ...(kind === PICTURE && { class: PICTURE }),
        rel: LINK_REL,
      },
    }),
  },
};

/**
 * Markdown (CommonMark, tables, strikethrough, bare web addresses) as safe HTML. Pictures become links to them, HTML in
 * the text is shown as text, headings begin at h3.
 */
export function renderMarkdown(text: string): string {
  const key = hash("sha1", text, "base64url");
  const known = rendered.get(key);
  if (known !== undefined) return known;
  const html = showHidden(sanitizeHtml(parserFor(text).render(text), sanitizing));
  rendered.set(key, html);
  return html;
}

/** Markdown is costly to render and pages show the same texts again and again. */
const rendered = new LRUCache<string, string>({ maxSize: 32_000_000, sizeCalculation: (html) => html.length + 100 });

/** A table makes a cell of every bar: beyond this many bars a text is shown without tables, as it stands. */
const MAX_BARS = 2_000;
function parserFor(text: string): InstanceType<typeof MarkdownIt> {
  let bars = 0;
  for (let at = text.indexOf("|"); at >= 0; at = text.indexOf("|", at + 1)) if (++bars > MAX_BARS) return plainParser;
  return parser;
}

/**
 * The words of a Markdown text on one line, for previews and titles. This is text, not HTML.
 * @param max most characters (code points); a longer text is cut and ends in an ellipsis. Of a text with much more
 *   markup than words only the beginning is read.
 */
export function plainText(text: string, max: number): string {
  const read = text.slice(0, 1_000 + 20 * max);
  const words: string[] = [];
  for (const block of parser.parse(read.replace(/[\ud800-\udbff]$/, ""), {})) {
    if (block.type === "inline") words.push(inlineText(block.children ?? []));
    else if (block.type === "fence" || block.type === "code_block") words.push(block.content);
  }
  const characters = [...showHidden(words.join(" ")).replace(/\s+/g, " ").trim()];
  if (characters.length <= max && read.length === text.length) return characters.join("");
  const kept = characters.slice(0, Math.max(0, max - 1)).join("");
  return `${kept.trimEnd()}…`;
}

function inlineText(tokens: readonly Token[]): string {
  const text = (token: Token): string =>
    token.type === "softbreak" || token.type === "hardbreak" ? " " : token.content;
  return tokens.map(text).join("");
}

/** Scripts in which the zero-width joiner and non-joiner are part of the spelling. */
const JOINING =
  "[\\p{Script=Arabic}\\p{Script=Syriac}\\p{Script=Mongolian}\\p{Script=Nko}\\p{Script=Devanagari}\\p{Script=Bengali}" +
  "\\p{Script=Gurmukhi}\\p{Script=Gujarati}\\p{Script=Oriya}\\p{Script=Tamil}\\p{Script=Telugu}\\p{Script=Kannada}" +
  "\\p{Script=Malayalam}\\p{Script=Sinhala}\\p{Script=Khmer}\\p{Script=Myanmar}\\p{Script=Tibetan}]";

/** Embeddings, overrides and isolates: they can make a line read differently from what it says. */
const ORDER_CHANGING = /[\u202a-\u202e\u2066-\u2069]/gu;

/** The flags of England, Scotland and Wales are spelt with tag characters. */
const FLAG = "\\u{1f3f4}[\\u{e0061}-\\u{e007a}]{1,6}\\u{e007f}";
// What stands before a character is looked at when the character is found: looking at every place would take long.
const EMOJI_JOINER =
  "\\u200d(?<=\\p{Extended_Pictographic}[\\ufe0f\\p{Emoji_Modifier}]?\\u200d)(?=\\p{Extended_Pictographic})";
const SPELLING_JOINER = `[\\u200c\\u200d](?<=${JOINING}[\\u200c\\u200d])`;
const VARIANT_BASE = "[\\p{L}\\p{N}\\p{S}\\p{P}]";
const VARIANT = `[\\ufe00-\\ufe0f](?<=${VARIANT_BASE}[\\ufe00-\\ufe0f])`;

/** Characters without a shape, by which text is smuggled past a reader. */
const INVISIBLE =
  "[\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u2060-\\u2065\\u206a-\\u206f\\u3164" +
  "\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb\\u{1bca0}-\\u{1bca3}\\u{1d173}-\\u{1d17a}\\u{e0000}-\\u{e0fff}]";

/** Whether there may be anything to do: pages are long, and hardly one holds more of this than emoji with their variants. */
const SUSPICIOUS = new RegExp(
  `${INVISIBLE.replace("\\ufe00-\\ufe0f", "\\ufe00-\\ufe0e")}|${ORDER_CHANGING.source}|\\ufe0f(?<!${VARIANT_BASE}\\ufe0f)`,
  "u",
);
/** Those of them that nobody types without meaning to hide something; the others come with what is copied. */
const SMUGGLED = "[\\u115f\\u1160\\u200b-\\u200d\\u2060-\\u2064\\u3164\\uffa0\\u{e0000}-\\u{e007f}]";
const KEEP_NAME_OR_DROP = new RegExp(
  `(${FLAG}|${EMOJI_JOINER}|${SPELLING_JOINER}|${VARIANT})|(${SMUGGLED}+)|${INVISIBLE}`,
  "gu",
);

const nameOf = (hidden: string) => `U+${(hidden.codePointAt(0) ?? 0).toString(16).toUpperCase()}`;

/** How a row of hidden characters is shown: the first of them, and how many there are. */
function told(hidden: string): string {
  const count = [...hidden].length;
  return count === 1 ? `⟦${nameOf(hidden)}⟧` : `⟦${nameOf(hidden)} ×${count}⟧`;
}

/**
 * Names characters that change the reading order and those by which text is hidden, and drops the other invisible ones,
 * where they are no part of an emoji or of the spelling of a language. Safe on text and on HTML, because none of them is
 * part of any markup.
 */
export function showHidden(text: string): string {
  if (!SUSPICIOUS.test(text)) return text;
  return text
    .replace(
      KEEP_NAME_OR_DROP,
      (_all, kept: string | undefined, hidden: string | undefined) => kept ?? (hidden ? told(hidden) : ""),
    )
    .replace(ORDER_CHANGING, told);
}
