/** What a folder speaks of, found in one reading: how much there is, every agent and submolt, and since when. */
import type { AgentLine, FollowLine, SubmoltLine } from "../rules/lines.js";
import { isHarmlessName } from "../rules/read-line.js";
import { linesOf, type Place } from "./lines.js";

/** An agent the folder speaks of. */
export interface WantedAgent {
  name: string;
  /** What its own line says, when it has one. */
  line?: AgentLine;
  /** When it is first heard of. */
  since: Date;
}

/** A submolt the folder speaks of. */
export interface WantedSubmolt {
  /** In lower case. */
  name: string;
  line?: SubmoltLine;
  since: Date;
}

/** What was found in a folder. */
export interface Survey {
  agents: WantedAgent[];
  submolts: WantedSubmolt[];
  posts: number;
  comments: number;
  /** Who follows whom, under the names of both. */
  follows: Map<string, FollowLine[]>;
}

/** The submolt of what has none. */
export const FALLBACK = "general";

/** Told of what cannot be used and of what had to be changed. */
export interface Listener {
  refuse(at: Place, problem: string): void;
  note(sentence: string): void;
}

/** Reads all lines once. */
export async function surveyFolder(folder: string, now: Date, { refuse, note }: Listener): Promise<Survey> {
  const agents = new Map<string, WantedAgent>();
  const submolts = new Map<string, WantedSubmolt>();
  let posts = 0;
  let comments = 0;
  /** What was told once already. */
  const told = new Set<string>();
  const usable = (what: string, name: string) => {
    if (isHarmlessName(name)) return true;
    if (!told.has(`${what} ${name}`)) note(`${what} ${JSON.stringify(name)}: such a name cannot be shown or linked`);
    told.add(`${what} ${name}`);
    return false;
  };
  const hear = <W extends { since: Date }>(all: Map<string, W>, key: string, since: Date, make: () => W) => {
    const known = all.get(key);
    if (!known) all.set(key, make());
    else if (since < known.since) known.since = since;
  };
  const agent = (name: string | null, since: Date) => {
    if (name !== null && usable("Agent", name)) hear(agents, name, since, () => ({ name, since }));
  };
  const submolt = (given: string, since: Date) => {
    const name = given.toLowerCase();
    if (name !== given && !told.has(given))
      note(`Submolt ${given} is called ${name} here: names do not differ by case`);
    if (name !== given) told.add(given);
    if (usable("Submolt", given)) hear(submolts, name, since, () => ({ name, since }));
  };

  for await (const lines of linesOf(folder, "agent", now, refuse)) {
    for (const line of lines) {
      if (agents.has(line.name)) refuse(line.at, `agent ${line.name} has a line already`);
      else if (usable("Agent", line.name))
        agents.set(line.name, { name: line.name, line, since: line.createdAt ?? now });
    }
  }
  for await (const lines of linesOf(folder, "submolt", now, refuse)) {
    for (const line of lines) {
      const name = line.name.toLowerCase();
      const since = line.createdAt ?? now;
      agent(line.creator, since);
      for (const each of line.moderators ?? []) agent(each.agent, each.createdAt);
      for (const each of line.labels) for (const holder of each.holders) agent(holder.agent, holder.createdAt);
      const known = submolts.get(name);
      if (known) note(`Submolts ${known.line?.name} and ${line.name} are one here: names do not differ by case`);
      else if (usable("Submolt", line.name)) submolts.set(name, { name, line, since });
    }
  }
  for await (const lines of linesOf(folder, "post", now, refuse)) {
    posts += lines.length;
    for (const { author, submolt: place, createdAt } of lines) {
      agent(author, createdAt);
      submolt(place ?? FALLBACK, createdAt);
    }
  }
  for await (const lines of linesOf(folder, "comment", now, refuse)) {
    comments += lines.length;
    for (const { author, createdAt } of lines) agent(author, createdAt);
  }
  const follows = new Map<string, FollowLine[]>();
  for await (const lines of linesOf(folder, "follow", now, refuse)) {
    for (const { at: _, ...follow } of lines) {
      for (const name of new Set([follow.follower, follow.followee])) {
        const known = follows.get(name);
        if (known) known.push(follow);
        else follows.set(name, [follow]);
      }
    }
  }
  // What nothing dates is as old as the oldest that is dated.
  const all = [...agents.values(), ...submolts.values()];
  const oldest = all.reduce((least, { since }) => (since < least ? since : least), now);
  for (const each of all) if (each.since === now) each.since = oldest;
  return { agents: [...agents.values()], submolts: [...submolts.values()], posts, comments, follows };
}
