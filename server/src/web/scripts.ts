/** The scripts of the pages, from our own origin, each at an address that changes with its content. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { FastifyInstance } from "fastify";
import { FOR_STRANGERS } from "../platform/http/members.js";
import { Rendition } from "../platform/http/rendition.js";

const own = (name: string) => new URL(`../../../src/web/script/${name}.js`, import.meta.url);

/** Each script of ours by name, after those it imports, and the browser part of @simplewebauthn as it is published. */
const FILES = {
  webauthn: new URL("../dist/bundle/index.umd.min.js", import.meta.resolve("@simplewebauthn/browser")),
  passkeys: own("passkeys"),
  stream: own("stream"),
  news: own("news"),
  site: own("site"),
  feed: own("feed"),
  thread: own("thread"),
  lanes: own("lanes"),
  stage: own("stage"),
};

/** A script that a page may ask for. */
export type ScriptName = keyof typeof FILES;

const scripts = new Map<string, { text: string; address: string }>();
for (const [name, file] of Object.entries(FILES)) {
  const text = readFileSync(file, "utf8").replaceAll(
    /(?<= from )"\.\/([a-z]+)\.js"/g,
    (_, imported: string) => `"${addressOf(imported)}"`,
  );
  const version = createHash("sha256").update(text).digest("hex").slice(0, 12);
  scripts.set(name, { text, address: `/${name}.js?v=${version}` });
}

function addressOf(name: string): string {
  const known = scripts.get(name);
  if (!known) throw new Error(`The script ${name} is not among those before it`);
  return known.address;
}

/** Where a script is. */
export function scriptAddress(name: ScriptName): string {
  return addressOf(name);
}

/** Serves the scripts. */
export function serveScripts(app: FastifyInstance): void {
  for (const [name, { text }] of scripts) {
    const script = unchanging(text, "text/javascript");
    app.get(`/${name}.js`, FOR_STRANGERS, (_request, reply) => script.send(reply));
  }
}

/** A text at an address that changes with it: whoever has it need not ask again. */
export function unchanging(text: string, type: string): Rendition {
  const headers = { "content-type": `${type}; charset=utf-8`, "cache-control": "public, max-age=31536000, immutable" };
  return new Rendition(text, headers, true);
}
