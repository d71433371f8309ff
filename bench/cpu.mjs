/** Processor time and memory of processes, from the operating system's own accounting (Linux: /proc). */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";

const TICK_MS = existsSync("/proc/self/stat")
  ? 1_000 / Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }))
  : 0;

/**
 * The fields of /proc/PID/stat from the parent on, or undefined when the process has ended.
 * @param {number} pid
 */
function statOf(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text
      .slice(text.lastIndexOf(")") + 4)
      .split(" ")
      .map(Number);
  } catch {
    return undefined;
  }
}

/** Places in what {@link statOf} gives. */
const PARENT = 0;
const USER = 10;
const SYSTEM = 11;
const ENDED_USER = 12;
const ENDED_SYSTEM = 13;

/**
 * Milliseconds of processor time a process has used so far, all its threads together.
 * @param {number} pid
 */
export function processMs(pid) {
  const stat = statOf(pid);
  return stat === undefined ? 0 : (stat[USER] + stat[SYSTEM]) * TICK_MS;
}

/**
 * Milliseconds of processor time a database server has used so far: its first process, the children alive, and those that
 * have ended.
 * @param {number} postmaster process id of the first one
 */
export function databaseMs(postmaster) {
  const first = statOf(postmaster);
  if (first === undefined) throw new Error("the database server has ended");
  let ticks = first[USER] + first[SYSTEM] + first[ENDED_USER] + first[ENDED_SYSTEM];
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const stat = statOf(Number(name));
    if (stat?.[PARENT] === postmaster) ticks += stat[USER] + stat[SYSTEM];
  }
  return ticks * TICK_MS;
}

/** Milliseconds that all processors of the machine have been busy so far, whoever used them. */
export function machineMs() {
  const [user, nice, system, , , interrupts, soft, stolen] = readFileSync("/proc/stat", "utf8")
    .split("\n", 1)[0]
    .trim()
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + interrupts + soft + stolen) * TICK_MS;
}

/**
 * The most memory a process has held at once, in MB (10^6 bytes).
 * @param {number} pid
 */
export function peakMemoryMb(pid) {
  const kib = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
  return (kib * 1_024) / 1e6;
}

/** Whether this system keeps the accounts we need. */
export const canMeasure = TICK_MS > 0;
