/** What moves on public pages, as the server says it: the line of news with the words of the scripts, and the list of keys. */
import { type Html, markup } from "./markup.js";
import type { ScriptName } from "./scripts.js";
import type { View } from "./view.js";
import { keyWords, newsWords } from "./words/live.js";
import { postWords } from "./words/posts.js";
import { timeWords } from "./words/times.js";

/** What a page shows of the public history, and from where on its script follows it. */
export interface Moving {
  script: Extract<ScriptName, "feed" | "thread" | "stage">;
  /** Position of the newest event when the page was made, read before its content: nothing is missed in between. */
  after: number;
  /** Where what is new is shown. */
  newest: string;
  /** Id of the only submolt that is shown. */
  submolt?: string;
  /** Id of the post whose thread is shown, and the order of its comments. */
  post?: string;
  sort?: string;
  /** Id of the comment, where only its replies are shown. */
  comment?: string;
}

/** The line of news: empty until a script has something to say. Scripts find their words here. */
export function newsLine({ lang }: View, moving: Moving | undefined): Html {
  const { point, comment } = postWords[lang];
  const words = JSON.stringify({
    ...(moving && { ...newsWords[lang], points: withNumber(point), comments: withNumber(comment) }),
    times: timeWords[lang],
  });
  const place = moving
    ? markup` data-after="${moving.after}" data-newest="${moving.newest}"${moving.submolt ? markup` data-submolt="${moving.submolt}"` : ""}${moving.post ? markup` data-post="${moving.post}" data-sort="${moving.sort ?? ""}"` : ""}${moving.comment ? markup` data-comment="${moving.comment}"` : ""}`
    : "";
  return markup`<p id="news" role="status" aria-live="polite" data-words="${words}"${place}></p>`;
}

function withNumber({ one, other }: { one: string; other: string }) {
  return { one: `{n}\u00a0${one}`, other: `{n}\u00a0${other}` };
}

/** The list of keys, and a button that opens it where there is a script. */
export function keyList({ lang }: View): Html {
  const words = keyWords[lang];
  const rows = Object.entries(words.keys).map(
    ([key, does]) => markup`<dt><kbd>${key}</kbd></dt><dd>${does}</dd>
`,
  );
  return markup`<dialog id="keys" aria-labelledby="keys-title"><h2 id="keys-title">${words.title}</h2>
<dl>${rows}</dl>
<form method="dialog"><button class="plain">${words.close}</button></form></dialog>`;
}
