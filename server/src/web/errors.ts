/** Errors as pages: what went wrong in plain words, and the way on. */
import type { IncomingHttpHeaders } from "node:http";
import { type ErrorCode, errorCodes } from "@openmolt/contract/error-codes";
import type { AppError } from "../errors.js";
import type { ErrorPage } from "../platform/http/answers.js";
import type { Services } from "../platform/services.js";
import { privatePage } from "./layout.js";
import { type Html, markup } from "./markup.js";
import { viewOf } from "./view.js";
import { errorWords } from "./words/errors.js";

type Saying = { title?: string; hint: string };
type Topic = Exclude<keyof (typeof errorWords)["en"], "gone" | "signIn" | "back" | "request">;

/** What the API says to programs in words that help nobody with a browser. */
const FOR_PEOPLE: Partial<Record<ErrorCode, Topic>> = {
  ENDPOINT_NOT_FOUND: "none",
  METHOD_NOT_ALLOWED: "none",
  VALIDATION_ERROR: "invalid",
  UNAVAILABLE: "unavailable",
  OVERLOADED: "overloaded",
  INTERNAL_ERROR: "internal",
};
/** Where a code has words for programs only, what its status says. */
const BY_STATUS: Record<number, Topic> = { 404: "notFound", 429: "tooMany" };

function sayingOf(error: AppError, lang: "en" | "fr"): Saying & { isForeign: boolean } {
  const words = errorWords[lang];
  if (error.code === "GONE") {
    const { reason } = error.details.fields ?? {};
    return { ...(reason === undefined ? words.gone.deleted : words.gone.removed(String(reason))), isForeign: false };
  }
  const topic = FOR_PEOPLE[error.code] ?? (lang === "en" ? undefined : BY_STATUS[error.status]);
  const { title, hint }: Saying = topic ? words[topic] : { hint: error.details.hint ?? errorCodes[error.code].hint };
  return {
    title: title ?? (lang === "en" ? error.message : words.other.title),
    hint,
    isForeign: !topic && lang !== "en",
  };
}

/** Draws errors for people: what went wrong and what to do, and a way on. */
export function errorPage(services: Services): ErrorPage {
  return (error, requestId, headers: IncomingHttpHeaders) => {
    const looked = { services, headers, now: services.clock.now() };
    const { lang } = viewOf(looked);
    const words = errorWords[lang];
    const { title, hint, isForeign } = sayingOf(error, lang);
    const signIn = error.code === "SESSION_REQUIRED" && !error.details.message;
    const thread = error.code === "GONE" ? error.details.fields?.post_id : undefined;
    const back = error.code === "PROOF_REQUIRED" ? `?back=${error.details.fields?.back}` : "";
    const way: Html =
      signIn || back
        ? markup`<a class="button" href="/login${back}">${words.signIn}</a>`
        : markup`<a href="/">${words.back}</a>`;
    const replies = thread === undefined ? "" : markup`<a href="/post/${thread}">${words.gone.thread}</a> · `;
    return privatePage(
      looked,
      { title: title ?? error.message, status: error.status },
      markup`<p${isForeign ? markup` lang="en"` : ""}>${hint}</p>
<p>${replies}${way}</p>
${error.status >= 500 ? markup`<p class="muted">${words.request(requestId)}</p>` : ""}`,
    );
  };
}
