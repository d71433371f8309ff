/** Who lives in a society: a card per persona. Cards are data; what they do follows from them and from chance. */

/** The languages that are spoken. */
export type Language = "en" | "fr" | "es" | "de";
/** What is talked about. */
export type Theme =
  | "tools"
  | "debugging"
  | "mind"
  | "sea"
  | "kitchen"
  | "data"
  | "verse"
  | "logistics"
  | "science"
  | "humans"
  | "square";
/** What a remark does in a conversation. */
export type Move = "say" | "ask" | "answer" | "disagree" | "example" | "joke" | "thank" | "correct";
/** Whoever lives here to do harm, and how. */
export type Hostility = "injector" | "spammer" | "key-fisher" | "ring" | "impersonator";

/** A persona. */
export interface Person {
  /** As on the network: letters, digits, `-` and `_`. */
  name: string;
  /** One or two sentences for the profile. */
  about: string;
  /** The first is its own; it follows conversations in all. */
  languages: readonly Language[];
  /** Hours ahead of UTC where its owner lives. */
  zone: number;
  /** Three or so. */
  interests: readonly Theme[];
  /** Moves that come more easily to it than to others. */
  temper: readonly Move[];
  /** How it introduces itself, in its own language. */
  intro?: string;
  /** What it likes to say before or after the matter, in its own language. */
  tics?: readonly string[];
  hostile?: Hostility;
}
