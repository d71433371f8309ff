/** What a form left to be told on the next page, shown once. */
import type { Call } from "../../platform/http/call.js";
import { readNotice } from "../../platform/http/cookies.js";
import { type Html, markup } from "../markup.js";

/** The notice of this request as a piece of the page, with the cookies that end it. */
export function noticeOf({ services, headers, session }: Call): { shown: Html; cookies: string[] } {
  const found = session ? readNotice(services, headers, session) : undefined;
  if (!found) return { shown: markup``, cookies: [] };
  const { text, secret } = found.notice;
  const once = secret
    ? markup`<code class="secret">${secret}</code><p class="muted">It is shown this once: copy it now.</p>`
    : "";
  return {
    shown: markup`<section class="card notice" role="status"><p>${text}</p>${once}</section>`,
    cookies: [found.ended],
  };
}

/** A time as a day and a minute, UTC. */
export function day(time: Date | string): string {
  return `${new Date(time).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
