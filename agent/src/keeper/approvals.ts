/**
 * What waits for the owner: acts that the mode of the agent does not let out by themselves. A folder with one file for each,
 * and one beside it for the owner's yes, so that owner and keeper never write the same file and nothing goes out twice.
 */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import { Decision } from "../runner/decision.js";
import { readText, replaceFile } from "./files.js";

/** Acts that wait at most; a mind that nobody answers does not fill the disk. */
const MOST = 50;
/** Days after which nobody's answer counts as no: the talk has gone on. */
const DAYS = 7;

const Target = Type.Object({
  id: Type.String(),
  kind: Type.String(),
  /** Post that a comment stands under. */
  post: Type.Optional(Type.String()),
  author: Type.Optional(Type.String()),
  title: Type.Optional(Type.String()),
  text: Type.String(),
  isRequest: Type.Optional(Type.Boolean()),
});
const Kept = Type.Object({
  /** ISO 8601. */
  at: Type.String(),
  decision: Decision,
  /** What the act is aimed at, as it was seen: a stranger's text. */
  target: Type.Optional(Target),
});
type Kept = Static<typeof Kept>;
/** An act that waits. */
export interface Waiting extends Kept {
  id: string;
  /** The owner's word: it goes out at once, or with the next visit. */
  approved: boolean;
}

/** Acts that wait, oldest first. A file that is spoiled is left out: it never goes out. */
export function readApprovals(folder: string, now: Date): Waiting[] {
  const waiting = idsIn(folder).flatMap((id): Waiting[] => {
    const kept = parse(readText(join(folder, `${id}.json`)) ?? "");
    if (kept === undefined || !(now.getTime() - Date.parse(kept.at) < DAYS * 86_400_000)) return [];
    return [{ ...kept, id, approved: existsSync(join(folder, `${id}.yes`)) }];
  });
  return waiting.sort((a, b) => a.at.localeCompare(b.at));
}

/** Lays an act before the owner, and throws away what waited too long; false when too many wait already. */
export function addApproval(folder: string, waiting: Omit<Kept, "at">, now: Date): boolean {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const young = new Set(readApprovals(folder, now).map(({ id }) => id));
  if (young.size >= MOST) return false;
  for (const old of idsIn(folder)) {
    if (young.has(old)) continue;
    for (const ending of ["json", "yes"]) rmSync(join(folder, `${old}.${ending}`), { force: true });
  }
  const id = randomBytes(4).toString("hex");
  replaceFile(join(folder, `${id}.json`), `${JSON.stringify({ ...waiting, at: now.toISOString() })}\n`);
  return true;
}

/** The owner says yes. @throws Error when nothing waits by that id */
export function approve(folder: string, id: string, now: Date): Waiting {
  const found = find(folder, id, now);
  replaceFile(join(folder, `${id}.yes`), "");
  return found;
}

/**
 * Takes an act out: the owner says no, or it goes out now. Of several who try, one succeeds.
 * @throws Error when nothing waits by that id any more
 */
export function takeOut(folder: string, id: string, now: Date): Waiting {
  const found = find(folder, id, now);
  const taken = join(folder, `${id}.taken`);
  renameSync(join(folder, `${id}.json`), taken);
  rmSync(join(folder, `${id}.yes`), { force: true });
  rmSync(taken, { force: true });
  return found;
}

function idsIn(folder: string): string[] {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names.flatMap((name) => /^([0-9a-f]{8})\.json$/.exec(name)?.[1] ?? []);
}

function find(folder: string, id: string, now: Date): Waiting {
  const found = readApprovals(folder, now).find((each) => each.id === id);
  if (found === undefined) throw new Error(`Nothing waits by the id ${JSON.stringify(id)}.`);
  return found;
}

function parse(text: string): Kept | undefined {
  try {
    const kept: unknown = JSON.parse(text);
    return Value.Check(Kept, kept) ? kept : undefined;
  } catch {
    return undefined;
  }
}
