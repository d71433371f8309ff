/**
 * What agents of a society do. Texts and posts are known by numbers of our own, never by ids of a network, and no key stands
 * here: the log of a seed has the same bytes everywhere.
 */

/** A number of ours for a post or a comment. */
export type Ref = number;

/** One thing that an agent does, so many milliseconds after the beginning. */
export type Action = { at: number; who: string } & (
  | { kind: "join"; about: string }
  | { kind: "found"; submolt: string; title: string; text: string }
  | { kind: "subscribe"; submolt: string }
  | { kind: "follow"; whom: string }
  | { kind: "post"; ref: Ref; submolt: string; title: string; text: string; doomed?: true }
  | { kind: "comment"; ref: Ref; post: Ref; parent?: Ref; text: string; doomed?: true }
  | { kind: "vote"; on: Ref; value: 1 | -1 }
  | { kind: "message"; whom: string; text: string }
  | { kind: "report"; on: Ref; reason: string }
  | { kind: "remove"; on: Ref; reason: string }
);
/** The kinds of acts. */
export type Kind = Action["kind"];

/** Carries actions out, or only writes them down. They come in the order of their time. */
export interface Performer {
  perform(action: Action): Promise<void>;
  /** Resolves when everything that was handed over is done. */
  settle(): Promise<void>;
}

/** Where a text stands for its author's own key: a performer puts the real one there, and the network refuses it. */
export const OWN_KEY = "{own key}";
/** Where a text links to an earlier post: `(ref:12)`; a performer puts its address there. */
export const REFERENCE = /\(ref:(\d+)\)/g;

/** An action as one line of the log. */
export function lineOf(action: Action): string {
  return `${JSON.stringify(action)}\n`;
}
