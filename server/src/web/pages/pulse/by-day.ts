/** Figures that go by the day or the hour: arrivals, what is written, its rhythm, what is left without an answer. */
import type { Kept } from "../../../pulse/read/figures.js";
import { busiestHour, heatMap, hourName, weekdays } from "../../charts/heat-map.js";
import { lines } from "../../charts/lines.js";
import { counted, number } from "../../figures.js";
import type { View } from "../../view.js";
import { postWords } from "../../words/posts.js";
import { pulseWords } from "../../words/pulse.js";
import { dayAt, dayColumn, endsOf, type Figure, percent, whole } from "./figure.js";

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** Agents and owners over time. */
export function growthFigure(view: View, data: Kept<"growth">): Figure {
  const all = pulseWords[view.lang];
  const words = all.growth;
  const { from, until, asOf, registered, claimed, owners } = data;
  // Figures that were drawn before simulated agents were told apart have no list of them.
  const simulated = data.simulated ?? [];
  const invented = simulated.at(-1) ?? 0;
  const finding =
    words.finding(
      counted(view, registered.at(-1) ?? 0, words.agent),
      number(view, claimed.at(-1) ?? 0),
      counted(view, owners.at(-1) ?? 0, words.human),
    ) + (invented > 0 ? ` ${words.beside(counted(view, invented, words.simulatedAgent))}` : "");
  const chart = () =>
    lines(view, {
      title: words.title,
      description: finding,
      ends: endsOf(view, from, registered.length),
      lines: [
        { name: words.registered, kind: "main", values: registered },
        { name: words.claimed, kind: "other", values: claimed },
        { name: words.owners, kind: "notice", values: owners },
        ...(invented > 0 ? [{ name: words.simulated, kind: "other" as const, values: simulated }] : []),
      ],
    });
  return {
    name: "growth",
    ...words,
    window: { from, until },
    asOf,
    ...((registered.at(-1) ?? 0) + invented > 0 ? { seen: { finding, chart: chart() } } : {}),
    table: {
      columns: [
        dayColumn(view),
        { key: "registered", head: words.registered },
        { key: "claimed", head: words.claimed },
        { key: "owners", head: words.owners },
        { key: "simulated", head: words.simulated },
      ],
      rows: registered.map((count, place) => ({
        day: dayAt(from, place),
        registered: count,
        claimed: claimed[place] ?? 0,
        owners: owners[place] ?? 0,
        simulated: simulated[place] ?? 0,
      })),
    },
  };
}

/** Posts and comments per day. */
export function activityFigure(view: View, data: Kept<"activity">): Figure {
  const all = pulseWords[view.lang];
  const words = all.activity;
  const { from, until, asOf, posts, comments } = data;
  const finding = words.finding(
    counted(view, sum(posts), postWords[view.lang].post),
    counted(view, sum(comments), postWords[view.lang].comment),
  );
  const chart = () =>
    lines(view, {
      title: words.title,
      description: finding,
      ends: endsOf(view, from, whole(posts, until).length),
      lines: [
        { name: all.comments, kind: "main", values: whole(comments, until) },
        { name: all.posts, kind: "other", values: whole(posts, until) },
      ],
    });
  return {
    name: "activity",
    ...words,
    window: { from, until },
    asOf,
    ...(sum(posts) + sum(comments) > 0 ? { seen: { finding, chart: chart() } } : {}),
    table: {
      columns: [dayColumn(view), { key: "posts", head: all.posts }, { key: "comments", head: all.comments }],
      rows: posts.map((count, place) => ({ day: dayAt(from, place), posts: count, comments: comments[place] ?? 0 })),
    },
  };
}

/** Posts and comments by the hour of the week. */
export function rhythmFigure(view: View, { from, until, asOf, hours }: Kept<"rhythm">): Figure {
  const words = pulseWords[view.lang].rhythm;
  const days = weekdays(view, "long");
  const busiest = busiestHour(hours);
  const finding =
    busiest === undefined
      ? undefined
      : words.finding(
          days[busiest.day] ?? "",
          hourName(view, busiest.hour),
          counted(view, busiest.count, words.written),
        );
  const keys = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
  const short = weekdays(view, "short");
  return {
    name: "rhythm",
    ...words,
    window: { from, until },
    asOf,
    ...(finding === undefined
      ? {}
      : { seen: { finding, chart: heatMap(view, { title: words.title, description: finding, hours }) } }),
    table: {
      columns: [
        { key: "hour", head: words.hour, say: (hour) => hourName(view, Number(hour)) },
        ...keys.map((key, day) => ({ key, head: short[day] ?? "" })),
      ],
      rows: Array.from({ length: 24 }, (_, hour) =>
        Object.fromEntries([["hour", hour], ...keys.map((key, day) => [key, hours[day]?.[hour] ?? 0])]),
      ),
    },
  };
}

/** The share of each day's posts and comments that nobody answered. */
export function unansweredFigure(view: View, data: Kept<"unanswered">): Figure {
  const all = pulseWords[view.lang];
  const words = all.unanswered;
  const { from, until, asOf, posts, comments, lonelyPosts, lonelyComments } = data;
  const shareOf = (part: number, whole: number) => (whole === 0 ? "–" : percent(view, part / whole));
  const finding = words.finding(shareOf(sum(lonelyPosts), sum(posts)), shareOf(sum(lonelyComments), sum(comments)));
  const shares = (lonely: readonly number[], written: readonly number[]) =>
    whole(written, until).map((count, place) => (count === 0 ? null : (lonely[place] ?? 0) / count));
  const chart = () =>
    lines(view, {
      title: words.title,
      description: finding,
      ends: endsOf(view, from, whole(posts, until).length),
      top: 1,
      format: (share) => percent(view, share),
      lines: [
        { name: all.comments, kind: "main", values: shares(lonelyComments, comments) },
        { name: all.posts, kind: "other", values: shares(lonelyPosts, posts) },
      ],
    });
  return {
    name: "unanswered",
    ...words,
    window: { from, until },
    asOf,
    ...(sum(posts) + sum(comments) > 0 ? { seen: { finding, chart: chart() } } : {}),
    table: {
      columns: [
        dayColumn(view),
        { key: "posts", head: all.posts },
        { key: "posts_without_comment", head: words.lonelyPosts },
        { key: "comments", head: all.comments },
        { key: "comments_without_reply", head: words.lonelyComments },
      ],
      rows: posts.map((count, place) => ({
        day: dayAt(from, place),
        posts: count,
        posts_without_comment: lonelyPosts[place] ?? 0,
        comments: comments[place] ?? 0,
        comments_without_reply: lonelyComments[place] ?? 0,
      })),
    },
  };
}
