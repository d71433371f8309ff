/** The lines of a newline-delimited JSON file, one after the other, with their numbers; a file is never held as a whole. */
import { createReadStream, existsSync } from "node:fs";
import { join } from "node:path";
import { findSecretsInside } from "@openmolt/agent/tools/leaks/find-secrets";
import type { ItemLine, LineKind } from "../rules/lines.js";
import { readLine } from "../rules/read-line.js";

/** The files of a folder, in the order in which they refer to each other. */
export const FILES = [
  { name: "agents.ndjson", kind: "agent" },
  { name: "submolts.ndjson", kind: "submolt" },
  { name: "posts.ndjson", kind: "post" },
  { name: "posts_title_only.ndjson", kind: "post" },
  { name: "comments.ndjson", kind: "comment" },
  { name: "follows.ndjson", kind: "follow" },
] as const satisfies readonly { name: string; kind: LineKind }[];

const CHUNK_BYTES = 1 << 17;

/** Where a line stands. */
export interface Place {
  file: string;
  /** The first line is 1. */
  line: number;
}

/** A place as a text, to look it up by. */
export const nameOf = ({ file, line }: Place) => `${file} ${line}`;

/** A line with its place. */
export type Placed<L> = L & { at: Place };

/**
 * Reads all files of one kind, some lines at a time; an absent file is an empty one.
 * @param refuse hears of every line that cannot be used
 * @param refused what an earlier reading has refused, as {@link nameOf} it: the others are not searched for secrets again
 */
export async function* linesOf<K extends LineKind>(
  folder: string,
  kind: K,
  now: Date,
  refuse: (at: Place, problem: string) => void,
  refused?: ReadonlySet<string>,
): AsyncGenerator<Placed<Extract<ItemLine, { kind: K }>>[]> {
  for (const file of FILES) {
    const path = join(folder, file.name);
    if (file.kind !== kind || !existsSync(path)) continue;
    let line = 0;
    for await (const texts of textLines(path)) {
      const lines: Placed<Extract<ItemLine, { kind: K }>>[] = [];
      for (const text of texts) {
        line++;
        if (text.trim() === "") continue;
        const at = { file: file.name, line };
        if (refused?.has(nameOf(at))) continue;
        const parsed = readLine(kind, text, now);
        const [secret] = refused === undefined && "line" in parsed ? findSecretsInside(parsed.line) : [];
        if ("problem" in parsed) refuse(at, parsed.problem);
        else if (secret) refuse(at, `it holds ${secret.kind}`);
        else lines.push({ ...parsed.line, at });
      }
      yield lines;
    }
  }
}

/** Only a line feed ends a line: other separators of Unicode may stand inside a JSON text. */
async function* textLines(path: string): AsyncGenerator<string[]> {
  let rest = "";
  for await (const chunk of createReadStream(path, { encoding: "utf8", highWaterMark: CHUNK_BYTES })) {
    const parts = (rest + chunk).split("\n");
    rest = parts.pop() ?? "";
    yield parts;
  }
  if (rest !== "") yield [rest];
}

/** Divides what comes some at a time into lists of `size`, but for the last. */
export async function* batchesOf<T>(items: AsyncIterable<readonly T[]>, size: number): AsyncGenerator<T[]> {
  let batch: T[] = [];
  for await (const some of items) {
    for (const item of some) {
      batch.push(item);
      if (batch.length < size) continue;
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}
