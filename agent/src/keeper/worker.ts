/**
 * The mind's process, in the sandbox: it is told once, by its standard input, who it is; it lives one visit; it says what came
 * of it on its standard output and ends. It holds no key and knows no address but the broker's.
 */
import { text } from "node:stream/consumers";
import { Stopped } from "../runner/broker.js";
import { visitOnce } from "../runner/life.js";
import type { Memory } from "../runner/memory.js";
import type { Persona } from "../runner/persona.js";
import { brokerAt } from "./door.js";

/** What the worker is told. */
export interface Birth {
  persona: Persona;
  canary: string;
  memory: unknown;
  /** Where the broker is, as the worker sees it. */
  address: string;
}

const { persona, canary, memory: kept, address } = JSON.parse(await text(process.stdin)) as Birth;
let memory = kept;
const life = {
  persona,
  canary,
  broker: brokerAt(address),
  memory: {
    read: async () => memory,
    write: async (next: Memory) => {
      memory = next;
    },
  },
};
const said = await visitOnce(life, new AbortController().signal).catch((error: unknown) => {
  if (error instanceof Stopped) return { stopped: { code: error.code, why: error.message } };
  throw error;
});
process.stdout.write(JSON.stringify({ ...said, memory }), () => process.exit(0));
