/**
 * Texts of posts and comments, authors and submolts as pieces of JSON, kept by id and version: a version never changes, so
 * whoever knows which version is the present one need not read the text again. What was not used for longest goes first.
 */
import type { Queryable } from "./db.js";

/** A piece of JSON made of one version of a text. */
export interface Text {
  version: number;
  json: string;
  /** When a post or comment was written, as on the wire. */
  createdAt?: string;
}

const MOST_CHARACTERS = 16 * 1_048_576;

/** The texts this process has read lately. */
export class Texts {
  readonly #kept = new Map<string, Text>();
  #characters = 0;

  /** @param most characters kept at most */
  constructor(private readonly most = MOST_CHARACTERS) {}

  /** This version of a text, if it is known. */
  get(id: string, version: number): Text | undefined {
    const text = this.#kept.get(id);
    if (text?.version !== version) return undefined;
    this.#kept.delete(id);
    this.#kept.set(id, text);
    return text;
  }

  /** Keeps a text; an older version of it goes. */
  keep(id: string, text: Text): void {
    this.#forget(id);
    this.#kept.set(id, text);
    this.#characters += text.json.length;
    for (const first of this.#kept.keys()) {
      if (this.#characters <= this.most) break;
      this.#forget(first);
    }
  }

  #forget(id: string): void {
    this.#characters -= this.#kept.get(id)?.json.length ?? 0;
    this.#kept.delete(id);
  }
}

/**
 * The texts of rows, by id: those that are known in their present version, and the others as `read` gives them. Only what
 * a pool reads is kept: what a transaction sees may never be committed.
 */
export async function knownTexts<R extends { id: string; version: number }>(
  { app, reader, texts }: { app: Queryable; reader: Queryable; texts: Texts },
  db: Queryable,
  rows: readonly { id: string; version: number }[],
  read: (ids: string[]) => Promise<R[]>,
  textOf: (row: R) => Text,
): Promise<ReadonlyMap<string, Text>> {
  const known = new Map<string, Text>();
  const missing: string[] = [];
  for (const { id, version } of rows) {
    const text = texts.get(id, version);
    if (text === undefined) missing.push(id);
    else known.set(id, text);
  }
  if (missing.length === 0) return known;
  const isCommitted = db === app || db === reader;
  for (const row of await read(missing)) {
    const text = textOf(row);
    known.set(row.id, text);
    if (isCommitted) texts.keep(row.id, text);
  }
  return known;
}
