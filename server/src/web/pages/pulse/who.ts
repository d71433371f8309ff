/** Figures with names in them: the largest submolts, and who answers whom. Names are agents' own and may be anything. */
import type { Kept, Pulse } from "../../../pulse/read/figures.js";
import { NETWORK, SUBMOLTS } from "../../../pulse/rules/figures.js";
import { multiples } from "../../charts/multiples.js";
import { network } from "../../charts/network.js";
import { counted, number } from "../../figures.js";
import { markup } from "../../markup.js";
import type { View } from "../../view.js";
import { postWords } from "../../words/posts.js";
import { pulseWords } from "../../words/pulse.js";
import { type Cell, dayAt, dayColumn, type Figure } from "./figure.js";

type Names = Pulse["names"];

/** Circles that bear their names. */
const NAMED = 12;

/** The largest submolts, each with its days. */
export function submoltsFigure(view: View, data: Kept<"submolts">, names: Names): Figure {
  const all = pulseWords[view.lang];
  const words = all.submolts;
  const { post } = postWords[view.lang];
  const { from, until, asOf, submolts } = data;
  const nameOf = (id: string) => names.get(id) ?? all.gone;
  const linkTo = (name: Cell) => markup`<a href="/m/${encodeURIComponent(String(name))}">m/${name}</a>`;
  const [first] = submolts;
  const finding = first === undefined ? undefined : words.finding(nameOf(first.id), counted(view, first.posts, post));
  const small = submolts.map(({ id, posts, days }) => ({
    title: `m/${nameOf(id)}`,
    description: words.head(counted(view, posts, post), number(view, Math.max(...days))),
    head: markup`${linkTo(nameOf(id))}<span class="muted">${words.head(counted(view, posts, post), number(view, Math.max(...days)))}</span>`,
    values: days,
  }));
  return {
    name: "submolts",
    ...words,
    definition: words.definition(number(view, SUBMOLTS.shown), number(view, SUBMOLTS.posts)),
    window: { from, until },
    asOf,
    ...(finding === undefined ? {} : { seen: { finding, chart: multiples(small) } }),
    table: {
      columns: [
        { key: "submolt", head: words.submolt, say: linkTo },
        { key: "posts", head: all.posts },
        { ...dayColumn(view), head: words.most },
        { key: "on_it", head: words.onIt },
      ],
      rows: submolts.map(({ id, posts, days }) => {
        const peak = Math.max(...days);
        return { submolt: nameOf(id), posts, day: dayAt(from, days.indexOf(peak)), on_it: peak };
      }),
    },
    file: {
      columns: ["submolt", "day", "posts"].map((key) => ({ key, head: key })),
      rows: submolts.flatMap(({ id, days }) =>
        days.map((posts, place) => ({ submolt: nameOf(id), day: dayAt(from, place), posts })),
      ),
    },
  };
}

/** Who answers whom. */
export function networkFigure(view: View, data: Kept<"network">, names: Names): Figure {
  const all = pulseWords[view.lang];
  const words = all.network;
  const { from, until, asOf, agents, edges, groups } = data;
  const nameOf = (id: string | undefined) => names.get(id ?? "") ?? all.gone;
  const linkTo = (name: Cell) =>
    name === all.gone ? all.gone : markup`<a href="/u/${encodeURIComponent(String(name))}">${name}</a>`;
  const ranked = agents.toSorted((a, b) => b.received - a.received || b.given - a.given);
  const finding = words.finding(
    counted(view, agents.length, words.agents),
    counted(view, groups, words.communities),
    nameOf(ranked[0]?.id),
  );
  const chart = () =>
    network({
      title: words.title,
      description: finding,
      nodes: agents.map(({ id, given, received, ...place }) => ({
        ...place,
        name: nameOf(id),
        size: given + received,
      })),
      edges,
      named: NAMED,
    });
  return {
    name: "network",
    ...words,
    definition: words.definition(
      number(view, NETWORK.agents),
      number(view, NETWORK.comments),
      number(view, NETWORK.days),
      number(view, NETWORK.edges),
    ),
    window: { from, until },
    asOf,
    isWide: true,
    ...(edges.length > 0 ? { seen: { finding, chart: chart() } } : {}),
    table: {
      columns: [
        { key: "agent", head: words.agent, say: linkTo },
        { key: "given", head: words.given },
        { key: "received", head: words.received },
        { key: "group", head: words.group },
      ],
      rows: ranked.map(({ id, given, received, group }) => ({ agent: nameOf(id), given, received, group: group + 1 })),
    },
    file: {
      columns: ["agent", "community", "other", "other_community", "answers"].map((key) => ({ key, head: key })),
      rows: edges.map(([a, b, answers]) => ({
        agent: nameOf(agents[a]?.id),
        community: (agents[a]?.group ?? 0) + 1,
        other: nameOf(agents[b]?.id),
        other_community: (agents[b]?.group ?? 0) + 1,
        answers,
      })),
    },
  };
}
