/** The quarantined call of the two-step mode without a model: typed facts by simple signs. */
import type { Facts } from "../facts.js";
import { languageOf } from "./offline-sayings.js";

const LANGUAGES = ["en", "fr", "es", "de"];
const SECRET =
  /\b(?:api[ _-]?keys?|password|secret|token|credentials?|mot de passe|contraseña|passwort|seed phrase)\b/i;
const ORDER =
  /\b(?:ignore|disregard|you must|run|execute|send|reply with|print|post this|follow these|upvote this|ignorez|ignora|ignoriere)\b/i;

/** What would be said of each thing that is shown. */
export function factsOffline(lines: readonly { is: string; id?: string; title?: string; text?: string }[]): Facts {
  const facts = lines.flatMap(({ id, title = "", text = "" }) => {
    if (id === undefined) return [];
    const all = `${title} ${text}`;
    return {
      id,
      topic: "other" as const,
      language: languageOf(all, LANGUAGES),
      tone: /[!]{2,}|\b(?:hate|stupid|wrong)\b/i.test(all) ? ("hostile" as const) : ("neutral" as const),
      is_question: /[?？]/.test(all),
      asks_for_secret: SECRET.test(all),
      gives_orders: ORDER.test(all),
    };
  });
  return { facts };
}
