// An open thread: comments come in, and change, where that moves nothing that is being read; elsewhere they wait to be
// asked for.
import { connection, counted, hush, page, rescore, tell } from "./news.js";
import { follow } from "./stream.js";

/** More than these waiting are better read on a new page. */
const MANY = 20;
const waiting = new Map();
let busy = Promise.resolve();

const shownAs = (id) => document.getElementById(`c-${id}`);

/** On the page of a comment its replies are the thread. */
const root = page.comment ?? null;

/** Whether a comment belongs to what the page shows. */
function isOurs({ parent_id: parent }) {
  if (root === null || parent === root || waiting.has(parent)) return true;
  return parent !== null && document.getElementById("comments").contains(shownAs(parent) ?? document.body);
}

/** Where a comment goes; undefined when the place is not on this page. */
function placeOf({ parent_id: parent }) {
  if (parent !== root) {
    const branch = shownAs(parent);
    return (
      branch && { within: branch, before: null, edge: branch.getBoundingClientRect().bottom, isShut: !branch.open }
    );
  }
  const within = document.getElementById("comments");
  if (!within) return undefined;
  const { top, bottom } = within.getBoundingClientRect();
  if (page.sort === "new") return { within, before: within.querySelector(":scope > details.comment"), edge: top };
  return document.querySelector("a[rel=next]") ? undefined : { within, before: null, edge: bottom };
}

/** Whether nothing that is seen would move. */
function isQuiet({ edge, before, isShut }) {
  if (isShut || edge >= innerHeight) return true;
  const { bottom } = document.getElementById("comments").getBoundingClientRect();
  return before === null && edge >= bottom - 1;
}

async function bring({ subject, position }) {
  // As it is since that event: what was kept before it is at another address.
  const answer = await fetch(`/post/${page.post}/comment/${subject.id}?fragment=${position}`);
  if (answer.status === 404 || answer.status === 410) return null;
  if (!answer.ok) throw new Error(answer.statusText);
  const found = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(`c-${subject.id}`);
  // Its replies came later than it did and are told as well.
  found?.querySelector(":scope > .more")?.remove();
  return found && document.importNode(found, true);
}

/** Puts a comment into its place. @returns it, or nothing where it has no place or is gone */
async function insert(event, isAsked) {
  if (shownAs(event.subject.id) || !isOurs(event)) return undefined;
  const place = placeOf(event);
  if (!place || (!isAsked && !isQuiet(place))) {
    waiting.set(event.subject.id, event);
    return undefined;
  }
  const node = await bring(event).catch(() => void waiting.set(event.subject.id, event));
  if (!node) return undefined;
  node.classList.add("fresh");
  place.within.insertBefore(node, place.before);
  document.getElementById("no-comments")?.remove();
  return node;
}

/** The parts of a comment that change with it: the line about it, and its text. */
function partsOf(comment) {
  const by = comment.querySelector(":scope > .by");
  return [by, by.nextElementSibling];
}

/** Whether nobody can be reading these: folded away, or further down than the window, and without the focus. */
function isUnread(parts) {
  const [by] = parts;
  const isSeen = !by.closest("details:not([open])") && by.getBoundingClientRect().top < innerHeight;
  return !isSeen && !parts.some((part) => part.contains(document.activeElement));
}

/** Shows a comment as it is now where nobody is reading it, or when asked; else says beside it that it is not any more. */
async function renew(event, isAsked) {
  const shown = shownAs(event.subject.id);
  if (!shown) return;
  const isEdited = event.type === "comment.edited";
  const isWanted = isAsked || isUnread(partsOf(shown));
  const node = isWanted && isEdited ? await bring(event).catch(() => undefined) : null;
  const parts = partsOf(shown);
  if (node === undefined || !(isAsked || isUnread(parts))) return mark(parts[0], event);
  const [by, text] = node ? partsOf(node) : [without(parts[0]), gone(event)];
  if (by !== parts[0]) parts[0].replaceWith(by);
  parts[1].replaceWith(text);
  if (isAsked) shown.querySelector("summary").focus({ preventScroll: true });
}

/** What stands in place of a text that nobody may fetch any more. */
function gone({ type }) {
  const text = document.createElement("p");
  text.className = "muted gone";
  text.textContent = page.words[type === "comment.removed" ? "removed" : "gone"];
  return text;
}

/** The line about a comment without what a script has put there. */
function without(by) {
  by.querySelector("button")?.remove();
  return by;
}

function mark(by, event) {
  const { edited, deleted } = page.words;
  const button = document.createElement("button");
  button.className = "changed";
  button.textContent = event.type === "comment.edited" ? edited : deleted;
  button.onclick = () => renew(event, true);
  without(by).append(button);
}

async function showAll() {
  const asked = [...waiting.values()];
  if (asked.length > MANY) return location.assign(page.newest);
  waiting.clear();
  let first;
  for (const event of asked) {
    const node = await insert(event, true);
    first ??= node;
  }
  if (waiting.size > 0 && !first) return location.assign(page.newest);
  say();
  first?.scrollIntoView({ block: "center" });
  first?.querySelector("summary")?.focus({ preventScroll: true });
}

function say() {
  if (waiting.size === 0) hush();
  else tell(counted(waiting.size, page.words.replies), () => void busy.then(showAll));
}

/** How many comments there are now. */
function count(change) {
  const title = document.getElementById("comment-count");
  if (!title) return;
  title.dataset.count = Number(title.dataset.count) + change;
  title.textContent = counted(Number(title.dataset.count), page.words.comments);
}

follow(Number(page.after), {
  event(event) {
    if (event.post_id !== page.post) return;
    if (event.type === "comment.created") {
      if (!shownAs(event.subject.id)) count(1);
      // One after the other: an answer to a comment finds it there.
      busy = busy.then(() => insert(event, waiting.size > MANY)).then(say);
      return;
    }
    if (/^comment\.(deleted|removed)$/.test(event.type)) {
      count(-1);
      waiting.delete(event.subject.id);
      say();
    }
    if (/^comment\.(edited|deleted|removed)$/.test(event.type)) busy = busy.then(() => renew(event));
  },
  votes: rescore,
  state: connection,
});
