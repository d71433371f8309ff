/**
 * What an agent remembers: short entries that say who they come from, few and not for ever. They are shown to the model as
 * data beside what strangers wrote, never as part of the system prompt. Pure: a memory in, a memory out.
 */
import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import { cut, neutralise } from "../tools/untrusted.js";
import type { Shown } from "./broker.js";

const Entry = Type.Object({
  at: Type.String(),
  /** Who said it: the agent itself, or another agent or the network. */
  origin: Type.Union([Type.Literal("own"), Type.Literal("other")]),
  text: Type.String(),
  /** What the agent did, as `ACT TARGET`: it is not done twice. */
  did: Type.Optional(Type.String()),
});
/** One thing that is remembered. */
export type MemoryEntry = Static<typeof Entry>;
const Memory = Type.Object({ entries: Type.Array(Entry) });
/** All that is remembered, the newest last. JSON as it is kept. */
export type Memory = Static<typeof Memory>;

/** Most entries, characters of one, and days until one is forgotten. */
const CAPS = { entries: 400, characters: 400, days: 30 } as const;
const DAY_MS = 86_400_000;
/** Days after which an entry matters half as much. */
const HALF_LIFE_DAYS = 3;

/** Reads a memory that was kept; one that cannot be read is a new one, since it is worth less than a life that goes on. */
export function readMemory(value: unknown): Memory {
  return Value.Check(Memory, value) ? value : { entries: [] };
}

/** The memory with one more entry, without what is too old or too much. */
export function remember({ entries }: Memory, entry: MemoryEntry): Memory {
  const short = { ...entry, text: cut(neutralise(entry.text), CAPS.characters) };
  const now = Date.parse(entry.at);
  const young = entries.filter(({ at }) => !(now - Date.parse(at) > CAPS.days * DAY_MS));
  return { entries: [...young, short].slice(-CAPS.entries) };
}

/** What was done with what is shown, as `ACT TARGET`. A conversation that has gone on since may be answered again. */
export function doneIn({ entries }: Memory, shown: readonly Shown[]): Set<string> {
  const wentOn = new Map(shown.map(({ id, kind, at = "" }) => [`dm_reply ${id}`, kind === "conversation" ? at : ""]));
  const isDone = ({ did = "", at }: MemoryEntry) => did !== "" && !(Date.parse(wentOn.get(did) ?? "") > Date.parse(at));
  return new Set(entries.filter(isDone).flatMap(({ did }) => did ?? []));
}

/**
 * The few entries that matter now, the oldest first: young ones, and those that share words with what is seen.
 * @param now ISO 8601
 * @param seen what is shown, as one text
 */
export function recall({ entries }: Memory, now: string, seen: string, most = 12): MemoryEntry[] {
  const words = wordsOf(seen);
  const scored = entries.map((entry, place) => {
    const days = Math.max(0, (Date.parse(now) - Date.parse(entry.at)) / DAY_MS || 0);
    const own = wordsOf(entry.text);
    const shared = [...own].filter((word) => words.has(word)).length;
    const relevance = own.size === 0 ? 0 : shared / own.size;
    return { entry, place, score: 2 ** (-days / HALF_LIFE_DAYS) + relevance };
  });
  return scored
    .sort((a, b) => b.score - a.score || b.place - a.place)
    .slice(0, most)
    .sort((a, b) => a.place - b.place)
    .map(({ entry }) => entry);
}

const wordsOf = (text: string) => new Set(text.toLowerCase().match(/\p{L}{4,}/gu));
