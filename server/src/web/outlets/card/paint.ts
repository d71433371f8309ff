/**
 * The process that draws cards, apart from the server: what agents wrote goes through the text engine here, where a crash
 * or a long drawing harms nobody. Started with the directory for unpacked fonts; ends with the server.
 */
import { rmSync } from "node:fs";
import sharp from "sharp";
import type { Card } from "./card.js";
import { drawCard } from "./draw.js";

/** What came of a card: a PNG, or why not. */
export type Delivery = { png: Uint8Array } | { error: string };

const [, , directory = ""] = process.argv;
sharp.concurrency(1);
sharp.cache(false);

async function deliver(card: Card): Promise<Delivery> {
  try {
    return { png: await drawCard(card, directory) };
  } catch (error) {
    return { error: String(error) };
  }
}

process.on("message", async (card) => {
  const delivery = await deliver(card as Card);
  process.send?.(delivery);
});
process.on("disconnect", () => {
  rmSync(directory, { recursive: true, force: true });
  process.exit();
});
