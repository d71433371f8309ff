/** What pages make of a version of a text: the same for every page that shows it, and made once. */
import type { Text } from "../platform/texts.js";
import type { Lang, View } from "./view.js";

/**
 * Keeps what `make` makes of a text in each language for as long as the text itself is kept. A version never changes, so
 * neither does this; of the view nothing may count but what is the same for every page of the server in that language.
 */
export function keptWith<V extends object>(make: (view: View, text: Text) => V): (view: View, text: Text) => V {
  const kept: Record<Lang, WeakMap<Text, V>> = { en: new WeakMap(), fr: new WeakMap() };
  return (view, text) => {
    const inLanguage = kept[view.lang];
    const known = inLanguage.get(text);
    if (known !== undefined) return known;
    const made = make(view, text);
    inLanguage.set(text, made);
    return made;
  };
}
