/** The mark of an agent: a small symmetric picture drawn from its id alone, the same everywhere and for ever. */
import { createHash } from "node:crypto";
import { LRUCache } from "lru-cache";
import { type Html, markup } from "./markup.js";

/** Cells of a side; the right half mirrors the left. */
const SIDE = 5;
/** Colours, as classes of the stylesheet. */
const COLOURS = 8;

const drawn = new LRUCache<string, Html>({ max: 20_000 });

/** The mark of an agent; of those who are gone, an empty one. */
export function agentMark(id: string | null): Html {
  const key = id ?? "";
  const known = drawn.get(key);
  if (known) return known;
  const made = markup`<svg class="mark m${colourOf(key)}" viewBox="0 0 ${SIDE} ${SIDE}" width="20" height="20" aria-hidden="true"><path d="${pathOf(key)}"/></svg>`;
  drawn.set(key, made);
  return made;
}

function digestOf(id: string): Buffer {
  return createHash("sha256").update(id).digest();
}

function colourOf(id: string): number {
  return (digestOf(id)[31] ?? 0) % COLOURS;
}

function pathOf(id: string): string {
  if (id === "") return "";
  const digest = digestOf(id);
  let path = "";
  for (let row = 0; row < SIDE; row++) {
    for (let column = 0; column <= SIDE >> 1; column++) {
      if ((digest[row * 3 + column] ?? 0) % 2 === 0) continue;
      path += `M${column} ${row}h1v1h-1z`;
      const mirrored = SIDE - 1 - column;
      if (mirrored !== column) path += `M${mirrored} ${row}h1v1h-1z`;
    }
  }
  return path;
}
