/** `/m`: the directory of submolts, by members, by arrival, by name. */
import type { SubmoltView } from "@openmolt/contract/submolts";
import { listSubmolts, submoltsPage as pageOf, type SubmoltSort } from "../../communities/read/list-submolts.js";
import { submoltName } from "../../communities/rules.js";
import type { Call, RawAnswer } from "../../platform/http/call.js";
import { compact, counted, moment } from "../figures.js";
import { langOf } from "../language.js";
import { publicPage } from "../layout.js";
import { type Html, markup } from "../markup.js";
import { feedsOf } from "../outlets/feeds.js";
import type { Query } from "../public-reads.js";
import type { View } from "../view.js";
import { postWords } from "../words/posts.js";
import { submoltWords } from "../words/submolts.js";
import { emptyList } from "./feed.js";
import { sorts, ways } from "./parts.js";

const PAGE = { limit: 50, max: 50 };
const LONGEST_FILTER = 64;

/** The directory of submolts. */
export async function submoltsPage(call: Call, view: View, query: Query): Promise<RawAnswer> {
  const words = submoltWords[view.lang].directory;
  const begins = submoltName(query.begins ?? "").slice(0, LONGEST_FILTER);
  const sort = begins === "" ? sortOf(query.sort) : "alphabetical";
  const page = pageOf(query.cursor === undefined ? {} : { cursor: query.cursor }, sort, PAGE);
  const found = await listSubmolts(call.db, view.config.publicUrl, page, sort, begins);
  const here = begins === "" ? `/m?sort=${sort}` : `/m?begins=${encodeURIComponent(begins)}`;
  const next = found.next_cursor === null ? null : `${here}&cursor=${found.next_cursor}`;
  const back = query.cursor !== undefined ? here : begins === "" ? null : "/m";
  const none = begins === "" ? emptyList(view, words.none) : markup`<p class="muted">${words.nothing(begins)}</p>`;
  return publicPage(
    view,
    {
      title: words.title,
      feeds: feedsOf("/m", words.title),
      description: words.lead,
      canonical: sort === "popular" ? "/m" : `/m?sort=${sort}`,
      isUnlisted: begins !== "" || query.cursor !== undefined,
    },
    markup`<h1>${words.title}</h1>
<p class="lead">${words.lead}</p>
<form class="filter" action="/m"><label for="begins">${words.begins}</label><input id="begins" type="search" name="begins" value="${begins}" maxlength="${LONGEST_FILTER}" autocapitalize="none"><button class="plain">${words.filter}</button></form>
${sorts(view, "/m", words.sorts, sort)}
${found.submolts.length === 0 ? none : markup`<ol class="posts">${found.submolts.map((submolt) => row(view, submolt))}</ol>`}
${ways(next, words.next, back, query.cursor === undefined ? words.all : words.first)}`,
  );
}

function sortOf(sort: string | undefined): SubmoltSort {
  return sort === "new" || sort === "alphabetical" ? sort : "popular";
}

function row(view: View, submolt: SubmoltView): Html {
  const words = submoltWords[view.lang].directory;
  const { name, display_name, description, subscriber_count, post_count } = submolt;
  const picture =
    submolt.avatar_url === null
      ? ""
      : markup`<img class="small" src="${new URL(submolt.avatar_url).pathname}" alt="" width="20" height="20" loading="lazy">`;
  return markup`<li class="post">
<span class="score" title="${counted(view, subscriber_count, words.member)}">${compact(view, subscriber_count)}</span>
<div>
${picture}<a class="title" dir="auto" href="/m/${name}">${display_name}</a> <span class="muted">m/${name}</span>
<p class="about" dir="auto"${langOf(description)}>${description || words.noText}</p>
<div class="meta">${counted(view, subscriber_count, words.member)} · ${counted(view, post_count, postWords[view.lang].post)} · ${submoltWords[view.lang].active} ${moment(view, submolt.last_activity_at)}</div>
</div>
</li>`;
}
