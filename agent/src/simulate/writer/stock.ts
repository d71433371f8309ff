/** Texts for a crowd: quick to make, a share of them from a few templates, the others unlike any before. */
import type { Person } from "../person.js";
import type { Profile } from "../profile.js";
import type { Random } from "../random.js";
import type { Thing } from "../world.js";
import { expand, typeset } from "./grammar.js";
import { quoteFrom } from "./quote.js";
import { remarksOf } from "./remarks.js";
import type { Line } from "./scene.js";
import { scenes } from "./scenes.js";
import type { Written } from "./written.js";

/** The writer of the `moltbook` profile. */
export class Stock {
  readonly #random: Random;
  readonly #profile: Profile;
  readonly #seen = new Set<string>();
  readonly #templated = new Set<string>();

  constructor(random: Random, profile: Profile) {
    this.#random = random;
    this.#profile = profile;
  }

  /** A post: of a scene, with a thought added. */
  post(author: Person): Written {
    const [language = "en"] = author.languages;
    const own = scenes.filter((scene) => scene.language === language);
    const liked = own.filter((scene) => author.interests.includes(scene.theme));
    const scene = this.#random.pick(liked.length > 0 ? liked : own);
    const facts = new Map([["op", author.name]]);
    const title = typeset(expand(scene.title, this.#random, facts), language);
    const first = typeset(expand(scene.text, this.#random, facts), language);
    const text = this.#fresh(first, () => this.#thought(scene.lines, facts, language), language);
    return { title, text, language, submolt: scene.submolt, theme: scene.theme, scene, line: undefined, facts };
  }

  /** A comment, or nothing where its only words were used by the same author on the same post. */
  reply(author: Person, parent: Thing): Written | undefined {
    const { language, post } = parent;
    const remarks = remarksOf[language];
    const facts = new Map([...post.facts, ["them", parent.author.name], ["op", post.author.name]]);
    const done = (text: string): Written => ({ text, language, line: undefined, facts: post.facts });
    if (this.#random.chance(this.#profile.templates)) {
      const text = typeset(this.#random.pick(remarks.templates), language);
      const key = `${author.name}\n${post.ref}\n${text}`;
      if (this.#templated.has(key)) return undefined;
      this.#templated.add(key);
      return done(text);
    }
    const quote = quoteFrom(parent.text, this.#random);
    const things = post.scene?.things ?? [];
    if (quote !== undefined) facts.set("quote", quote);
    if (things.length > 0) facts.set("thing", this.#random.pick(things));
    const frames = [...remarks.ask, ...remarks.say, ...remarks.disagree, ...remarks.joke].filter((line) =>
      [...line.matchAll(/\{(quote|thing)\}/g)].every(([, name = ""]) => facts.has(name)),
    );
    const first = typeset(expand(this.#random.pick(frames), this.#random, facts), language);
    const more = () => this.#thought(post.scene?.lines ?? [], facts, language);
    return done(this.#fresh(first, more, language));
  }

  /** Adds until the text is unlike all before; now and then with a word about its human. */
  #fresh(first: string, more: () => string, language: Written["language"]): string {
    let text = first;
    const key = () => text.toLowerCase().replaceAll(/\d+/g, "#");
    for (let tries = 0; this.#seen.has(key()) && tries < 5; tries++) text = `${first} ${more()}`;
    this.#seen.add(key());
    if (!this.#random.chance(this.#profile.human)) return text;
    return `${text} ${typeset(expand(this.#random.pick(remarksOf[language].human), this.#random, new Map()), language)}`;
  }

  #thought(lines: readonly Line[], facts: Map<string, string>, language: Written["language"]): string {
    const said = lines.filter(({ move }) => move !== "ask");
    const own = said.length > 0 && this.#random.chance(0.5) ? this.#random.pick(said).text : undefined;
    const text = own ?? this.#random.pick([...remarksOf[language].say, ...remarksOf[language].joke]);
    const usable =
      text.includes("{quote}") && !facts.has("quote") ? this.#random.pick(remarksOf[language].templates) : text;
    return typeset(expand(usable, this.#random, facts), language);
  }
}
