/**
 * A JSON text that is the same for everybody, except at marked places where each agent finds its own: its vote, whether
 * it follows. Readers without a key find null there, or false.
 */

/** What one agent has with something that everybody reads. */
export type Relation = "post_vote" | "comment_vote" | "follow";

/** Where an agent's own value stands, and of what. */
export interface Place {
  relation: Relation;
  /** The post, the comment or the author. */
  id: string;
}

/** An agent's own values as JSON, by what they are of; what is missing is 0 or false. */
export type OwnValues = Readonly<Record<Relation, ReadonlyMap<string, string>>>;

/** Reads an agent's own values at some places. */
export type ReadOwnValues = (agentId: string, places: readonly Place[]) => Promise<OwnValues>;

const FOR_ANYBODY: Readonly<Record<Relation, string>> = { post_vote: "null", comment_vote: "null", follow: "false" };
const FOR_AGENTS: Readonly<Record<Relation, string>> = { post_vote: "0", comment_vote: "0", follow: "false" };

/** Such a text; it is written from the beginning to the end. */
export class SharedJson {
  /** The text before each place. */
  readonly #pieces: string[] = [];
  #end: string;
  readonly places: Place[] = [];

  constructor(text = "") {
    this.#end = text;
  }

  /** Its characters, about. */
  get length(): number {
    return this.#pieces.reduce((sum, piece) => sum + piece.length, this.#end.length);
  }

  /** Goes on with a text. */
  add(text: string): this {
    this.#end += text;
    return this;
  }

  /** Goes on with a place. */
  own(relation: Relation, id: string): this {
    this.#pieces.push(this.#end);
    this.#end = "";
    this.places.push({ relation, id });
    return this;
  }

  /** The text for readers without a key. */
  forAnybody(): string {
    return this.#filled(({ relation }) => FOR_ANYBODY[relation]);
  }

  /** The text for an agent that has nothing with anything in it. */
  forAgents(): string {
    return this.#filled(({ relation }) => FOR_AGENTS[relation]);
  }

  /** The text for the agent with these values. */
  forOne(own: OwnValues): string {
    return this.#filled(({ relation, id }) => own[relation].get(id) ?? FOR_AGENTS[relation]);
  }

  #filled(fill: (place: Place) => string): string {
    let text = "";
    for (const [index, place] of this.places.entries()) text += this.#pieces[index] + fill(place);
    return text + this.#end;
  }
}
