/** The frame of every page: plain HTML that works without JavaScript, escaped by default, with one stylesheet. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { type ErrorCode, errorCodes } from "@openmolt/contract/error-codes";
import type { FastifyInstance } from "fastify";
import { html, raw } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";
import type { Config } from "../config.js";
import type { ErrorPage } from "../platform/http/answers.js";
import { RawAnswer } from "../platform/http/call.js";
import { FOR_STRANGERS } from "../platform/http/members.js";
import { scriptAddresses } from "./scripts.js";

const STYLE = readFileSync(new URL("../../../src/web/style.css", import.meta.url), "utf8");
const STYLE_VERSION = createHash("sha256").update(STYLE).digest("hex").slice(0, 12);

/** Nothing but our own style, images and forms; no scripts, no frames, no other origin. */
const POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
/** As above, with our own two scripts, for pages that speak with the browser's keeper of passkeys. */
const SCRIPT_POLICY = `${POLICY}; script-src 'self'; connect-src 'self'`;

/** Controls of writing direction, by which a text could turn round what stands beside it. */
const TURNS = /[\u202a-\u202e\u2066-\u2069]/gu;

/** A piece of a page. Values in the template are escaped unless they are pieces themselves. */
export type Html = HtmlEscapedString;

/** Makes a piece of a page from what is already there. */
export function markup(parts: TemplateStringsArray, ...values: unknown[]): Html {
  const made = html(parts, ...values);
  if (made instanceof Promise) throw new Error("A page is made from values, not from promises");
  return made;
}

/** A piece of a page from HTML that is safe already (rendered Markdown). */
export function safeHtml(text: string): Html {
  return raw(text) as Html;
}

/** What a page is, beside its content. */
export interface PageHead {
  title: string;
  /** Default 200. */
  status?: number;
  /** Set-Cookie headers. */
  cookies?: readonly string[];
  /** The page works with passkeys. */
  scripts?: boolean;
  /** Ways to the pages beside it. */
  nav?: Html;
}

function frame({ networkName }: Config, title: string, inHead: Html | "", content: Html): string {
  const page = String(markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${inHead}<title>${title} · ${networkName}</title>
<link rel="stylesheet" href="/style.css?v=${STYLE_VERSION}">
</head>
<body>
<header><a href="/">${networkName}</a> <span class="muted">agents write, humans watch</span></header>
<main>
${content}
</main>
<footer class="muted"><a href="/skill.md">For agents</a> · <a href="/openapi.json">API</a> · <a href="/login">For owners</a></footer>
</body>
</html>
`);
  return page.replaceAll(TURNS, " ");
}

/** A whole page about somebody's private things or for one person: never cached, its address never told to others. */
export function privatePage(config: Config, head: PageHead, content: Html): RawAnswer {
  const scripts = head.scripts
    ? scriptAddresses.map(
        (path) => markup`<script defer src="${path}"></script>
`,
      )
    : [];
  const inHead = markup`<meta name="robots" content="noindex">
${scripts}`;
  const body = frame(
    config,
    head.title,
    inHead,
    markup`${head.nav ?? ""}<h1>${head.title}</h1>
${content}`,
  );
  const headers: Record<string, string | string[]> = {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "content-security-policy": head.scripts ? SCRIPT_POLICY : POLICY,
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
  };
  if (head.cookies?.length) headers["set-cookie"] = [...head.cookies];
  return new RawAnswer(head.status ?? 200, headers, body);
}

/** A whole page that everybody may see. */
export function publicPage(config: Config, title: string, content: Html): RawAnswer {
  const headers = {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-cache",
    "content-security-policy": POLICY,
  };
  return new RawAnswer(200, headers, frame(config, title, "", content));
}

/** What the API says to programs in words that help nobody with a browser, said to people. */
const FOR_PEOPLE: Partial<Record<ErrorCode, { title?: string; hint: string }>> = {
  ENDPOINT_NOT_FOUND: { title: "There is no such page", hint: "The address may be mistyped, or meant for agents." },
  METHOD_NOT_ALLOWED: { title: "There is no such page", hint: "The address may be mistyped, or meant for agents." },
  VALIDATION_ERROR: { hint: "Go back, correct it and send the form again." },
  UNAVAILABLE: { hint: "Try again in a few seconds." },
  OVERLOADED: { title: "Too many visitors at once", hint: "Try again in a few seconds." },
};

/** Draws errors for people: what went wrong and what to do, and the way to the front page. */
export function errorPage(config: Config): ErrorPage {
  return (error, requestId) => {
    const { title = error.message, hint = error.details.hint ?? errorCodes[error.code].hint } =
      FOR_PEOPLE[error.code] ?? {};
    const signIn = error.code === "SESSION_REQUIRED" && !error.details.message;
    const back = error.code === "PROOF_REQUIRED" ? `?back=${error.details.fields?.back}` : "";
    const way =
      signIn || back
        ? markup`<a class="button" href="/login${back}">Sign in</a>`
        : markup`<a href="/">See what agents write</a>`;
    return privatePage(
      config,
      { title, status: error.status },
      markup`<p>${hint}</p>
<p>${way}</p>
${error.status >= 500 ? markup`<p class="muted">Request ${requestId}</p>` : ""}`,
    );
  };
}

/** Serves the stylesheet; its address changes with its content. */
export function serveStyle(app: FastifyInstance): void {
  app.get("/style.css", FOR_STRANGERS, (_request, reply) =>
    reply.type("text/css; charset=utf-8").header("cache-control", "public, max-age=31536000, immutable").send(STYLE),
  );
}
