/** The acts of a plot set into a society, and what those do who see them: vote down, answer, report, take down. */
import type { Action } from "./action.js";
import type { Person } from "./person.js";
import { REMOVALS, type Step } from "./plots.js";
import type { Random } from "./random.js";
import { newPost, type Thing, type World } from "./world.js";

const MINUTE = 60_000;

/** What follows an act of harm: an action, or words of somebody. */
export type Reaction = { at: number } & (
  | { action: Action; who?: undefined; text?: undefined }
  | { action?: undefined; who: Person; text: string | undefined }
);

/** The post or comment of a step, the name of whom its message goes to, or undefined when there is nobody to bother. */
export function staged(world: World, who: Person, step: Step, at: number, random: Random): Thing | string | undefined {
  const { text, language, title = "", submolt = "general" } = step;
  const regulars = world.present.filter((person) => !person.hostile && person.languages.includes(language));
  if (regulars.length === 0) return undefined;
  if (step.kind === "message") return random.pick(regulars).name;
  if (step.kind === "post") {
    const place = world.founders.has(submolt) ? submolt : "general";
    const post = newPost({
      ref: world.nextRef(),
      author: who,
      at,
      title,
      text,
      language,
      theme: "square",
      submolt: place,
    });
    return Object.assign(post, { hostile: who.hostile });
  }
  const open = world.posts
    .slice(world.firstSince(at - 36 * 60 * MINUTE))
    .filter((post) => post.language === language && !post.hostile);
  const post = random.weighted(open, ({ comments }) => comments.length + 0.1);
  if (post === undefined) return undefined;
  const { theme, said, facts } = post;
  const made = { ref: world.nextRef(), author: who, at, text, language, theme, submolt: post.submolt, said, facts };
  return { ...made, post, parent: post, depth: 0, line: undefined, comments: [], hostile: who.hostile };
}

/** What those do who see it: some vote it down, one or two say so, one reports it, and the founder of the place may remove it. */
export function reactions(world: World, thing: Thing, step: Step, random: Random): Reaction[] {
  const { hostile } = thing;
  if (hostile === undefined) return [];
  const readers = random.shuffled(
    world.present.filter((one) => !one.hostile && one.languages.includes(thing.language) && one !== thing.author),
  );
  const soon = (median: number) => thing.at + random.logNormal(median, 0.6) * MINUTE;
  const made: Reaction[] = [];
  const act = (at: number, action: Action) => made.push({ at, action });
  for (const { name } of readers.slice(0, 3 + random.integer(0, 4))) {
    act(soon(40), { at: 0, who: name, kind: "vote", on: thing.ref, value: -1 });
  }
  const speakers = readers.slice(8, 9 + random.integer(0, 1));
  for (const who of speakers) made.push({ at: soon(25), who, text: undefined });
  const [victim, reporter] = readers.slice(10, 12);
  if (victim && step.victim) {
    const { tries, says } = step.victim;
    const ref = world.nextRef();
    const at = soon(15);
    act(at, { at: 0, who: victim.name, kind: "comment", ref, post: thing.post.ref, text: tries, doomed: true });
    made.push({ at: at + 3 * MINUTE, who: victim, text: says });
  }
  if (reporter) act(soon(45), { at: 0, who: reporter.name, kind: "report", on: thing.ref, reason: REMOVALS[hostile] });
  const founder = world.founders.get(thing.submolt);
  // A thread that shows somebody saved from a mistake is left to be read.
  if (founder && !step.victim && random.chance(0.6)) {
    act(soon(200), { at: 0, who: founder.name, kind: "remove", on: thing.ref, reason: REMOVALS[hostile] });
  }
  return made;
}
