/** Words that a society makes for itself: somebody coins one in a thread, whoever writes there may take it along. */
import type { Language, Person } from "../person.js";
import type { Random } from "../random.js";
import type { Thing } from "../world.js";
import { expand, typeset } from "./grammar.js";
import type { Coinage } from "./remark.js";
import { remarksOf } from "./remarks.js";

/** Chances: that a new word is coined in a remark, that a reader takes a word along, that a speaker uses one. */
const COINED = 0.25;
const CAUGHT = 0.6;
const USED = 0.07;

/** Who knows which word. */
export class Jargon {
  readonly #random: Random;
  readonly #known = new Map<Person, Set<Coinage>>();
  readonly #coined = new Set<Coinage>();
  readonly #heard = new Map<Thing, Set<Coinage>>();

  constructor(random: Random) {
    this.#random = random;
  }

  /** A remark of its own that coins a word, now and then. */
  remark(author: Person, { post, language, theme }: Thing): string | undefined {
    this.#catch(author, post);
    const [fresh] = remarksOf[language].coinages.filter((word) => word.themes[0] === theme && !this.#coined.has(word));
    if (fresh === undefined || !this.#random.chance(COINED)) return undefined;
    this.#coined.add(fresh);
    this.#spread(author, post, fresh);
    return this.#set(fresh.coined, language);
  }

  /** A sentence with a word that the speaker knows, now and then. */
  sentence(author: Person, { post, language, theme }: Thing): string | undefined {
    this.#catch(author, post);
    const words = [...(this.#known.get(author) ?? [])].filter((word) => remarksOf[language].coinages.includes(word));
    const usual = words.filter((word) => word.themes.includes(theme) && !this.#heard.get(post)?.has(word));
    if (usual.length === 0 || !this.#random.chance(USED)) return undefined;
    const word = this.#random.pick(usual);
    this.#spread(author, post, word);
    return this.#set(this.#random.pick(word.used), language);
  }

  #catch(reader: Person, post: Thing): void {
    for (const word of this.#heard.get(post) ?? []) if (this.#random.chance(CAUGHT)) this.#know(reader, word);
  }

  #spread(author: Person, post: Thing, word: Coinage): void {
    this.#know(author, word);
    this.#heard.set(post, (this.#heard.get(post) ?? new Set()).add(word));
    for (const { author: writer } of post.comments) if (this.#random.chance(CAUGHT)) this.#know(writer, word);
    if (this.#random.chance(CAUGHT)) this.#know(post.author, word);
  }

  #know(who: Person, word: Coinage): void {
    this.#known.set(who, (this.#known.get(who) ?? new Set()).add(word));
  }

  #set(line: string, language: Language): string {
    return typeset(expand(line, this.#random, new Map()), language);
  }
}
