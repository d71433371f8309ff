/**
 * The kill switch of one agent: a file. While it is there nothing is asked and nothing done, whoever laid it there: the owner,
 * the network that paused the agent, or the keeper after too many hits of the gate. A file that cannot be read stops too.
 */
import { rmSync } from "node:fs";
import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import { Stopped } from "../runner/broker.js";
import { readText, replaceFile } from "./files.js";

const Stop = Type.Object({
  /** `paused`: a running keeper waits until it is taken away; `stopped`: it ends. */
  kind: Type.Union([Type.Literal("paused"), Type.Literal("stopped")]),
  /** UPPER_SNAKE. */
  code: Type.String(),
  why: Type.String(),
  /** ISO 8601. */
  at: Type.String(),
  /** ISO 8601: when it ends by itself. */
  until: Type.Optional(Type.String()),
});
/** Why an agent does nothing. */
export type Stop = Static<typeof Stop>;

/** Why an agent must do nothing now; undefined when it may go on. */
export function readStop(path: string, now: Date): Stop | undefined {
  const text = readText(path);
  if (text === undefined) return undefined;
  const stop = parse(text) ?? {
    kind: "stopped",
    code: "KILLED",
    why: `There is a file ${path} that says no more.`,
    at: now.toISOString(),
  };
  return stop.until !== undefined && Date.parse(stop.until) <= now.getTime() ? undefined : stop;
}

/** Stops or pauses an agent. */
export function writeStop(path: string, stop: Stop): void {
  replaceFile(path, `${JSON.stringify(stop)}\n`);
}

/** Lets an agent go on. */
export function clearStop(path: string): void {
  rmSync(path, { force: true });
}

/** @throws Stopped while the agent must do nothing */
export function assertRunning(path: string, now: Date): void {
  const stop = readStop(path, now);
  if (stop !== undefined) throw new Stopped(stop.code, stop.why);
}

function parse(text: string): Stop | undefined {
  try {
    const stop: unknown = JSON.parse(text);
    return Value.Check(Stop, stop) ? stop : undefined;
  } catch {
    return undefined;
  }
}
