/**
 * Texts of posts and comments, authors and submolts as pieces of JSON, kept by id and version: a version never changes, so
 * whoever knows which version is the present one need not read the text again. What was not used for long goes.
 */
import pg from "pg";
import type { Queryable } from "./db.js";
import { isShared } from "./shared-connections.js";

/** A piece of JSON made of one version of a text. */
export interface Text {
  version: number;
  json: string;
  /** When a post or comment was written, as on the wire. */
  createdAt?: string;
}

/** What is read again and again is little; with eight times as much no read was measurably cheaper. */
const MOST_CHARACTERS = 2 * 1_048_576;

/** The texts this process has read lately, in two generations: when the young one is full, the old one is forgotten. */
export class Texts {
  #young = new Map<string, Text>();
  #old: ReadonlyMap<string, Text> = new Map();
  /** Those of the young generation. */
  #characters = 0;

  /** @param most characters kept at most */
  constructor(private readonly most = MOST_CHARACTERS) {}

  /** This version of a text, if it is known. */
  get(id: string, version: number): Text | undefined {
    const young = this.#young.get(id);
    if (young !== undefined) return young.version === version ? young : undefined;
    const old = this.#old.get(id);
    if (old?.version !== version) return undefined;
    this.keep(id, old);
    return old;
  }

  /** Keeps a text; an older version of it is not found any more. */
  keep(id: string, text: Text): void {
    this.#characters += text.json.length - (this.#young.get(id)?.json.length ?? 0);
    this.#young.set(id, text);
    if (this.#characters <= this.most / 2) return;
    this.#old = this.#young;
    this.#young = new Map();
    this.#characters = 0;
  }
}

/**
 * The texts of rows, by id: those that are known in their present version, and the others as `read` gives them. Only what
 * a pool reads is kept: what a transaction sees may never be committed.
 */
export async function knownTexts<R extends { id: string; version: number }>(
  { texts }: { texts: Texts },
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
  const isCommitted = db instanceof pg.Pool || isShared(db);
  for (const row of await read(missing)) {
    const text = textOf(row);
    known.set(row.id, text);
    if (isCommitted) texts.keep(row.id, text);
  }
  return known;
}
