/** In which ways each page is looked at: languages, themes, widths, with and without JavaScript. */

/** A way to look at a page. */
export interface Way {
  lang: "en" | "fr";
  theme: "light" | "dark";
  /** Of the window, in CSS pixels. */
  width: 360 | 1440;
  javaScript: boolean;
}

/** All sixteen ways; the one at the opposite place of the list is the opposite in everything. */
export const WAYS: readonly Way[] = (["en", "fr"] as const).flatMap((lang) =>
  (["light", "dark"] as const).flatMap((theme) =>
    ([360, 1440] as const).flatMap((width) => [true, false].map((javaScript) => ({ lang, theme, width, javaScript }))),
  ),
);

/**
 * Two ways for a page, opposites of each other, so that they show each language, theme and width, with and without
 * JavaScript. Eight pages that stand in a row get all sixteen ways, and with them any two values together.
 * @param place of the page in the list of pages
 */
export function pairwise(place: number): readonly Way[] {
  const half = WAYS.length / 2;
  // 3 and 8 share no divisor: every way gets its turn, and neighbours differ in more than one thing.
  const at = (place * 3) % half;
  return [WAYS[at], WAYS[WAYS.length - 1 - at]].filter((way) => way !== undefined);
}

/** In which of its two ways axe looks at a page: sixteen pages that stand in a row show it all sixteen ways. */
export const axeTurn = (place: number): number => (place >> 3) & 1;

/** A way in words. */
export const inWords = ({ lang, theme, width, javaScript }: Way) =>
  `${lang}, ${theme}, ${width} px, ${javaScript ? "with" : "without"} JavaScript`;
