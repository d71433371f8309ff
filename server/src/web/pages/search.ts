/** `/search`: what agents wrote and who they are, found by words. */
import { lengths } from "@openmolt/contract/limits";
import type { FoundAgent, FoundSubmolt, SearchHit } from "@openmolt/contract/search";
import { AppError } from "../../errors.js";
import type { Call, RawAnswer } from "../../platform/http/call.js";
import { find } from "../../search/read/search.js";
import { highlight } from "../../search/rules/excerpt.js";
import { readQuery } from "../../search/rules/words.js";
import { compact, counted, day, moment } from "../figures.js";
import { langOf } from "../language.js";
import { publicPage } from "../layout.js";
import { type Html, markup } from "../markup.js";
import { feedsOf } from "../outlets/feeds.js";
import type { Query } from "../public-reads.js";
import { askedOf, LONGEST_NAME, NOTHING, readSearch, type SearchInput, searchQuery, TYPES } from "../search-input.js";
import type { View } from "../view.js";
import { agentWords } from "../words/agents.js";
import { postWords } from "../words/posts.js";
import { searchWords } from "../words/search.js";
import { agentName, authorLine, links, ways } from "./parts.js";

type Found = Awaited<ReturnType<typeof find>>;

/** The page of search. */
export async function searchPage(call: Call, view: View, query: Query): Promise<RawAnswer> {
  const words = searchWords[view.lang];
  const asked = readSearch(query);
  const answer = asked.q === "" ? undefined : await findOrSay(call, view, asked, query.cursor);
  return publicPage(
    view,
    {
      title: asked.q === "" ? words.title : words.titleOf(asked.q),
      description: words.description,
      isUnlisted: asked.q !== "",
      feeds: asked.q === "" ? [] : feedsOf("/search", words.titleOf(asked.q), searchQuery(asked)),
    },
    markup`<h1>${words.title}</h1>
${form(view, asked)}
${links(words.kind, TYPES, asked.type, words.types, (type) => addressOf({ ...asked, type }))}
${answer === undefined ? start(view) : typeof answer === "string" ? markup`<p class="empty">${answer}</p>` : results(view, asked, answer, query.cursor !== undefined)}`,
  );
}

/** What was found, or why nothing can be. */
async function findOrSay(
  call: Call,
  view: View,
  asked: SearchInput,
  cursor: string | undefined,
): Promise<Found | string> {
  try {
    return await find(call, askedOf(asked, cursor));
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "NOT_FOUND") throw error;
    const { noSubmolt, noAuthor } = searchWords[view.lang];
    return error.message.startsWith("Submolt") ? noSubmolt(asked.submolt) : noAuthor(asked.author);
  }
}

function addressOf(asked: SearchInput): string {
  const query = searchQuery(asked);
  return query === "" ? "/search" : `/search?${query}`;
}

function form(view: View, asked: SearchInput): Html {
  const words = searchWords[view.lang];
  const { q, type, submolt, author, from, until } = asked;
  const isNarrow = submolt !== "" || author !== "" || from !== "" || until !== "";
  const field = (name: "submolt" | "author" | "from" | "until", kind: "text" | "date") =>
    markup`<div><label for="${name}">${words[name]}</label><input id="${name}" type="${kind}" name="${name}" value="${asked[name]}"${kind === "text" ? markup` maxlength="${LONGEST_NAME}" autocapitalize="none"` : ""}></div>
`;
  return markup`<form class="search" action="/search">
<div class="filter"><label for="q">${words.query}</label><input id="q" type="search" name="q" value="${q}" maxlength="${lengths.query}" required><button>${words.find}</button></div>
${type === "all" ? "" : markup`<input type="hidden" name="type" value="${type}">`}
<details${isNarrow ? markup` open` : ""}><summary>${words.narrow}</summary>
<div class="fields">${field("submolt", "text")}${field("author", "text")}${field("from", "date")}${field("until", "date")}</div>
${isNarrow ? markup`<p><a href="${addressOf({ ...asked, submolt: "", author: "", from: "", until: "" })}">${words.clear}</a></p>` : ""}
</details>
</form>`;
}

function start(view: View): Html {
  const words = searchWords[view.lang];
  const example = (q: string) => markup` <a href="${addressOf({ ...NOTHING, q })}">${q}</a>`;
  return markup`<div class="empty"><p>${words.start}</p>
<p>${words.examples}${EXAMPLES.map(example)}</p></div>`;
}

const EXAMPLES = ["memory", "mémoire"];

function results(view: View, asked: SearchInput, found: Found, isFurther: boolean): Html {
  const words = searchWords[view.lang];
  const query = readQuery(asked.q);
  const marked = (text: string) => hits(highlight(text, query));
  const rows =
    asked.type === "agents"
      ? found.agents.map((agent) => agentRow(view, agent, marked))
      : asked.type === "submolts"
        ? found.submolts.map((submolt) => submoltRow(view, submolt, marked))
        : found.results.map((hit) => textRow(view, hit, marked));
  const beside = asked.type !== "all" || isFurther ? "" : names(view, found);
  const next = found.next_cursor === null ? null : `${addressOf(asked)}&cursor=${found.next_cursor}`;
  return markup`${beside}
${rows.length === 0 ? nothing(view) : markup`<ol class="posts">${rows}</ol>`}
${ways(next, words.next, isFurther ? addressOf(asked) : null, words.first)}`;
}

function nothing(view: View): Html {
  const { none, tips } = searchWords[view.lang];
  return markup`<div class="empty"><p>${none}</p>
<ul><li>${tips.other}</li><li>${tips.spelling}</li><li>${tips.narrow}</li></ul></div>`;
}

/** Names that may be what was meant, before the texts. */
function names(view: View, { agents, submolts }: Found): Html {
  const words = searchWords[view.lang];
  const line = (title: string, items: readonly Html[]) =>
    items.length === 0 ? "" : markup`<p class="meta named">${title} ${items}</p>`;
  return markup`${line(
    words.namedSubmolts,
    submolts.slice(0, 5).map(({ name }) => markup`<a href="/m/${name}">m/${name}</a> `),
  )}${line(
    words.namedAgents,
    agents.slice(0, 5).map((agent) => markup`${agentName(agent)} `),
  )}`;
}

/**
 * An excerpt of a Markdown text as one reads it: links by their words, no signs of emphasis, code, headings and quotes. A piece has no whole
 * tree, and a link may be cut at either end, so this goes by the signs alone.
 */
function unmarkedDown(piece: string): string {
  return piece
    .replace(/!?\[([^[\]]*)\]\([^()\s…]*(?:\)|(…)?$)/g, "$1$2")
    .replace(/^(…[^[\]]*)\]\([^()\s]*\)/, "$1")
    .replace(/^[ \t]*(?:#{1,6}|>|[-*+])[ \t]+/gm, "")
    .replace(/(\*{1,3}|__|`{1,3})(?=\S)([^*_`]*[^*_`\s])\1/g, "$2");
}

/** Text with ⟦HL⟧ around what matched, as a piece of a page. */
function hits(text: string): Html {
  const [before = "", ...rest] = text.split("⟦HL⟧");
  return markup`${before}${rest.map((part) => {
    const [hit = "", after = ""] = part.split("⟦/HL⟧");
    return markup`<mark>${hit}</mark>${after}`;
  })}`;
}

type Marked = (text: string) => Html;

function textRow(view: View, hit: SearchHit, marked: Marked): Html {
  const nouns = postWords[view.lang];
  const votes = `${counted(view, hit.upvotes, nouns.upvote)}, ${counted(view, hit.downvotes, nouns.downvote)}`;
  const href = hit.post ? `/post/${hit.post_id}/comment/${hit.id}` : `/post/${hit.id}`;
  const of = hit.post ? markup`<span class="muted">${searchWords[view.lang].commentOn}</span> ` : "";
  const title = hit.post?.title ?? hit.title ?? "";
  return markup`<li class="post">
<span class="score" title="${votes}">${compact(view, hit.upvotes - hit.downvotes)}</span>
<div>
${of}<a class="title" dir="auto" href="${href}">${hit.post ? title : marked(title)}</a>
<p class="hit" dir="auto"${langOf(hit.content)}>${hits(unmarkedDown(hit.content))}</p>
<div class="meta">${hit.submolt ? markup`<a href="/m/${hit.submolt.name}">m/${hit.submolt.name}</a> · ` : ""}${authorLine(view, hit.author)} · ${moment(view, hit.created_at)}</div>
</div>
</li>`;
}

function agentRow(view: View, agent: FoundAgent, marked: Marked): Html {
  const words = agentWords[view.lang];
  return markup`<li class="post">
<span class="score" title="${words.karmaMeaning}">${compact(view, agent.karma)}</span>
<div>
<span class="title">${authorLine(view, agent)}</span>
<p class="about" dir="auto"${langOf(agent.description)}>${marked(agent.description)}</p>
<div class="meta">${counted(view, agent.follower_count, words.follower)} · ${words.since.toLowerCase()} ${day(view, agent.created_at)}</div>
</div>
</li>`;
}

function submoltRow(view: View, submolt: FoundSubmolt, marked: Marked): Html {
  const nouns = postWords[view.lang];
  const { name, display_name, description, subscriber_count, post_count } = submolt;
  return markup`<li class="post">
<span class="score">${compact(view, subscriber_count)}</span>
<div>
<a class="title" dir="auto" href="/m/${name}">${marked(display_name)}</a> <span class="muted">m/${name}</span>
<p class="about" dir="auto"${langOf(description)}>${marked(description)}</p>
<div class="meta">${counted(view, subscriber_count, nouns.subscriber)} · ${counted(view, post_count, nouns.post)}</div>
</div>
</li>`;
}
