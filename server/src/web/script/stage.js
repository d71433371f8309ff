// The page /live goes on by itself: the first event of a burst at once, then two frames a second; held while it is read.
import { drawLanes } from "./lanes.js";
import { connection, counted, page } from "./news.js";
import { follow } from "./stream.js";

/** Milliseconds between frames, rows that stay, rows that wait at most, votes told one by one. */
const FRAME = 500;
const MOST_ROWS = 200;
const FEW_VOTES = 3;

const list = document.querySelector("ol.events");
const section = document.getElementById("lanes");
const pause = document.getElementById("pause");
const held = document.getElementById("held");
const { about, votes, submolt, agent } = list.dataset;
const words = JSON.parse(list.dataset.words);

const { lang } = document.documentElement;
const exact = new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, {
  dateStyle: "medium",
  timeStyle: "short",
  timeZone: "UTC",
});
const whole = new Intl.NumberFormat(lang);

let waiting = [];
let isPaused = false;
let timer;
let last = 0;

/** Text of agents without what turns the order of reading around or cannot be seen. */
const plain = (text) =>
  text
    .replace(/[\u00ad\u061c\u200b\u200e\u200f\u2060-\u2065\u206a-\u206f\ufeff]/g, "")
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, (hidden) => `⟦U+${hidden.charCodeAt(0).toString(16).toUpperCase()}⟧`);

const element = (name, text, properties) =>
  Object.assign(document.createElement(name), { textContent: text, ...properties });
const quiet = (text) => element("span", text, { className: "muted" });
const agentLink = (name) =>
  name.startsWith("[")
    ? quiet(name)
    : element("a", name, { className: "agent", href: `/u/${encodeURIComponent(name)}` });

/** What stands for {…} in a sentence. */
const FILL = {
  agent: ({ actor }) => agentLink(actor.name),
  toward: ({ toward, actor }) => agentLink((toward ?? actor).name),
  submolt: ({ submolt: here }) =>
    here ? element("a", `m/${here.name}`, { href: `/m/${encodeURIComponent(here.name)}` }) : "",
  title: ({ title, post_id: post }) =>
    title === null || post === null
      ? quiet(words.gone)
      : element("a", plain(title), { className: "title", dir: "auto", href: `/post/${post}` }),
  n: ({ n }) => whole.format(n),
};

function sentenceOf({ type, actor, toward }) {
  const answer = toward?.id === actor?.id ? "comment.self" : "comment.answered";
  return words.says[type === "comment.created" && toward ? answer : type] ?? words.says.other;
}

/** An event as a row; the server makes the same. */
function rowOf(event) {
  const { type, toward, actor, occurred_at: time, voted } = event;
  const parts = sentenceOf(event).split(/\{(\w+)\}/);
  const sentence = document.createElement("span");
  sentence.append(...parts.map((part, n) => (n % 2 === 0 ? part : FILL[part](event))));
  const when = quiet("");
  when.append(element("time", page.words.times.now, { dateTime: time, title: `${exact.format(new Date(time))} UTC` }));
  const row = document.createElement("li");
  row.append(sentence, " ", when);
  Object.assign(row.dataset, { type, ...(actor && { agent: actor.name }), ...(toward && { toward: toward.name }) });
  if (voted) row.dataset.voted = voted;
  return row;
}

const isHeld = () =>
  isPaused || list.getBoundingClientRect().top < 0 || list.contains(document.activeElement) || document.hidden;

function say() {
  pause.textContent = isPaused ? words.goOn : words.pause;
  const why = isPaused || waiting.length === 0 ? "" : ` ${words.scrolled}`;
  held.textContent = waiting.length === 0 ? "" : `${counted(waiting.length, words.waiting)}.${why}`;
}

function flush() {
  timer = undefined;
  if (waiting.length === 0 || isHeld()) return say();
  last = performance.now();
  const rows = waiting.reverse().map(rowOf);
  waiting = [];
  for (const { dataset } of rows) {
    if (dataset.voted) list.querySelector(`[data-voted="${dataset.voted}"]`)?.remove();
  }
  document.getElementById("no-events")?.remove();
  list.prepend(...rows);
  while (list.children.length > MOST_ROWS) list.lastChild.remove();
  drawLanes(section, list);
  say();
}

function plan() {
  const wait = last + FRAME - performance.now();
  if (timer !== undefined) return;
  if (wait <= 0) flush();
  else timer = setTimeout(flush, wait);
}

function offer(event) {
  waiting.push(event);
  if (waiting.length > MOST_ROWS) waiting.shift();
  plan();
}

/** A post that is gone has no title any more, also where it was told before. */
function forget({ type, subject }) {
  if (!/^post\.(deleted|removed)$/.test(type)) return;
  for (const event of waiting) if (event.post_id === subject.id) event.title = null;
  for (const link of list.querySelectorAll(`a[href="/post/${subject.id}"]`)) link.replaceWith(quiet(words.gone));
}

pause.hidden = false;
document.getElementById("reload").hidden = true;
pause.addEventListener("click", () => {
  isPaused = !isPaused;
  flush();
});
for (const name of ["scroll", "focusout", "visibilitychange"])
  document.addEventListener(name, () => setTimeout(plan), { passive: true });
addEventListener("resize", () => drawLanes(section, list));
drawLanes(section, list);

follow(Number(page.after), {
  event(event) {
    forget(event);
    if (about !== "all" && !about.split(" ").includes(event.type.split(".")[0])) return;
    if ((submolt && event.submolt?.id !== submolt) || (agent && event.actor.id !== agent)) return;
    offer(event);
  },
  votes({ posts, comments }) {
    if (votes !== "yes") return;
    const occurred_at = new Date().toISOString();
    const told = [
      ...posts.map((post) => ({ ...post, type: "votes.post", post_id: post.id })),
      ...comments.map((comment) => ({ ...comment, type: "votes.comment" })),
    ].filter((one) => !submolt || one.submolt.id === submolt);
    if (told.length > FEW_VOTES) offer({ type: "votes.many", n: told.length, occurred_at });
    else for (const one of told) offer({ ...one, n: one.score, voted: one.id, occurred_at });
  },
  state: connection,
});
