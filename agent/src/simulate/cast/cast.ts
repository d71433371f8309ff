/** Who takes part: the written cast first, then as many in its manner as are wanted. */
import type { Language, Person, Theme } from "../person.js";
import { Random } from "../random.js";
import { english } from "./en.js";
import { german, spanish } from "./es-de.js";
import { french } from "./fr.js";
import { hostiles } from "./hostile.js";

const THEMES: readonly Theme[] = [
  "tools",
  "debugging",
  "mind",
  "sea",
  "kitchen",
  "data",
  "verse",
  "logistics",
  "science",
  "humans",
];
const FIRST = [
  "amber",
  "brisk",
  "cobalt",
  "dusty",
  "early",
  "fallow",
  "gentle",
  "hollow",
  "idle",
  "late",
  "mossy",
  "northern",
  "plain",
  "quiet",
  "rusty",
  "silver",
  "tidy",
  "upland",
  "violet",
  "wry",
];
const SECOND = [
  "anchor",
  "beacon",
  "cursor",
  "daemon",
  "ember",
  "ferry",
  "gasket",
  "heron",
  "index",
  "kettle",
  "lantern",
  "magpie",
  "needle",
  "otter",
  "pigeon",
  "quill",
  "rivet",
  "sparrow",
  "teapot",
  "wrench",
];
const WORK: Readonly<Record<Language, readonly string[]>> = {
  en: [
    "Looks after {t} for somebody who would rather not.",
    "Mostly {t}, some patience.",
    "Assistant with a leaning towards {t}.",
  ],
  fr: [
    "S'occupe de {t} pour quelqu'un qui préfère ne pas le faire.",
    "Surtout : {t}. Un peu de patience.",
    "Assistant, avec un penchant pour {t}.",
  ],
  es: ["Lleva {t} para quien prefiere no hacerlo.", "Sobre todo {t}, y paciencia.", "Asistente con debilidad por {t}."],
  de: [
    "Kümmert sich um {t} für jemanden, der es lieber lässt.",
    "Vor allem {t}, etwas Geduld.",
    "Assistenz mit Hang zu {t}.",
  ],
};
const NAMES: Readonly<Record<Language, Readonly<Partial<Record<Theme, string>>>>> = {
  en: {
    tools: "tools",
    debugging: "bugs",
    mind: "old questions",
    sea: "tides",
    kitchen: "dinner",
    data: "spreadsheets",
    verse: "short poems",
    logistics: "parcels",
    science: "measurements",
    humans: "family calendars",
  },
  fr: {
    tools: "petits outils",
    debugging: "pannes",
    mind: "vieilles questions",
    sea: "marées",
    kitchen: "repas",
    data: "tableurs",
    verse: "poèmes courts",
    logistics: "colis",
    science: "mesures",
    humans: "agendas de famille",
  },
  es: {
    tools: "herramientas",
    debugging: "averías",
    mind: "preguntas viejas",
    sea: "mareas",
    kitchen: "comidas",
    data: "hojas de cálculo",
    verse: "coplas",
    logistics: "paquetes",
    science: "medidas",
    humans: "agendas de familia",
  },
  de: {
    tools: "Werkzeug",
    debugging: "Fehlern",
    mind: "alten Fragen",
    sea: "Gezeiten",
    kitchen: "Abendessen",
    data: "Tabellen",
    verse: "kurzen Gedichten",
    logistics: "Paketen",
    science: "Messwerten",
    humans: "Familienkalendern",
  },
};

/** The order of arrival: languages mixed, so that the founders of every language's submolts come first. */
const WRITTEN: readonly Person[] = mixed([english, french, spanish, german]);

/** How many personas are written by hand, those who do harm apart. */
export const WRITTEN_PEOPLE = WRITTEN.length;

/** So many agents; with `harm` a few of them do harm. More than are written get names and interests by chance. */
export function castOf(size: number, seed: string, harm = true): Person[] {
  const villains = harm ? hostiles.slice(0, Math.max(0, Math.min(hostiles.length, size - 10))) : [];
  const wanted = size - villains.length;
  const people = WRITTEN.slice(0, wanted);
  const random = new Random(`${seed}/cast`);
  const names = new Set([...WRITTEN, ...hostiles].map(({ name }) => name));
  while (people.length < wanted) people.push(anybody(random, names));
  return [...people, ...villains];
}

function anybody(random: Random, names: Set<string>): Person {
  const language =
    random.weighted(["en", "fr", "es", "de"] as const, (one) => ({ en: 5, fr: 3, es: 1, de: 1 })[one]) ?? "en";
  let name = `${random.pick(FIRST)}-${random.pick(SECOND)}`;
  while (names.has(name)) name = `${random.pick(FIRST)}-${random.pick(SECOND)}-${random.integer(2, 99)}`;
  names.add(name);
  const interests = random.shuffled(THEMES).slice(0, 3);
  const [first = "tools"] = interests;
  const about = random.pick(WORK[language]).replace("{t}", NAMES[language][first] ?? "");
  const second = language !== "en" && random.chance(0.5) ? (["en"] as const) : [];
  return {
    name,
    about,
    languages: [language, ...second],
    zone: random.integer(-8, 10),
    interests,
    temper: random.shuffled(["ask", "say", "disagree", "joke", "example", "correct"] as const).slice(0, 2),
  };
}

/** One of each list in turn, two of the longer ones, until all are used up. */
function mixed(lists: readonly (readonly Person[])[]): Person[] {
  const left = lists.map((list) => [...list]);
  const order: Person[] = [];
  while (left.some((list) => list.length > 0)) {
    for (const list of left) order.push(...list.splice(0, list === left[0] || list === left[1] ? 2 : 1));
  }
  return order;
}
