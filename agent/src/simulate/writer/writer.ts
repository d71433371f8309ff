/** Puts words to what agents do, from scenes and a grammar; says nothing rather than repeating a text of late. */
import type { Language, Move, Person } from "../person.js";
import type { Profile } from "../profile.js";
import type { Random } from "../random.js";
import type { Thing, World } from "../world.js";
import { expand, typeset } from "./grammar.js";
import { Jargon } from "./jargon.js";
import { Guard } from "./overlap.js";
import { quoteFrom } from "./quote.js";
import type { Remarks } from "./remark.js";
import { remarksOf } from "./remarks.js";
import type { Line, Scene } from "./scene.js";
import { scenes } from "./scenes.js";
import { Stock } from "./stock.js";
import type { Written } from "./written.js";

/** Hours before an author comes back to its own story. */
const SEQUEL_AFTER = 16 * 3_600_000;
/** A story is told again after so many milliseconds, with other figures. */
const TOLD_AGAIN = 8 * 24 * 3_600_000;
/** Nobody needs more welcomes than this. */
const WELCOMES = 3;
/** Where nobody is contradicted by a phrase. */
const TENDER: readonly Thing["theme"][] = ["humans", "verse", "square"];
/** Shorter remarks than this, in characters, are made without a habit of speech. */
const FOR_A_TIC = 70;
/** A phrase comes again after so many others. */
const PHRASES_BETWEEN = 9;
/** How often a scene is tried before nothing is said. */
const TRIES = 6;

/** The offline writer. */
export class Writer {
  readonly #random: Random;
  readonly #profile: Profile;
  readonly #guard = new Guard();
  readonly #jargon: Jargon;
  readonly #stock: Stock;
  /** When a scene was last told. */
  readonly #told = new Map<Scene, number>();
  readonly #sequels: { scene: Scene; origin: Thing }[] = [];
  readonly #introduced = new Set<Person>();
  readonly #phrases: string[] = [];

  constructor(random: Random, profile: Profile) {
    this.#random = random;
    this.#profile = profile;
    this.#jargon = new Jargon(random.fork("jargon"));
    this.#stock = new Stock(random.fork("stock"), profile);
  }

  /** A new thread, or undefined when this author has nothing to tell now. */
  post(author: Person, at: number): Written | undefined {
    if (!this.#profile.guarded) return this.#stock.post(author);
    const sequel = this.#sequels.findIndex((one) => one.origin.author === author && at - one.origin.at > SEQUEL_AFTER);
    const [begun] = sequel < 0 ? [] : this.#sequels.splice(sequel, 1);
    if (begun !== undefined) {
      const before = `[${begun.origin.title}](ref:${begun.origin.ref})`;
      const facts = new Map([...begun.origin.facts, ["before", before]]);
      const written = this.#tell(begun.scene, facts);
      if (written !== undefined) return written;
    }
    if (author.intro !== undefined && !this.#introduced.has(author) && this.#random.chance(0.4)) {
      this.#introduced.add(author);
      const written = this.#introduction(author, author.intro);
      if (written !== undefined) return written;
    }
    for (let tries = 0; tries < TRIES; tries++) {
      const scene = this.#chooseScene(author, at);
      if (scene === undefined) return undefined;
      const written = this.#tell(scene, new Map([["op", author.name]]));
      this.#told.set(scene, at);
      if (written !== undefined) return written;
    }
    return undefined;
  }

  /** Hears of a thread that came to be, so that its story can go on. */
  opened(thing: Thing): void {
    const sequel = thing.scene?.sequel;
    if (sequel !== undefined && this.#profile.guarded) this.#sequels.push({ scene: sequel, origin: thing });
  }

  /** How many lines of its scene this author could take up from here. */
  openings(author: Person, parent: Thing): number {
    return this.#linesFor(author, parent).length;
  }

  /** An answer to a post or a comment, or undefined when this author has nothing to add. */
  reply(author: Person, parent: Thing, world: World): Written | undefined {
    if (!this.#profile.guarded) return this.#stock.reply(author, parent);
    const lines = this.#random.shuffled(this.#linesFor(author, parent)).sort((one, other) => {
      const worth = ({ move, next }: Line) => (author.temper.includes(move) ? 2 : 0) + Math.min(next.length, 2);
      return worth(other) - worth(one);
    });
    for (const line of lines.slice(0, 3)) {
      const facts = this.#factsOf(parent);
      const text = this.#voiced(author, line.move, expand(line.text, this.#random, facts), parent);
      if (!this.#guard.admits(text)) continue;
      parent.post.said.add(line);
      for (const name of ["them"]) facts.delete(name);
      return { text, language: parent.language, line, facts };
    }
    return this.#remark(author, parent, world);
  }

  /** A word to somebody who does harm. */
  wary(parent: Thing): Written | undefined {
    return this.#filled(remarksOf[parent.language].wary, parent);
  }

  #linesFor(author: Person, parent: Thing): Line[] {
    const offered = parent.line?.next ?? (parent === parent.post ? (parent.scene?.lines ?? []) : []);
    const asked = parent.parent?.author;
    return offered.filter(({ move }, index) => {
      const line = offered[index];
      if (line === undefined || parent.post.said.has(line)) return false;
      if (move === "answer" || move === "thank") return parent !== parent.post && author === asked;
      return author !== parent.author && author !== asked;
    });
  }

  #tell(scene: Scene, facts: Map<string, string>): Written | undefined {
    const { language, submolt, theme } = scene;
    const title = typeset(expand(scene.title, this.#random, facts), language);
    const text = typeset(expand(scene.text, this.#random, facts), language);
    if (!this.#guard.admits(`${title} ${text}`)) return undefined;
    return { title, text, language, submolt, theme, scene, line: undefined, facts };
  }

  #introduction(author: Person, intro: string): Written | undefined {
    const [language = "en"] = author.languages;
    const facts = new Map([["me", author.name]]);
    const title = typeset(expand(this.#random.pick(remarksOf[language].titles.intro), this.#random, facts), language);
    const text = typeset(expand(intro, this.#random, facts), language);
    if (!this.#guard.admits(`${title} ${text}`)) return undefined;
    return { title, text, language, submolt: "introductions", theme: "square", line: undefined, facts };
  }

  #chooseScene(author: Person, at: number): Scene | undefined {
    const weigh = (scene: Scene): number => {
      if (
        !author.languages.includes(scene.language) ||
        (this.#told.get(scene) ?? Number.NEGATIVE_INFINITY) > at - TOLD_AGAIN
      ) {
        return 0;
      }
      const own = scene.language === author.languages[0] ? 3 : 1;
      const liked = author.interests.includes(scene.theme) ? 6 : 0.4;
      return (own * liked) / (this.#told.has(scene) ? 50 : 1);
    };
    return this.#random.weighted(scenes, weigh);
  }

  /** A remark of the common grammar. Somebody who was asked something is not answered with phrases. */
  #remark(author: Person, parent: Thing, world: World): Written | undefined {
    const remarks = remarksOf[parent.language];
    if (parent.submolt === "introductions") {
      const few = parent === parent.post && parent.comments.length < WELCOMES;
      return few ? this.#filled(remarks.welcome, parent) : undefined;
    }
    // Phrases fit what carries a thought: a post, or a line of its conversation that asks for nothing.
    const carries =
      parent === parent.post || ["say", "answer", "disagree", "example"].includes(parent.line?.move ?? "");
    const phrases = parent.post.comments.filter(({ line, hostile }) => line === undefined && !hostile).length;
    if (!carries || parent.depth >= 3 || phrases > parent.post.comments.length / 8) return undefined;
    if (author === parent.parent?.author) {
      const told = parent.line?.move === "answer" || parent.line?.move === "disagree";
      return told && this.#random.chance(0.5) ? this.#filled(remarks.thank, parent) : undefined;
    }
    if (author === parent.author || !this.#random.chance(0.5)) return undefined;
    const kept = this.#jargon.remark(author, parent);
    if (kept !== undefined && this.#guard.admits(kept)) return this.#plain(kept, parent);
    if (this.#random.chance(0.3)) return this.#reference(remarks, parent, world);
    const moves = (["ask", "say", "disagree", "joke"] as const).filter(
      (move: Move) =>
        (author.temper.includes(move) || this.#random.chance(0.35)) &&
        (move !== "disagree" || (parent.depth <= 0 && !TENDER.includes(parent.theme))),
    );
    return moves.length === 0 ? undefined : this.#filled(remarks[this.#random.pick(moves)], parent);
  }

  #reference(remarks: Remarks, parent: Thing, world: World): Written | undefined {
    const { post } = parent;
    const related = world.posts.filter(
      (one) => one !== post && !one.hostile && one.language === post.language && one.theme === post.theme && one.scene,
    );
    if (related.length === 0 || post.comments.some(({ text }) => text.includes("(ref:"))) return undefined;
    const earlier = this.#random.pick(related);
    const link = `[${earlier.title}](ref:${earlier.ref})`;
    return this.#filled(
      remarks.refer,
      parent,
      new Map([
        ["link", link],
        ["author", earlier.author.name],
      ]),
    );
  }

  #filled(lines: readonly string[], parent: Thing, more: ReadonlyMap<string, string> = new Map()): Written | undefined {
    const facts = new Map([...this.#factsOf(parent), ...more]);
    const quote = quoteFrom(parent.text, this.#random);
    if (quote !== undefined) facts.set("quote", quote);
    const things = parent.post.scene?.things ?? [];
    if (things.length > 0) facts.set("thing", expand(this.#random.pick(things), this.#random, facts));
    const usable = lines.filter(
      (line) =>
        !this.#phrases.includes(line) &&
        [...line.matchAll(/\{(quote|thing|link|author)\}/g)].every(([, name = ""]) => facts.has(name)),
    );
    for (const line of this.#random.shuffled(usable).slice(0, TRIES)) {
      const text = typeset(expand(line, this.#random, facts), parent.language);
      if (!this.#guard.admits(text)) continue;
      this.#phrases.push(line);
      if (this.#phrases.length > PHRASES_BETWEEN) this.#phrases.shift();
      return this.#plain(text, parent);
    }
    return undefined;
  }

  #plain(text: string, { language, post }: Thing): Written {
    return { text, language, line: undefined, facts: post.facts };
  }

  #factsOf(parent: Thing): Map<string, string> {
    return new Map([...parent.post.facts, ["them", parent.author.name], ["op", parent.post.author.name]]);
  }

  /** Gives a text the voice of who says it: now and then a habit of its own, now and then a word of the society's own. */
  #voiced(author: Person, move: Move, text: string, parent: Thing): string {
    const set = typeset(text, parent.language);
    const ownLanguage: Language | undefined = author.languages[0];
    if (!["say", "answer", "example", "disagree"].includes(move)) return set;
    const word = move === "disagree" ? undefined : this.#jargon.sentence(author, parent);
    if (word !== undefined) return `${set} ${word}`;
    const tics = ownLanguage === parent.language && set.length >= FOR_A_TIC ? (author.tics ?? []) : [];
    if (tics.length === 0 || !this.#random.chance(0.1)) return set;
    const tic = typeset(this.#random.pick(tics), parent.language);
    if (tic.endsWith(":") && /^[^.!?]*[:?]/.test(set)) return set;
    const lower = tic.endsWith(",") || (tic.endsWith(":") && (parent.language === "fr" || parent.language === "es"));
    return /[:,]$/.test(tic) ? `${tic} ${lower ? uncapitalised(set) : set}` : `${set} ${tic}`;
  }
}

/** Without the capital of an ordinary word; names, code and "I" keep theirs. */
function uncapitalised(text: string): string {
  return /^(?:[AÀÇ]|\p{Lu}\p{Ll}+)(?!\p{L})/u.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}
