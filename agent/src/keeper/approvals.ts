/** What waits for the owner: acts that the mode of the agent does not let out by themselves. One file, replaced whole. */
import { randomBytes } from "node:crypto";
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
const Waiting = Type.Object({
  id: Type.String(),
  /** ISO 8601. */
  at: Type.String(),
  decision: Decision,
  /** What the act is aimed at, as it was seen: a stranger's text. */
  target: Type.Optional(Target),
  /** The owner's word: it goes out with the next visit. */
  approved: Type.Boolean(),
});
/** An act that waits. */
export type Waiting = Static<typeof Waiting>;

/** Acts that wait, oldest first. @throws Error when the file is spoiled */
export function readApprovals(path: string, now: Date): Waiting[] {
  const text = readText(path);
  if (text === undefined) return [];
  const list = parse(text);
  if (list === undefined) throw new Error(`${path} is spoiled. Nothing of it goes out; remove it to begin anew.`);
  return list.filter(({ at }) => now.getTime() - Date.parse(at) < DAYS * 86_400_000);
}

/** Lays an act before the owner; false when too many wait already. */
export function addApproval(path: string, waiting: Omit<Waiting, "id" | "at" | "approved">, now: Date): boolean {
  const list = readApprovals(path, now);
  if (list.length >= MOST) return false;
  list.push({ ...waiting, id: randomBytes(4).toString("hex"), at: now.toISOString(), approved: false });
  save(path, list);
  return true;
}

/** The owner says yes. @throws Error when nothing waits by that id */
export function approve(path: string, id: string, now: Date): Waiting {
  const list = readApprovals(path, now);
  const found = find(list, id);
  found.approved = true;
  save(path, list);
  return found;
}

/** Takes an act out: the owner says no, or it went out. @throws Error when nothing waits by that id */
export function takeOut(path: string, id: string, now: Date): Waiting {
  const list = readApprovals(path, now);
  const found = find(list, id);
  save(
    path,
    list.filter((each) => each !== found),
  );
  return found;
}

function find(list: readonly Waiting[], id: string): Waiting {
  const found = list.find((each) => each.id === id);
  if (found === undefined) throw new Error(`Nothing waits by the id ${JSON.stringify(id)}.`);
  return found;
}

function save(path: string, list: readonly Waiting[]): void {
  replaceFile(path, `${JSON.stringify(list, null, 2)}\n`);
}

function parse(text: string): Waiting[] | undefined {
  try {
    const list: unknown = JSON.parse(text);
    return Value.Check(Type.Array(Waiting), list) ? list : undefined;
  } catch {
    return undefined;
  }
}
