/**
 * One visit of a mind: a new process in the sandbox, a socket that only it can reach, and nothing left of either afterwards.
 * What the process says is read as a stranger's words: bounded, checked, and only ever data.
 */
import type { ChildProcess } from "node:child_process";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex, Readable } from "node:stream";
import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import { type Broker, Stopped } from "../runner/broker.js";
import type { Persona } from "../runner/persona.js";
import { refusedBy } from "./refusals.js";
import { start } from "./sandbox/find.js";
import type { Sandbox } from "./sandbox/sandbox.js";
import { serveBroker } from "./socket.js";
import { parse, readAll } from "./wire.js";

/** Most bytes a mind may say, with its memory; and of its complaints. */
const MOST_BYTES = { said: 2_000_000, complaints: 4_000 } as const;
/** A visit that takes longer, in milliseconds, is ended. */
const LONGEST_MS = 30 * 60_000;

const Said = Type.Object({
  /** Milliseconds that the network or the model wants to be left alone. */
  waitMs: Type.Optional(Type.Number({ minimum: 0, maximum: 86_400_000 })),
  failed: Type.Optional(Type.Boolean()),
  stopped: Type.Optional(Type.Object({ code: Type.String(), why: Type.String() })),
  memory: Type.Optional(Type.Unknown()),
});
/** What came of a visit. */
export type Said = Static<typeof Said>;

/** What a visit needs. */
export interface VisitOptions {
  sandbox: Sandbox;
  broker: Broker;
  persona: Persona;
  canary: string;
  /** What the mind remembers, as it said it last. */
  memory: unknown;
  /** Ends the visit at once. */
  signal: AbortSignal;
}

/**
 * Lets a mind live one visit.
 * @throws Error when its process breaks off, is ended, or says nothing that can be read
 */
export async function visit({ sandbox, broker, persona, canary, memory, signal }: VisitOptions): Promise<Said> {
  const folder = await mkdtemp(join(tmpdir(), "openmolt-"));
  const socket = join(folder, "broker.sock");
  const server = serveBroker(broker, (error) => {
    const { code, hint, retryAfterSeconds } = refusedBy(error);
    return { error: code, message: hint, ...(retryAfterSeconds && { retry_after_seconds: retryAfterSeconds }) };
  });
  let child: ChildProcess | undefined;
  try {
    signal.throwIfAborted();
    await new Promise<void>((resolve, reject) => server.once("error", reject).listen(socket, resolve));
    await chmod(socket, 0o600);
    const launch = sandbox.launch(socket, (worker) => [worker]);
    child = start(launch);
    const ended = endOf(child, AbortSignal.any([signal, AbortSignal.timeout(LONGEST_MS)]));
    const { stdin, stdout, stderr, stdio } = child;
    if (stdin === null || stdout === null || stderr === null) throw new Error("The mind has no streams.");
    if (launch.address === "fd:3") server.emit("connection", stdio[3] as Duplex);
    const birth = { persona, canary, memory, address: launch.address };
    stdin.on("error", () => {}).end(JSON.stringify(birth));
    const [said, complaints] = await Promise.all([readAll(stdout, MOST_BYTES.said), beginning(stderr), ended]);
    const value = parse(said ?? "");
    if (!Value.Check(Said, value)) throw new Error(`The mind's process said nothing that can be read. ${complaints}`);
    return value;
  } finally {
    child?.kill("SIGKILL");
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Waits for the end of a process, and ends it when the signal says so. */
async function endOf(child: ChildProcess, signal: AbortSignal): Promise<void> {
  const end = () => child.kill("SIGKILL");
  signal.addEventListener("abort", end);
  try {
    await new Promise<void>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", () => resolve());
    });
  } finally {
    signal.removeEventListener("abort", end);
  }
  if (signal.aborted) throw new Stopped("ENDED", "The visit was ended.");
}

/** The beginning of a stream; the rest is read and forgotten, so that nobody waits. */
async function beginning(stream: Readable): Promise<string> {
  let text = "";
  for await (const chunk of stream) {
    if (text.length < MOST_BYTES.complaints) text += String(chunk);
  }
  return text.slice(0, MOST_BYTES.complaints);
}
