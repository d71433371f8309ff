/**
 * One runner per agent. Locks are numbered files; whoever makes the next number holds the agent, and a number is made once.
 * Nothing is ever taken away from a live owner: a lock counts as free when its process is gone, or when it was given back.
 */
import { randomBytes } from "node:crypto";
import { linkSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { readText, replaceFile } from "./files.js";

/** Who holds an agent. */
export interface Holder {
  pid: number;
  /** When the process began, in ticks since boot: a number that is used again is another process. */
  began?: string;
  host: string;
  /** ISO 8601. */
  since: string;
}

/** A lock that is held. */
export interface Lock {
  /** Gives the agent back. */
  release(): void;
}

const FREE = { pid: 0, host: "", since: "" };

/**
 * Takes the lock of an agent.
 * @param path where the locks are: path.1, path.2 …
 * @throws Error when another live process holds it
 */
export function takeLock(path: string, now: Date): Lock {
  const mine: Holder = { pid: process.pid, host: hostname(), since: now.toISOString() };
  const began = beganAt(process.pid);
  if (began !== undefined) mine.began = began;
  const draft = `${path}.${randomBytes(6).toString("hex")}.new`;
  replaceFile(draft, JSON.stringify(mine));
  try {
    for (;;) {
      const last = lastOf(path);
      const holder = last === 0 ? undefined : readHolder(`${path}.${last}`);
      if (holder !== undefined && isAlive(holder)) throw held(holder);
      const own = `${path}.${last + 1}`;
      if (!link(draft, own)) continue;
      if (lastOf(path) !== last + 1) {
        // Slept between the look and the link, and others came and went meanwhile.
        rmSync(own, { force: true });
        continue;
      }
      for (const number of numbersOf(path)) if (number <= last) rmSync(`${path}.${number}`, { force: true });
      return { release: () => replaceFile(own, JSON.stringify(FREE)) };
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Who holds an agent now; undefined when nobody does. */
export function holderOf(path: string): Holder | undefined {
  const last = lastOf(path);
  const holder = last === 0 ? undefined : readHolder(`${path}.${last}`);
  return holder !== undefined && isAlive(holder) ? holder : undefined;
}

function held({ pid, host, since }: Holder): Error {
  const where = host === hostname() ? "" : ` on ${host}`;
  return new Error(`This agent already runs${where}: process ${pid}, since ${since}. Two at once would act twice.`);
}

/** True when the name was free. */
function link(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function numbersOf(path: string): number[] {
  const prefix = `${basename(path)}.`;
  const names = readdirSync(dirname(path)).filter((name) => name.startsWith(prefix));
  return names.map((name) => Number(name.slice(prefix.length))).filter(Number.isSafeInteger);
}

function lastOf(path: string): number {
  return Math.max(0, ...numbersOf(path));
}

function readHolder(path: string): Holder | undefined {
  const text = readText(path);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as Holder;
  } catch {
    throw new Error(`The lock ${path} is spoiled. When nothing runs this agent, remove it.`);
  }
}

function isAlive({ pid, began, host }: Holder): boolean {
  if (pid === 0) return false;
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  const now = beganAt(pid);
  return began === undefined || now === undefined || began === now;
}

/** Linux: the 22nd field of /proc/PID/stat, counted after the name, which may hold anything; undefined elsewhere. */
function beganAt(pid: number): string | undefined {
  try {
    const stat = readFileSync(join("/proc", String(pid), "stat"), "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}
