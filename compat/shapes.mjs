/**
 * How strict clients read JSON: typed structures whose fields may be optional, may have other names, and where a field
 * that comes under two names, is missing, or has another type ends the reading. Unknown fields are passed over.
 */

/** A reader of one value: throws a TypeError that says where and why. */
/** @typedef {(value: unknown, at: string) => void} Reader */

const fail = (at, wanted, value) => {
  throw new TypeError(`${at}: expected ${wanted}, got ${JSON.stringify(value)?.slice(0, 200)}`);
};

const kind = (wanted, holds) => (value, at) => {
  if (!holds(value)) fail(at, wanted, value);
};

export const text = kind("a text", (value) => typeof value === "string");
export const yesno = kind("true or false", (value) => typeof value === "boolean");
export const real = kind("a number", (value) => typeof value === "number");
export const whole = kind("a whole number", Number.isSafeInteger);
export const natural = kind("a whole number from 0", (value) => Number.isSafeInteger(value) && value >= 0);
export const time = kind(
  "an ISO 8601 time",
  (value) => typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value),
);
export const anything = () => undefined;

/** One of some values. */
export const oneOf = (...values) => kind(`one of ${values.join(", ")}`, (value) => values.includes(value));

/** A list of things of one kind. */
export const list = (item) => (value, at) => {
  if (!Array.isArray(value)) fail(at, "a list", value);
  for (const [index, entry] of value.entries()) item(entry, `${at}[${index}]`);
};

/** An object with keys of any name. */
export const mapOf = (item) => (value, at) => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) fail(at, "an object", value);
  for (const [key, entry] of Object.entries(value)) item(entry, `${at}.${key}`);
};

/** A field that may be missing or null; `aliases` are its other names. */
export const optional = (reader, ...aliases) => ({ reader, aliases, missing: true, empty: true });
/** A field that may be missing, but not null. */
export const defaulted = (reader, ...aliases) => ({ reader, aliases, missing: true, empty: false });
/** A field that must be there under one of its names. */
export const required = (reader, ...aliases) => ({ reader, aliases, missing: false, empty: false });

/**
 * An object with named fields.
 * @param {Record<string, Reader | { reader: Reader, aliases: string[], missing: boolean, empty: boolean }>} fields
 * @param {{ closed?: boolean }} options `closed`: unknown fields end the reading too
 * @returns {Reader}
 */
export const struct =
  (fields, { closed = false } = {}) =>
  (value, at) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) fail(at, "an object", value);
    const known = new Set();
    for (const [name, field] of Object.entries(fields)) {
      const { reader, aliases, missing, empty } = typeof field === "function" ? required(field) : field;
      const names = [name, ...aliases];
      for (const each of names) known.add(each);
      const present = names.filter((each) => Object.hasOwn(value, each));
      if (present.length > 1) throw new TypeError(`${at}: ${present.join(" and ")} are one field`);
      if (present.length === 0) {
        if (!missing) throw new TypeError(`${at}: ${name} is missing`);
        continue;
      }
      if (value[present[0]] === null && empty) continue;
      reader(value[present[0]], `${at}.${present[0]}`);
    }
    const unknown = closed ? Object.keys(value).filter((key) => !known.has(key)) : [];
    if (unknown.length > 0) throw new TypeError(`${at}: ${unknown.join(", ")} unknown`);
  };
