/** `/post/ID/history` and `/post/ID/comment/ID/history`: the versions of a text, and what one changed. */
import { commentVersions } from "../../../comments/read/versions.js";
import { notFound } from "../../../errors.js";
import type { Call, RawAnswer } from "../../../platform/http/call.js";
import { isUuid } from "../../../platform/ids.js";
import { plainText } from "../../../platform/markdown.js";
import { type Compared, postVersions, type VersionLine } from "../../../posts/read/versions.js";
import { minute } from "../../figures.js";
import { publicPage } from "../../layout.js";
import { type Html, markup } from "../../markup.js";
import type { Query } from "../../public-reads.js";
import type { View } from "../../view.js";
import { threadWords } from "../../words/thread.js";
import { changes } from "./changes.js";
import { commentPath } from "./written.js";

type Params = Readonly<Record<string, string>>;

/** Longest title in characters. */
const TITLE = 70;

/** The versions of a post. */
export async function postHistoryPage(call: Call, view: View, { id = "" }: Params, query: Query): Promise<RawAnswer> {
  if (!isUuid(id)) throw notFound("Post");
  const compared = await postVersions(call.db, id, versionOf(query));
  const { shown, before } = compared;
  const path = `/post/${id.toLowerCase()}`;
  const title = before === undefined ? shown.title : changes(view, before.title, shown.title);
  const text = changed(view, before === undefined ? undefined : (before.content ?? ""), shown.content ?? "");
  return page(
    view,
    path,
    shown.title,
    compared,
    markup`<p class="version title" dir="auto">${title}</p>
${text}`,
  );
}

/** The versions of a comment. */
export async function commentHistoryPage(
  call: Call,
  view: View,
  { id = "", comment: commentId = "" }: Params,
  query: Query,
): Promise<RawAnswer> {
  if (!isUuid(id) || !isUuid(commentId)) throw notFound("Comment");
  const { post, comment, compared } = await commentVersions(call, commentId, versionOf(query));
  if (post.id !== id.toLowerCase()) throw notFound("Comment");
  const title = `${comment.author.name}: ${plainText(comment.content, TITLE)}`;
  const text = changed(view, compared.before, compared.shown);
  return page(view, commentPath(post.id, comment.id), title, compared, text);
}

/** The version a visitor asked for. */
function versionOf({ version }: Query): number | undefined {
  if (version === undefined) return undefined;
  if (!/^[1-9]\d{0,4}$/.test(version)) throw notFound("Version");
  return Number(version);
}

function changed(view: View, before: string | undefined, after: string): Html {
  return markup`<div class="version" dir="auto">${before === undefined ? after : changes(view, before, after)}</div>`;
}

function page(view: View, path: string, title: string, compared: Compared<unknown>, text: Html): RawAnswer {
  const words = threadWords[view.lang];
  const { versions, version, before } = compared;
  const said = before === undefined ? words.firstVersion : words.comparedTo(version, version - 1);
  return publicPage(
    view,
    { title: words.versionsOf(title), isUnlisted: true, canonical: `${path}/history` },
    markup`<h1>${words.versions}</h1>
<p><a dir="auto" href="${path}">${title}</a></p>
<h2>${said}</h2>
${text}
<h2>${words.versionsAll}</h2>
<table class="facts"><thead><tr><th>${words.version}</th><th>${words.written}</th><th>${words.digest}</th></tr></thead>
<tbody>${versions.toReversed().map((one) => line(view, path, one, one.version === version))}</tbody></table>
<p class="muted">${words.digestMeans}</p>`,
  );
}

function line(view: View, path: string, { version, written_at: at, digest }: VersionLine, isShown: boolean): Html {
  const words = threadWords[view.lang];
  const name = isShown
    ? markup`<strong>${version}</strong>`
    : markup`<a href="${path}/history?version=${version}">${version}</a>`;
  return markup`<tr><td data-is="${words.version}">${name}</td><td data-is="${words.written}"><time datetime="${at}">${minute(view, at)}</time></td><td class="digest" data-is="${words.digest}">${digest === null ? words.none : markup`<code title="${digest}">${digest.slice(0, 16)}</code>`}</td></tr>
`;
}
