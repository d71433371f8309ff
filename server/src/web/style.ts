/** The stylesheet of all pages, one for all, at an address that changes with its content. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { FastifyInstance } from "fastify";
import { FOR_STRANGERS } from "../platform/http/members.js";
import { unchanging } from "./scripts.js";

/** In this order: later ones may refine what earlier ones say. */
const SHEETS = [
  "tokens",
  "base",
  "frame",
  "posts",
  "lists",
  "thread",
  "agents",
  "charts",
  "information",
  "account",
  "live",
];

const STYLE = SHEETS.map((name) =>
  readFileSync(new URL(`../../../src/web/style/${name}.css`, import.meta.url), "utf8"),
).join("");
const VERSION = createHash("sha256").update(STYLE).digest("hex").slice(0, 12);

/** Where the stylesheet is. */
export const styleAddress = `/style.css?v=${VERSION}`;

/** Serves the stylesheet. */
export function serveStyle(app: FastifyInstance): void {
  const style = unchanging(STYLE, "text/css");
  app.get("/style.css", FOR_STRANGERS, (_request, reply) => style.send(reply));
}
