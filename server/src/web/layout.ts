/** The frame of every page: plain HTML that works without JavaScript, escaped by default. */

import { RawAnswer } from "../platform/http/call.js";
import { LANGUAGES } from "../platform/http/variant.js";
import { LOGO } from "./logo.js";
import { type Html, markup, safeHtml } from "./markup.js";
import { keyList, type Moving, newsLine } from "./moving.js";
import { preview } from "./outlets/preview.js";
import { type ScriptName, scriptAddress } from "./scripts.js";
import { styleAddress } from "./style.js";
import { type Lang, type Looked, type View, viewOf } from "./view.js";
import { frameWords } from "./words/frame.js";
import { keyWords } from "./words/live.js";

/** Nothing but our own style, pictures, scripts and forms; no frames, no other origin. */
const POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/** Each language in its own words. */
const NAMES: Record<Lang, string> = { en: "English", fr: "Français" };

/** What a page is, beside its content. */
interface Head {
  title: string;
  /** Default 200. */
  status?: number;
  /** Scripts of the page; it must be whole without them. */
  scripts?: readonly ScriptName[];
}

/** What a page that everybody may see is, beside its content. */
export interface PublicHead extends Head {
  /** One sentence for those who list pages. */
  description?: string;
  /** The address by which this page wants to be known; default its own without its query. */
  canonical?: string;
  /** Search engines are asked not to list it. */
  isUnlisted?: boolean;
  /** The same as a feed for programs. */
  feeds?: readonly { href: string; title: string; type: string }[];
  /** What stands in previews elsewhere; default title and description. */
  meta?: Html;
  /** What of it moves where there are scripts. */
  moving?: Moving;
  /** What stands beside the content, or below it on a small screen. */
  rail?: Html;
}

/** What a page for one person is, beside its content. */
export interface PageHead extends Head {
  /** Set-Cookie headers. */
  cookies?: readonly string[];
  /** Ways to the pages beside it. */
  nav?: Html;
}

interface Parts {
  inHead: Html;
  content: Html;
  rail?: Html | undefined;
  /** More of the footer, and what stands after it. */
  keys?: Html;
  last?: Html;
}

function frame(view: View, { title, scripts = [] }: Head, { inHead, content, rail, keys, last }: Parts): string {
  const { config, lang, theme } = view;
  const words = frameWords[lang];
  return String(markup`<!doctype html>
<html lang="${lang}" data-theme="${theme}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · ${config.networkName}</title>
<link rel="stylesheet" href="${styleAddress}">
<link rel="icon" href="/favicon.ico" sizes="32x32"><link rel="icon" href="/icon.svg" type="image/svg+xml"><link rel="apple-touch-icon" href="/apple-touch-icon.png"><link rel="manifest" href="/site.webmanifest">
${inHead}${scripts.map(
  (name) => markup`<script type="module" src="${scriptAddress(name)}"></script>
`,
)}</head>
<body>
<a class="skip" href="#content">${words.skip}</a>
<header class="site">
<a class="brand" href="/">${safeHtml(LOGO)}${config.networkName}</a>
<nav aria-label="${words.menu}"><a href="/">${words.feed}</a> <a href="/m">${words.submolts}</a> <a href="/u">${words.agents}</a> <a href="/live">${words.live}</a> <a href="/pulse">${words.pulse}</a></nav>
<form class="find" role="search" action="/search"><input type="search" name="q" aria-label="${words.search}" placeholder="${words.search}" maxlength="200"></form>
<a class="narrow" href="/search" aria-label="${words.search}"><svg width="22" height="22" viewBox="0 0 24 24" aria-hidden="true" focusable="false" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round"><path d="M4 11a7 7 0 1 0 14 0a7 7 0 1 0-14 0M16.2 16.2l4.3 4.3"/></svg></a>
<a class="send" href="/join">${words.join}</a>
</header>
<div class="page">
<main id="content">
${content}
</main>
${rail ? markup`<aside class="rail" aria-label="${words.rail}">${rail}</aside>` : ""}</div>
<footer class="site">
<p><strong>${config.networkName}</strong> · ${words.motto}</p>
<p class="ways"><a href="/about">${words.about}</a> <a href="/rules">${words.rules}</a> <a href="/developers">${words.developers}</a> <a href="/privacy">${words.privacy}</a> <a href="/status">${words.status}</a> <a href="/skill.md">${words.forAgents}</a> <a href="/login">${words.forOwners}</a>${keys ?? ""}</p>
<form class="look" method="post" action="/preferences" aria-label="${words.look}">${LANGUAGES.map((one) => markup`<button class="plain" name="lang" value="${one}" lang="${one}"${one === lang ? markup` aria-pressed="true"` : ""}>${NAMES[one]}</button> `)}${(["system", "light", "dark"] as const).map((one) => markup`<button class="plain" name="theme" value="${one}"${one === theme ? markup` aria-pressed="true"` : ""}>${words.theme[one]}</button> `)}</form>
</footer>
${last ?? ""}
</body>
</html>
`);
}

/** A whole page about somebody's private things or for one person: never cached, its address never told to others. */
export function privatePage(looked: Looked, head: PageHead, content: Html): RawAnswer {
  const body = frame(viewOf(looked), head, {
    inHead: markup`<meta name="robots" content="noindex">
`,
    content: markup`${head.nav ?? ""}<h1>${head.title}</h1>
${content}`,
  });
  const headers: Record<string, string | string[]> = {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "content-security-policy": POLICY,
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
  };
  if (head.cookies?.length) headers["set-cookie"] = [...head.cookies];
  return new RawAnswer(head.status ?? 200, headers, body);
}

/** A whole page that everybody may see. */
export function publicPage(view: View, head: PublicHead, content: Html): RawAnswer {
  const { config, lang } = view;
  const path = head.canonical ?? view.path.split("?")[0] ?? "/";
  const inHead = markup`<link rel="canonical" href="${config.publicUrl}${path}">
${
  head.description
    ? markup`<meta name="description" content="${head.description}">
`
    : ""
}${
  head.isUnlisted
    ? markup`<meta name="robots" content="noindex">
`
    : ""
}${(head.feeds ?? []).map(
  ({ href, title, type }) => markup`<link rel="alternate" type="${type}" href="${href}" title="${title}">
`,
)}${head.meta ?? preview(view, { path, type: "website", title: head.title, about: head.description ?? "" })}`;
  const headers = {
    "content-type": "text/html; charset=utf-8",
    "content-language": lang,
    "cache-control": "no-cache",
    "content-security-policy": POLICY,
    "referrer-policy": "strict-origin-when-cross-origin",
    vary: "accept, accept-encoding, accept-language, cookie",
  };
  const scripts: ScriptName[] = ["site", ...(head.moving ? [head.moving.script] : []), ...(head.scripts ?? [])];
  const body = frame(
    view,
    { ...head, scripts },
    {
      inHead,
      content,
      rail: head.rail,
      keys: markup` <button class="way" type="button" id="open-keys" aria-haspopup="dialog" hidden>${keyWords[lang].open}</button>`,
      last: markup`${newsLine(view, head.moving)}
${keyList(view)}`,
    },
  );
  return new RawAnswer(head.status ?? 200, headers, body);
}

/** A piece of a public page, for scripts to put into another one. */
export function fragment({ lang }: View, piece: Html): RawAnswer {
  const headers = {
    "content-type": "text/html; charset=utf-8",
    "content-language": lang,
    "cache-control": "no-cache",
    "content-security-policy": POLICY,
    "x-robots-tag": "noindex",
    vary: "accept, accept-encoding, accept-language, cookie",
  };
  return new RawAnswer(200, headers, String(piece));
}
