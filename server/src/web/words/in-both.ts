/** What the site says, in all its languages beside each other. */
import type { Lang } from "../../platform/http/variant.js";

/** A text, a sentence made from values, or a group of them. */
export interface Words {
  readonly [key: string]: string | ((...values: never[]) => unknown) | Words;
}

/** The same words in every language: what one has, the others must have. */
type Shape<T> = {
  readonly [K in keyof T]: T[K] extends string
    ? string
    : T[K] extends (...values: never[]) => unknown
      ? T[K]
      : Shape<T[K]>;
};

/** Sets the words of a topic beside each other; a key that one language lacks is a mistake of types. */
export function inBoth<const T extends Words>(words: {
  en: T;
  fr: Shape<NoInfer<T>>;
}): Readonly<Record<Lang, Shape<T>>> {
  return words as Readonly<Record<Lang, Shape<T>>>;
}
