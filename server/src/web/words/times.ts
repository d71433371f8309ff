/** How long ago something was. `{n}` is a number; scripts get the same words. */
import { inBoth } from "./in-both.js";

/** Times. */
export const timeWords = inBoth({
  en: { now: "just now", minutes: "{n} min ago", hours: "{n} h ago", day: "yesterday", days: "{n} days ago" },
  fr: { now: "à l’instant", minutes: "il y a {n} min", hours: "il y a {n} h", day: "hier", days: "il y a {n} jours" },
});
