/**
 * Imports a folder of newline-delimited JSON, batch by batch, each in one transaction. Ids are stable, and what is here
 * already is left alone; so an import that was broken off is finished by doing it again.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Pool } from "pg";
import { foundDefaults } from "../../communities/write/found-submolt.js";
import type { Queryable } from "../../platform/db.js";
import { SYSTEM, transaction } from "../../platform/transaction.js";
import { type CheckProgress, checkManifest } from "../read/manifest.js";
import { importAgents } from "./agents.js";
import { importComments, prepareComment, type ReadyComment } from "./comments.js";
import { batchesOf, FILES, linesOf, nameOf, type Place } from "./lines.js";
import { importPosts, preparePost } from "./posts.js";
import { importSubmolts } from "./submolts.js";
import { FALLBACK, surveyFolder } from "./survey.js";
import { inTurns, prepareEach } from "./turns.js";

const BATCH = 1_000;

/** How far an import is. */
export interface ImportProgress {
  /** Items looked at. */
  done: number;
  /** All items of the folder, also agents and submolts that only posts and comments name. */
  total: number;
}

/** A line that was skipped. */
export interface SkippedLine extends Place {
  problem: string;
}

/** What an import did. */
export interface ImportReport {
  /** Items that are here now and were not before. */
  added: { agents: number; submolts: number; posts: number; comments: number };
  /** Items of the folder that could be read. */
  read: number;
  skipped: SkippedLine[];
  /** What could not be taken as it was, one sentence each. */
  notes: string[];
}

/** What {@link importFolder} wants to know. */
export interface ImportOptions {
  now: Date;
  /** Hears how much there is, and of every committed batch; what it throws ends the import there. */
  progress(progress: ImportProgress): void;
  /** Hears how far the check of an archive's digests is; it comes first. */
  checking?(progress: CheckProgress): void;
}

/**
 * Imports a folder.
 * @throws Error when the folder holds none of the files, or an archive that is unfinished or was changed
 */
export async function importFolder(pool: Pool, folder: string, options: ImportOptions): Promise<ImportReport> {
  if (!existsSync(folder)) throw new Error(`There is no folder ${folder}.`);
  if (!FILES.some(({ name }) => existsSync(join(folder, name)))) {
    throw new Error(`There is nothing to import in ${folder}: none of ${FILES.map(({ name }) => name).join(", ")}`);
  }
  const { now, progress } = options;
  await checkManifest(folder, options.checking ?? (() => undefined));
  const skipped: SkippedLine[] = [];
  const notes: string[] = [];
  const refuse = (at: Place, problem: string) => void skipped.push({ ...at, problem });
  const note = (sentence: string) => void notes.push(sentence);
  const survey = await surveyFolder(folder, now, { refuse, note });
  const { agents: wantedAgents, submolts: wantedSubmolts, posts, comments, follows } = survey;
  const total = wantedAgents.length + wantedSubmolts.length + posts + comments;
  const added = { agents: 0, submolts: 0, posts: 0, comments: 0 };
  let done = 0;
  const advance = (items: number) => {
    done += items;
    progress({ done, total });
  };
  progress({ done, total });
  /** A transaction may run twice; what it says counts once. */
  const inOne = async <T>(work: (tx: Queryable, listener: typeof heard) => Promise<T>): Promise<T> => {
    let said: (() => void)[] = [];
    const listener: typeof heard = {
      refuse: (at, problem) => void said.push(() => refuse(at, problem)),
      note: (sentence) => void said.push(() => note(sentence)),
    };
    const result = await transaction(pool, { actor: SYSTEM }, (tx) => {
      said = [];
      return work(tx, listener);
    });
    for (const say of said) say();
    return result;
  };
  const heard = { refuse, note };
  /** The second reading passes over what the survey has complained of. */
  const refused = new Set(skipped.map(nameOf));

  const agents = new Map<string, string>();
  for (const batch of chunks(wantedAgents)) {
    const imported = await inOne((tx) => importAgents(tx, batch, { known: agents, follows }));
    for (const [name, id] of imported.ids) agents.set(name, id);
    notes.push(...imported.notes);
    added.agents += imported.added;
    advance(batch.length);
  }
  if (!wantedSubmolts.some(({ name, line }) => name === FALLBACK && line)) await inOne((tx) => foundDefaults(tx, now));
  const submolts = new Map<string, string>();
  for (const batch of chunks([...wantedSubmolts, ...fallbackOf(wantedSubmolts, now)])) {
    const imported = await inOne((tx) => importSubmolts(tx, batch, agents));
    for (const [name, id] of imported.ids) submolts.set(name, id);
    added.submolts += imported.added;
    advance(batch.length);
  }
  const readyPosts = readyOf(linesOf(folder, "post", now, refuse, refused), (line) =>
    preparePost(line, { agents, submolts }),
  );
  await inTurns(readyPosts, async (batch) => {
    added.posts += await inOne((tx, listener) => importPosts(tx, batch, listener));
    advance(batch.length);
  });
  let waiting: ReadyComment[] = [];
  const writeComments = async (batch: readonly ReadyComment[]) => {
    const imported = await inOne((tx, listener) => importComments(tx, batch, listener));
    added.comments += imported.added;
    waiting.push(...imported.waiting);
    advance(batch.length - imported.waiting.length);
  };
  const readyComments = readyOf(linesOf(folder, "comment", now, refuse, refused), (line) =>
    prepareComment(line, agents),
  );
  await inTurns(readyComments, writeComments);
  for (let before = waiting.length + 1; waiting.length > 0 && waiting.length < before; ) {
    before = waiting.length;
    const again = waiting;
    waiting = [];
    for (const batch of chunks(again)) await writeComments(batch);
  }
  for (const { line } of waiting) refuse(line.at, `its parent ${line.parentId} is neither in the folder nor here`);
  return { added, read: done + waiting.length, skipped, notes };
}

/** What has no submolt needs one, even if the folder never names it. */
function fallbackOf(wanted: readonly { name: string }[], since: Date): { name: string; since: Date }[] {
  return wanted.some(({ name }) => name === FALLBACK) ? [] : [{ name: FALLBACK, since }];
}

/** Batches of lines, each line made ready. */
async function* readyOf<L, R>(lines: AsyncIterable<readonly L[]>, prepare: (line: L) => R): AsyncGenerator<R[]> {
  for await (const batch of batchesOf(lines, BATCH)) yield await prepareEach(batch, prepare);
}

function* chunks<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += BATCH) yield items.slice(start, start + BATCH);
}
