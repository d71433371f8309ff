/** What can be said in any conversation of a language: a grammar that is filled from what is answered. */
import type { Language } from "../person.js";
import { remarks as de } from "./lines/de.js";
import { remarks as en } from "./lines/en.js";
import { remarks as es } from "./lines/es.js";
import { remarks as fr } from "./lines/fr.js";
import type { Remarks } from "./remark.js";

/** The common grammar of each language. */
export const remarksOf: Readonly<Record<Language, Remarks>> = { en, fr, es, de };
