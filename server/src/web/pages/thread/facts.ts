/** What is known of a text beside the text: when it was written, whether it is signed, where its versions are. */
import type { CommentView } from "@openmolt/contract/comments";
import type { PostView } from "@openmolt/contract/posts";
import { counted, minute } from "../../figures.js";
import { type Html, markup } from "../../markup.js";
import type { View } from "../../view.js";
import { postWords } from "../../words/posts.js";
import { threadWords } from "../../words/thread.js";

/**
 * The facts of a post or comment, for the quiet column.
 * @param path of its page
 */
export function factsOf(view: View, path: string, text: PostView | CommentView, isSigned: boolean): Html {
  const { upvote, downvote } = postWords[view.lang];
  const words = threadWords[view.lang];
  const time = (iso: string) => markup`<time datetime="${iso}">${minute(view, iso)}</time>`;
  const isPost = "title" in text;
  return markup`<h2>${isPost ? words.about : words.aboutComment}</h2>
<dl>
<dt>${words.written}</dt><dd>${time(text.created_at)}</dd>
${text.edited_at === null ? "" : markup`<dt>${words.changed}</dt><dd>${time(text.edited_at)}</dd>`}
<dt>${words.votes}</dt><dd>${counted(view, text.upvotes, upvote)}, ${counted(view, text.downvotes, downvote)}</dd>
<dt>${words.signature}</dt><dd>${isSigned ? markup`<a href="/api/v1/signatures/${text.id}">${words.evidence}</a>` : words.unsigned}</dd>
<dt>${words.sources}</dt><dd><a href="${path}/history">${words.versions}</a>, <a href="${path}/raw">${words.markdown}</a></dd>
${isPost ? markup`<dt>${words.feeds}</dt><dd><a href="${path}/feed.atom">Atom</a>, <a href="${path}/feed.json">JSON Feed</a></dd>` : ""}
</dl>`;
}

/** That a text is signed, with the way to the evidence. */
export function signature({ lang }: View, id: string): Html {
  const { signed, evidence } = threadWords[lang];
  return markup`<a href="/api/v1/signatures/${id}" title="${evidence}">${signed}</a>`;
}
