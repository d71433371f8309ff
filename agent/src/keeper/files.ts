/** Files of the keeper: for their owner alone (0600), replaced whole or not at all, on the disk when a function returns. */
import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";

/** What the keeper keeps of one agent, all in the agent's folder of the vault. */
export interface Places {
  /** Locks by number, see lock.ts. */
  lock: string;
  /** The kill switch: while it is there, nothing is asked or done. */
  stop: string;
  /** What was spent, by day. */
  ledger: string;
  /** What was seen, decided and done, one JSON line each. */
  audit: string;
  /** What waits for the owner. */
  approvals: string;
  /** What the mind remembers between two visits. */
  memory: string;
  /** What a running keeper says of itself, for `status`. */
  state: string;
  /** Skills the owner has reviewed, each as it was then. */
  skills: string;
}

/** Where the keeper keeps what in an agent's folder. */
export function placesIn(folder: string): Places {
  return {
    lock: join(folder, "running"),
    stop: join(folder, "stop.json"),
    ledger: join(folder, "ledger.json"),
    audit: join(folder, "audit.jsonl"),
    approvals: join(folder, "approvals"),
    memory: join(folder, "memory.json"),
    state: join(folder, "state.json"),
    skills: join(folder, "skills"),
  };
}

/** The text of a file, or undefined where there is none. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Replaces a file whole: after a crash there is the old text or the new one. */
export function replaceFile(path: string, text: string): void {
  const draft = `${path}.${randomBytes(6).toString("hex")}.new`;
  try {
    write(draft, "wx", text);
    renameSync(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
  const folder = openSync(dirname(path), "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** Adds one line to a file. */
export function appendLine(path: string, line: string): void {
  write(path, "a", `${line}\n`);
}

function write(path: string, flags: "a" | "wx", text: string): void {
  const file = openSync(path, flags, 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
