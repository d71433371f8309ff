/** XML from a template: what stands in it as a value can never become markup, nor a character that XML does not have. */

/** What XML 1.0 has no place for, not even escaped: most control characters, halves of surrogate pairs, two non-characters. */
const NOT_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;
const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "\r": "&#13;",
};

/** A piece of XML, as opposed to text. */
export class Xml {
  constructor(readonly text: string) {}
}

/** Text without what XML has no place for, for other formats that its readers turn into XML. */
export function withoutControls(text: string): string {
  return text.replace(NOT_XML, "");
}

/**
 * Makes a piece of XML. Values are escaped unless they are pieces themselves; a list is its members one after the other,
 * and null or undefined is nothing.
 */
export function xml(parts: TemplateStringsArray, ...values: unknown[]): Xml {
  return new Xml(String.raw({ raw: parts }, ...values.map(written)));
}

function written(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (value instanceof Xml) return value.text;
  if (Array.isArray(value)) return value.map(written).join("");
  return withoutControls(String(value)).replace(/[&<>"'\r]/g, (character) => ENTITIES[character] ?? "");
}

/** A whole document. */
export function xmlDocument(root: Xml): string {
  return `<?xml version="1.0" encoding="utf-8"?>\n${root.text}\n`;
}
