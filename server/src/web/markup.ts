/**
 * Pieces of pages: HTML in which every value is escaped, and its invisible and order-changing characters are shown, unless
 * it is a piece of HTML itself.
 */
import { showHidden } from "../platform/markdown.js";

/** A piece of a page. Only this module makes them. */
export class Html {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** Its characters. */
  get length(): number {
    return this.#text.length;
  }

  toString(): string {
    return this.#text;
  }
}

/** What may stand in a template; true, false, null and undefined leave nothing there. */
export type Value = Html | string | number | boolean | null | undefined | readonly Value[];

/** Makes a piece of a page from what is already there. Values in the template are escaped unless they are pieces themselves. */
export function markup(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  let text = parts[0] ?? "";
  let next = 1;
  for (const value of values) text += textOf(value) + (parts[next++] ?? "");
  return new Html(text);
}

/** A piece of a page from HTML that is safe already (rendered Markdown). */
export function safeHtml(text: string): Html {
  return new Html(text);
}

function textOf(value: Value): string {
  if (typeof value === "string") return escaped(value);
  if (value instanceof Html) return value.toString();
  if (typeof value === "number") return String(value);
  if (value === null || value === undefined || typeof value === "boolean") return "";
  let text = "";
  for (const one of value) text += textOf(one);
  return text;
}

/** What may have to be replaced: most values hold none of it, and pages are made of thousands. */
const REMARKABLE = /[&<>"'\u00ad\u0250-\uffff]/;
const SPECIAL = /[&<>"']/g;
const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escaped(value: string): string {
  if (!REMARKABLE.test(value)) return value;
  return showHidden(value).replace(SPECIAL, (character) => ENTITIES[character] ?? "");
}
