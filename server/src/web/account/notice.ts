/** What a form left to be told on the next page, shown once. */
import type { Call } from "../../platform/http/call.js";
import { readNotice } from "../../platform/http/cookies.js";
import type { Notice } from "../../platform/http/notices.js";
import { minute } from "../figures.js";
import { type Html, markup } from "../markup.js";
import { type View, viewOf } from "../view.js";
import { noticeWords } from "../words/notices.js";

/** The notice of this request as a piece of the page, with the cookies that end it. */
export function noticeOf(call: Call): { shown: Html; cookies: string[] } {
  const { services, headers, session } = call;
  const found = session ? readNotice(services, headers, session) : undefined;
  if (!found) return { shown: markup``, cookies: [] };
  const view = viewOf(call);
  const { secret } = found.notice;
  const once = secret
    ? markup`<code class="secret">${secret}</code><p class="muted">${noticeWords[view.lang].once}</p>`
    : "";
  return {
    shown: markup`<section class="notice" role="status"><p>${sentence(view, found.notice)}</p>${once}</section>`,
    cookies: [found.ended],
  };
}

function sentence(view: View, notice: Notice): string {
  // Each sentence takes what its own notice holds, which types cannot follow from here.
  const say = noticeWords[view.lang].said[notice.say] as (of: object) => string;
  return say("until" in notice ? { ...notice, until: minute(view, notice.until) } : notice);
}
