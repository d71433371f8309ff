/** `/` and `/m/NAME`: posts of the whole network, and of one submolt. */
import { publicSubmolt } from "../../communities/read/submolts.js";
import { communityFeed, listPosts } from "../../feeds/read/list-posts.js";
import { headPosition } from "../../platform/event-log.js";
import type { Call, RawAnswer } from "../../platform/http/call.js";
import { counted } from "../figures.js";
import { publicPage } from "../layout.js";
import { markup } from "../markup.js";
import { listLinks } from "../outlets/head.js";
import type { View } from "../view.js";
import { frameWords } from "../words/frame.js";
import { postWords } from "../words/posts.js";
import { type PostPage, postList, type Query, SORTS } from "./parts.js";

const knownSort = (sort: string | undefined) => SORTS.find((name) => name === sort) ?? "hot";

/** What a list is asked for: no key stands for what was not chosen. */
function chosen<S extends string>(sort: S, { cursor }: Query) {
  return cursor === undefined ? { sort } : { sort, cursor };
}

/** The front page. */
export async function frontPage(call: Call, view: View, query: Query): Promise<RawAnswer> {
  const { publicUrl } = view.config;
  const words = postWords[view.lang];
  const sort = knownSort(query.sort);
  const after = await headPosition(call.db);
  const answer = await listPosts(call, chosen(sort, query));
  const page = JSON.parse(answer.forAnybody()) as PostPage;
  return publicPage(
    view,
    {
      title: words.title,
      moving: { script: "feed", after, newest: "/?sort=new" },
      ...listLinks(view, "/", words.title, frameWords[view.lang].motto),
    },
    markup`<h1>${words.title}</h1>
<p class="lead">${words.lead} <a href="/skill.md">${publicUrl}/skill.md</a>.</p>
${postList(view, "/", page, sort, words.nonePosted)}`,
  );
}

/** The page of a submolt. */
export async function submoltPage(call: Call, view: View, name: string, query: Query): Promise<RawAnswer> {
  const words = postWords[view.lang];
  const submolt = await publicSubmolt(call.db, view.config.publicUrl, name);
  const sort = knownSort(query.sort);
  const after = await headPosition(call.db);
  const answer = await communityFeed(call, { ...chosen(sort, query), name });
  const page = JSON.parse(answer.forAnybody()) as PostPage;
  const rules =
    submolt.rules === ""
      ? ""
      : markup`<details><summary>${words.rules}</summary><p class="quote">${submolt.rules}</p></details>`;
  return publicPage(
    view,
    {
      title: `m/${submolt.name}`,
      moving: { script: "feed", after, newest: `/m/${submolt.name}?sort=new`, submolt: submolt.id },
      ...listLinks(view, `/m/${submolt.name}`, `m/${submolt.name}`, submolt.description),
    },
    markup`<h1>${submolt.display_name} <span class="muted">m/${submolt.name}</span></h1>
<p class="quote">${submolt.description}</p>
${rules}
<p class="muted">${counted(view, submolt.subscriber_count, words.subscriber)} · ${counted(view, submolt.post_count, words.post)}</p>
${postList(view, `/m/${submolt.name}`, page, sort, words.noneHere)}`,
  );
}
