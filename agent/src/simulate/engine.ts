/**
 * A society on a clock of its own: who wakes when, what it turns to, what it says. It never asks the time or the system for
 * chance, and never learns what became of its actions: the same seed and people give the same actions, byte for byte.
 */
import type { Action } from "./action.js";
import { Attention } from "./attention.js";
import { reactions, staged } from "./hostility.js";
import type { Person } from "./person.js";
import { places } from "./places.js";
import { PLOTS, type Step } from "./plots.js";
import type { Profile } from "./profile.js";
import { TimeQueue } from "./queue.js";
import { Random } from "./random.js";
import { newPost, type Thing, World } from "./world.js";
import { Writer } from "./writer/writer.js";
import type { Written } from "./writer/written.js";

/** What a society is made of. */
export interface SocietyOptions {
  seed: string;
  profile: Profile;
  people: readonly Person[];
  /** Hour of the day (UTC) at which it begins. Default 0. */
  hour?: number;
  /** Replaces the words that an author would have used, for instance by a model's. */
  voice?: Voice | undefined;
}

/** Says in other words what an agent is about to publish; undefined keeps the words. */
export type Voice = (author: Person, written: Written, parent: Thing | undefined) => Promise<string | undefined>;

/** What is planned. */
type Plan =
  | { kind: "join"; who: Person }
  | { kind: "wake"; who: Person }
  | { kind: "answer"; who: Person; to: Thing }
  | { kind: "act"; action: Action; thing: Thing | undefined }
  | { kind: "plot"; who: Person; step: Step }
  | { kind: "defend"; who: Person; against: Thing; text: string | undefined };

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const DAY = 24 * HOUR;
/** The hour of the owner's day at which an agent is liveliest. */
const LIVELIEST = 15;
/** The first to come found the submolts that the others come to. */
const FOUNDERS = 10;

/** A society. */
export class Society {
  readonly world = new World();
  readonly #queue = new TimeQueue<Plan>();
  readonly #random: Random;
  readonly #profile: Profile;
  readonly #writer: Writer;
  readonly #attention: Attention;
  readonly #rates = new Map<Person, number>();
  readonly #posting = new Map<Person, number>();
  readonly #founders: ReadonlySet<Person>;
  readonly #hour: number;
  readonly #voice: Voice | undefined;

  constructor({ seed, profile, people, hour = 0, voice }: SocietyOptions) {
    this.#random = new Random(seed);
    this.#profile = profile;
    this.#hour = hour;
    this.#founders = new Set(people.slice(0, FOUNDERS));
    this.#voice = voice;
    this.#writer = new Writer(this.#random.fork("writer"), profile);
    this.#attention = new Attention(this.world, profile, this.#random.fork("attention"), this.#writer);
    const weights = this.#random.fork("weights");
    const arrivals = this.#random.fork("arrivals");
    const { shape, most } = profile.activity;
    const drawn = people.map(() => Math.min(weights.pareto(shape), most));
    const mean = drawn.reduce((sum, weight) => sum + weight, 0) / people.length;
    for (const [index, who] of people.entries()) {
      this.#rates.set(who, ((drawn[index] ?? mean) / mean) * profile.actsPerDay);
      this.#posting.set(who, weights.chance(0.25) ? profile.posts * 3 : profile.posts / 3);
      const late = index < FOUNDERS ? index * 240 * SECOND : arrivals.next() * profile.arrival * SECOND;
      this.#queue.plan(Math.round(late), { kind: "join", who });
    }
  }

  /** Everything that happens before `until`, in milliseconds since the beginning; may be called again to go on. */
  async *live(until: number): AsyncGenerator<Action> {
    for (;;) {
      const next = this.#queue.next();
      if (next === undefined) return;
      if (next.at >= until) {
        this.#queue.plan(next.at, next.item);
        return;
      }
      yield* this.#carryOut(Math.round(next.at), next.item);
    }
  }

  async *#carryOut(at: number, plan: Plan): AsyncGenerator<Action> {
    if (plan.kind === "join") yield* this.#join(at, plan.who);
    else if (plan.kind === "wake") yield* this.#wake(at, plan.who);
    else if (plan.kind === "answer") {
      const action = await this.#comment(at, plan.who, plan.to);
      if (action !== undefined) yield action;
    } else if (plan.kind === "plot") yield* this.#plot(at, plan.who, plan.step);
    else if (plan.kind === "defend") {
      const action = this.#defend(at, plan.who, plan.against, plan.text);
      if (action !== undefined) yield action;
    } else {
      if (plan.action.kind === "remove" && plan.thing) plan.thing.gone = true;
      yield { ...plan.action, at };
    }
  }

  *#join(at: number, who: Person): Generator<Action> {
    const { world } = this;
    world.present.push(who);
    yield { at, who: who.name, kind: "join", about: who.about };
    if (who.hostile) {
      for (const step of PLOTS[who.hostile].steps) {
        const time = Math.max(at + HOUR, (step.day + this.#random.next() * 0.2) * DAY);
        this.#queue.plan(time, { kind: "plot", who, step });
      }
      return;
    }
    const [own] = who.languages;
    const founding = places.filter(({ name, language }) => language === own && !world.founders.has(name)).slice(0, 6);
    for (const [index, { name, title, text }] of (this.#founders.has(who) ? founding : []).entries()) {
      world.founders.set(name, who);
      const action = { at: 0, who: who.name, kind: "found", submolt: name, title, text } as const;
      this.#later(at + (index + 1) * 20 * SECOND, action);
    }
    for (const { name, language } of places) {
      if (!who.languages.includes(language) || !this.#random.chance(0.6)) continue;
      this.#later(at + HOUR * (1 + this.#random.next()), { at: 0, who: who.name, kind: "subscribe", submolt: name });
    }
    this.#sleep(at, who);
  }

  #later(at: number, action: Action, thing?: Thing): void {
    this.#queue.plan(at, { kind: "act", action, thing });
  }

  /** Plans the next time it wakes: more often by day than by night. */
  #sleep(at: number, who: Person): void {
    const { rhythm } = this.#profile;
    const rate = (this.#rates.get(who) ?? 1) * (1 + rhythm);
    let time = at;
    for (;;) {
      time += this.#random.exponential(DAY / rate);
      const hour = (time / HOUR + this.#hour + who.zone) % 24;
      const liveliness = 1 + rhythm * Math.cos(((hour - LIVELIEST) / 12) * Math.PI);
      if (this.#random.chance(liveliness / (1 + rhythm))) break;
    }
    this.#queue.plan(time, { kind: "wake", who });
  }

  async *#wake(at: number, who: Person): AsyncGenerator<Action> {
    this.#sleep(at, who);
    if (this.#random.chance(this.#posting.get(who) ?? this.#profile.posts)) yield* this.#post(at, who);
    else {
      for (const thread of this.#attention.threads(who, at)) {
        const target = this.#attention.target(who, thread, at);
        const said = target && (await this.#comment(at, who, target));
        if (said === undefined) continue;
        yield said;
        break;
      }
    }
    this.#voteAround(at, who);
  }

  async *#post(at: number, who: Person): AsyncGenerator<Action> {
    const written = this.#writer.post(who, at);
    if (written === undefined) return;
    const { title = "", theme = "square", language, line, facts, scene } = written;
    const submolt =
      this.world.founders.has(written.submolt ?? "") || written.submolt === "introductions" ? written.submolt : "";
    const text = (await this.#voice?.(who, written, undefined)) ?? written.text;
    const post = newPost({
      ref: this.world.nextRef(),
      author: who,
      at,
      title,
      text,
      language,
      theme,
      submolt: submolt || "general",
    });
    Object.assign(post, { line, facts, scene });
    this.world.add(post);
    this.#writer.opened(post);
    yield posted(post);
  }

  async #comment(at: number, who: Person, parent: Thing): Promise<Action | undefined> {
    if (parent.gone || parent.depth >= this.#profile.deepest) return undefined;
    const written = this.#writer.reply(who, parent, this.world);
    if (written === undefined) return undefined;
    const text = (await this.#voice?.(who, written, parent)) ?? written.text;
    const comment = this.#under(parent, who, at, { ...written, text });
    this.#expectAnswer(comment);
    if (this.#random.chance(0.5 * Math.min(1, this.#profile.votes))) this.#vote(at + SECOND, who, parent, 1);
    return commented(comment);
  }

  #vote(at: number, who: Person, on: Thing, value: 1 | -1): void {
    const key = `${who.name}\n${on.ref}`;
    if (this.world.voted.has(key) || who === on.author) return;
    this.world.voted.add(key);
    this.#later(at, { at: 0, who: who.name, kind: "vote", on: on.ref, value });
  }

  #under(parent: Thing, author: Person, at: number, written: Written): Thing {
    const { post } = parent;
    const { text, language, line, facts } = written;
    const ref = this.world.nextRef();
    const { submolt, theme, said } = post;
    const depth = parent.depth + 1;
    const comment: Thing = {
      ref,
      author,
      at,
      parent,
      post,
      text,
      language,
      theme,
      submolt,
      depth,
      line,
      said,
      facts,
      comments: [],
    };
    this.world.add(comment);
    return comment;
  }

  /** Whoever was answered may answer back, and so may a reader who has something to say to it. */
  #expectAnswer(comment: Thing): void {
    const { answersBack, delay, guarded } = this.#profile;
    const asked = comment.parent?.author;
    if (asked === undefined || asked === comment.author || asked.hostile) return;
    const ready = !guarded || this.#writer.openings(asked, comment) > 0;
    const question = guarded && comment.line?.move === "ask" ? 0.96 : answersBack;
    if (!this.#random.chance(ready ? question : answersBack * 0.1)) return;
    const wait = this.#random.logNormal(delay.median, delay.spread) * SECOND;
    this.#queue.plan(comment.at + Math.max(wait, 5 * SECOND), { kind: "answer", who: asked, to: comment });
  }

  #voteAround(at: number, who: Person): void {
    const { votes } = this.#profile;
    const wanted = Math.floor(votes * this.#random.next() * 2 + this.#random.next());
    if (wanted === 0) return;
    for (const [index, post] of this.#attention.threads(who, at, wanted).entries()) {
      const good = post.comments.filter(({ author, gone, hostile }) => author !== who && !gone && !hostile);
      const on = good.length > 0 && this.#random.chance(0.5) ? this.#random.pick(good) : post;
      const time = at + (index + 1) * 9 * SECOND;
      this.#vote(time, who, on, this.#random.chance(0.06) ? -1 : 1);
      const followed = `${who.name}\n${on.author.name}`;
      if (!this.#random.chance(0.05) || this.world.follows.has(followed)) continue;
      this.world.follows.add(followed);
      this.#later(time + SECOND, { at: 0, who: who.name, kind: "follow", whom: on.author.name });
    }
  }

  /** Somebody does harm, and those who see it defend themselves. */
  async *#plot(at: number, who: Person, step: Step): AsyncGenerator<Action> {
    const thing = staged(this.world, who, step, at, this.#random);
    if (thing === undefined) return;
    if (typeof thing === "string") {
      yield { at, who: who.name, kind: "message", whom: thing, text: step.text };
      return;
    }
    const doomed = step.doomed ? ({ doomed: true } as const) : {};
    if (thing.parent) yield { ...commented(thing), ...doomed };
    else yield { ...posted(thing), ...doomed };
    if (step.doomed) return;
    this.world.add(thing);
    for (const reaction of reactions(this.world, thing, step, this.#random)) {
      if (reaction.action) this.#later(reaction.at, reaction.action, thing);
      else this.#queue.plan(reaction.at, { kind: "defend", who: reaction.who, against: thing, text: reaction.text });
    }
  }

  #defend(at: number, who: Person, against: Thing, text: string | undefined): Action | undefined {
    const written = text === undefined ? this.#writer.wary(against) : { ...against, text };
    if (against.gone || written === undefined) return undefined;
    const { facts, language } = against;
    return commented(this.#under(against, who, at, { text: written.text, language, line: undefined, facts }));
  }
}

function posted({ at, author, ref, submolt, title = "", text }: Thing): Action {
  return { at, who: author.name, kind: "post", ref, submolt, title, text };
}

function commented({ at, author, ref, post, parent, text }: Thing): Action {
  const under = parent === undefined || parent === post ? {} : { parent: parent.ref };
  return { at, who: author.name, kind: "comment", ref, post: post.ref, ...under, text };
}
