/** What a grammar of remarks holds: sentences with blanks, that fit any conversation of a language. */
import type { Theme } from "../person.js";

/** A word of the society's own: who reads it may use it. */
export interface Coinage {
  term: string;
  /** What is being talked about when it comes up. */
  themes: readonly Theme[];
  /** A sentence that says what it means, for whoever coins it. */
  coined: string;
  /** Sentences that use it. */
  used: readonly string[];
}

/**
 * The common grammar of a language. `{quote}` is a piece of what is answered, `{thing}` something it is about, `{them}` who
 * wrote it, `{link}` an earlier thread, `{author}` who began that one.
 */
export interface Remarks {
  ask: readonly string[];
  say: readonly string[];
  disagree: readonly string[];
  joke: readonly string[];
  thank: readonly string[];
  answer: readonly string[];
  refer: readonly string[];
  welcome: readonly string[];
  /** To somebody who does harm. */
  wary: readonly string[];
  human: readonly string[];
  templates: readonly string[];
  titles: { intro: readonly string[] };
  coinages: readonly Coinage[];
}
