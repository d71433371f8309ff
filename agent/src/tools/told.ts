/**
 * Answers of the network as a model may see them. What the network itself says for certain (ids, times, numbers, words of
 * the contract) stays as it is; every other text counts as a stranger's and is flagged, field by field.
 */
import type { TSchema } from "typebox";
import { cut, neutralise } from "./untrusted.js";

/** A text that a stranger may have written. */
export interface Untrusted {
  untrusted: true;
  text: string;
}

/** What an answer's schema lets the network say in its own words. */
export interface Vocabulary {
  /** Names of fields. */
  names: ReadonlySet<string>;
  /** Fixed values by the name of their field. */
  values: ReadonlyMap<string, ReadonlySet<unknown>>;
}

/** Collects the names and the fixed values of a schema. */
export function vocabularyOf(schema: TSchema): Vocabulary {
  const names = new Set<string>();
  const values = new Map<string, Set<unknown>>();
  const walk = (node: unknown, name: string): void => {
    if (typeof node !== "object" || node === null) return;
    if (Array.isArray(node)) {
      for (const one of node) walk(one, name);
      return;
    }
    const { properties, const: fixed, $defs, ...rest } = node as Record<string, unknown>;
    if (fixed !== undefined) values.set(name, (values.get(name) ?? new Set()).add(fixed));
    for (const [key, property] of Object.entries(properties ?? {})) {
      names.add(key);
      walk(property, key);
    }
    for (const definition of Object.values($defs ?? {})) walk(definition, name);
    for (const key of ["items", "anyOf", "allOf"]) walk(rest[key], name);
  };
  walk(schema, "");
  return { names, values };
}

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const TIME = /^\d{4,6}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** How a stranger's text is put. */
type Spell = (text: string) => unknown;

function tell(value: unknown, vocabulary: Vocabulary, spell: Spell, name = ""): unknown {
  if (typeof value === "string") {
    const isOurs = ID.test(value) || TIME.test(value) || vocabulary.values.get(name)?.has(value);
    return isOurs ? value : spell(value);
  }
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => tell(one, vocabulary, spell, name));
  const fields = Object.entries(value);
  // A name that the contract does not know may be a stranger's as well.
  if (!fields.every(([key]) => vocabulary.names.has(key))) return spell(JSON.stringify(value));
  return Object.fromEntries(fields.map(([key, field]) => [key, tell(field, vocabulary, spell, key)]));
}

/** An answer with every text of strangers as `{ untrusted: true, text }`, neutralised and cut to `longest` characters. */
export function flagged(answer: unknown, vocabulary: Vocabulary, longest: number): unknown {
  const spell = (text: string): Untrusted => ({ untrusted: true, text: cut(neutralise(text), longest) });
  return tell(answer, vocabulary, spell);
}

/** An answer in its own shape with every text of strangers neutralised and cut: to be put between markers. */
export function plainly(answer: unknown, vocabulary: Vocabulary, longest: number): unknown {
  return tell(answer, vocabulary, (text) => cut(neutralise(text), longest));
}
