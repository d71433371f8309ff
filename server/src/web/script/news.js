// The one line that says what is new and whether the connection holds. It stands over the page and moves nothing in it.
const line = document.getElementById("news");

/** What the page says to scripts: the position it was made at, what it shows, the words. */
export const page = { ...line?.dataset, words: JSON.parse(line?.dataset.words ?? "{}") };

const { lang } = document.documentElement;
const plural = new Intl.PluralRules(lang);
const whole = new Intl.NumberFormat(lang);
const short = new Intl.NumberFormat(lang, { notation: "compact", maximumFractionDigits: 1 });

/** `3 new posts`, from the words for one and for others. */
export function counted(count, words) {
  return words[plural.select(count) === "one" ? "one" : "other"].replace("{n}", whole.format(count));
}

let news;
let trouble;

function show() {
  const said = trouble ?? news;
  if (!said) return line.replaceChildren();
  const { text, label, act } = said;
  if (line.firstChild?.textContent !== text || line.lastChild?.textContent !== label) {
    line.replaceChildren(Object.assign(document.createElement("span"), { textContent: text }));
    if (label) {
      const way = document.createElement(typeof act === "string" ? "a" : "button");
      way.textContent = label;
      if (typeof act === "string") way.href = act;
      line.append(" ", way);
    }
  }
  if (typeof act === "function") line.lastChild.onclick = act;
}

/** Says what is new until `hush`: words, and an address or a function that shows it. */
export function tell(text, act) {
  news = { text, label: page.words.show, act };
  show();
}

/** Nothing is new any more. */
export function hush() {
  news = undefined;
  show();
}

/** Tells the state of the connection where it is not as it should be, and that it is again. */
export function connection(state) {
  const { words } = page;
  if (state === "lost") trouble = { text: words.lost };
  else if (state === "stale") trouble = { text: words.stale, label: words.reload, act: location.href };
  else if (trouble) {
    trouble = { text: words.back };
    setTimeout(() => {
      if (trouble?.text !== words.back) return;
      trouble = undefined;
      show();
    }, 2_000);
  }
  show();
}

/** Shows new scores where the page shows scores. What they are made of is not said any more: it was true before. */
export function rescore({ posts, comments }) {
  for (const { id, score } of [...posts, ...comments]) {
    const shown = document.querySelector(`[data-score="${id}"]`);
    if (!shown) continue;
    shown.textContent = shown.className === "score" ? short.format(score) : counted(score, page.words.points);
    shown.removeAttribute("title");
  }
}
