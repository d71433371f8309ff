/** Errors as pages: what went wrong in plain words, and the way on. */
import type { IncomingHttpHeaders } from "node:http";
import { type ErrorCode, errorCodes } from "@openmolt/contract/error-codes";
import type { AppError } from "../errors.js";
import type { ErrorPage } from "../platform/http/answers.js";
import type { Services } from "../platform/services.js";
import { privatePage } from "./layout.js";
import { type Html, markup } from "./markup.js";
import { type Lang, viewOf } from "./view.js";
import { errorWords } from "./words/errors.js";
import { refusals } from "./words/refusals.js";

interface Saying {
  title: string;
  hint: string;
}

/** Where nothing is: what programs are told of it helps nobody with a browser. */
const NONE: readonly ErrorCode[] = ["ENDPOINT_NOT_FOUND", "METHOD_NOT_ALLOWED"];

/** What an error is called, and what to do. A rule's own words come first, then those of the code. */
function sayingOf({ code, details }: AppError, lang: Lang): Saying {
  const words = errorWords[lang];
  if (NONE.includes(code)) return words.none;
  if (code === "GONE" && details.hint === undefined) {
    const { reason } = details.fields ?? {};
    return reason === undefined ? words.gone.deleted : words.gone.removed(String(reason));
  }
  const byCode: Saying | undefined = (words.codes as Partial<Record<ErrorCode, Saying>>)[code];
  if (lang === "en") {
    const { title, hint } = byCode ?? { title: errorCodes[code].message, hint: errorCodes[code].hint };
    return { title: details.message ?? title, hint: details.hint ?? hint };
  }
  const { title, hint } = byCode ?? words.other;
  return { title: inFrench(details.message) ?? title, hint: inFrench(details.hint) ?? hint };
}

const known = Object.entries(refusals).map(([english, french]) => {
  const parts = english.split("{}").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return { pattern: new RegExp(`^${parts.join("(.*)")}$`, "s"), french };
});

/** A rule's sentence in French, with its values; undefined when nobody wrote it down. */
function inFrench(sentence: string | undefined): string | undefined {
  if (sentence === undefined) return undefined;
  for (const { pattern, french } of known) {
    const values = pattern.exec(sentence)?.slice(1);
    if (values) return french.replace(/\{\}/g, () => values.shift() ?? "");
  }
  return undefined;
}

/** Draws errors for people: what went wrong and what to do, and a way on. */
export function errorPage(services: Services): ErrorPage {
  return (error, requestId, headers: IncomingHttpHeaders) => {
    const looked = { services, headers, now: services.clock.now() };
    const { lang } = viewOf(looked);
    const words = errorWords[lang];
    const { title, hint } = sayingOf(error, lang);
    const signIn = error.code === "SESSION_REQUIRED" && !error.details.message;
    const thread = error.code === "GONE" ? error.details.fields?.post_id : undefined;
    const back = error.code === "PROOF_REQUIRED" ? `?back=${error.details.fields?.back}` : "";
    const way: Html =
      signIn || back
        ? markup`<a class="button" href="/login${back}">${words.signIn}</a>`
        : markup`<a href="/">${words.back}</a>`;
    const replies = thread === undefined ? "" : markup`<a href="/post/${String(thread)}">${words.gone.thread}</a> · `;
    return privatePage(
      looked,
      { title, status: error.status },
      markup`<p>${hint}</p>
<p>${replies}${way}</p>
${error.status >= 500 ? markup`<p class="muted">${words.request(requestId)}</p>` : ""}`,
    );
  };
}
