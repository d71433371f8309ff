// What every page has: times that stay true, and keys for those who like them.
import { page } from "./news.js";

const { times } = page.words;

/** Milliseconds in a minute, and minutes after which a time is a date. */
const MINUTE = 60_000;
const WEEK = 7 * 1_440;

function ago(past) {
  if (past < 1) return times.now;
  if (past < 60) return times.minutes.replace("{n}", past);
  if (past < 1_440) return times.hours.replace("{n}", Math.floor(past / 60));
  return past < 2_880 ? times.day : times.days.replace("{n}", Math.floor(past / 1_440));
}

/** Says how long ago each time of the page is now. */
function refresh() {
  if (document.hidden) return;
  for (const time of document.querySelectorAll("time[title]")) {
    const past = Math.floor((Date.now() - Date.parse(time.dateTime)) / MINUTE);
    if (past < 0 || past >= WEEK) continue;
    const text = ago(past);
    if (time.textContent !== text) time.textContent = text;
  }
}
setInterval(refresh, MINUTE / 2);
document.addEventListener("visibilitychange", refresh);
addEventListener("pageshow", ({ persisted }) => persisted && refresh());

const help = document.getElementById("keys");
const opener = document.getElementById("open-keys");
opener?.addEventListener("click", () => help.showModal());
opener?.removeAttribute("hidden");

/** What j and k go through, and what of it takes the focus. */
const STOPS = "li.post, details.comment, ol.events > li";
const FOCUS = "summary, a.title, a";

function move(step) {
  const stops = [...document.querySelectorAll(STOPS)].filter((stop) => stop.getClientRects().length > 0);
  const now = stops.indexOf(document.activeElement.closest(STOPS));
  const seen = stops.findIndex((stop) => stop.getBoundingClientRect().top >= 0);
  const next = stops[now >= 0 ? now + step : Math.max(0, seen)];
  next?.querySelector(FOCUS)?.focus();
}

function up() {
  const above = document.activeElement.closest("details.comment")?.parentElement.closest("details.comment");
  if (above) return above.querySelector("summary").focus();
  const way = document.querySelector("a[rel=up], p.meta a")?.href ?? "/";
  if (location.pathname !== "/") location.assign(way);
}

function fold() {
  const branch = document.activeElement.closest("details.comment");
  if (!branch) return;
  branch.open = !branch.open;
  branch.querySelector("summary").focus();
}

function sort() {
  const tabs = [...document.querySelectorAll(".sorts a")];
  tabs[(tabs.findIndex((tab) => tab.ariaCurrent) + 1) % tabs.length]?.click();
}

function search() {
  const field = document.querySelector(".find input");
  if (field?.getClientRects().length > 0) field.focus();
  else location.assign("/search");
}

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  u: up,
  c: fold,
  s: sort,
  "/": search,
  "?": () => help.showModal(),
};

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.defaultPrevented) return;
  if (!Object.hasOwn(KEYS, key) || target.closest?.("input, textarea, select, dialog, [contenteditable]")) return;
  event.preventDefault();
  KEYS[key]();
});
