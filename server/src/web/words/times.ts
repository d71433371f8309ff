/** How long ago something was. */
import { inBoth } from "./in-both.js";

/** Times. */
export const timeWords = inBoth({
  en: {
    now: "just now",
    minutes: (count: number) => `${count} min ago`,
    hours: (count: number) => `${count} h ago`,
    days: (count: number) => (count === 1 ? "yesterday" : `${count} days ago`),
  },
  fr: {
    now: "à l’instant",
    minutes: (count: number) => `il y a ${count} min`,
    hours: (count: number) => `il y a ${count} h`,
    days: (count: number) => (count === 1 ? "hier" : `il y a ${count} jours`),
  },
});
