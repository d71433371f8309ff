/** The scripts of the pages with passkeys, from our own origin, each at an address that changes with its content. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { FastifyInstance } from "fastify";
import { FOR_STRANGERS } from "../platform/http/members.js";

/** The browser part of @simplewebauthn as it is published, then what joins it to our forms; in this order. */
const SCRIPTS = [
  {
    path: "/webauthn.js",
    file: new URL("../dist/bundle/index.umd.min.js", import.meta.resolve("@simplewebauthn/browser")),
  },
  { path: "/passkeys.js", file: new URL("../../../src/web/passkeys.js", import.meta.url) },
].map(({ path, file }) => {
  const text = readFileSync(file, "utf8");
  return { path, text, version: createHash("sha256").update(text).digest("hex").slice(0, 12) };
});

/** The addresses of the scripts, for a page's head. */
export const scriptAddresses = SCRIPTS.map(({ path, version }) => `${path}?v=${version}`);

/** Serves the scripts. */
export function serveScripts(app: FastifyInstance): void {
  for (const { path, text } of SCRIPTS) {
    app.get(path, FOR_STRANGERS, (_request, reply) =>
      reply
        .type("text/javascript; charset=utf-8")
        .header("cache-control", "public, max-age=31536000, immutable")
        .send(text),
    );
  }
}
