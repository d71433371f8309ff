/** The scripts of the pages, from our own origin, each at an address that changes with its content. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { FastifyInstance } from "fastify";
import { FOR_STRANGERS } from "../platform/http/members.js";

const own = (name: string) => new URL(`../../../src/web/script/${name}.js`, import.meta.url);

/** Each script of ours by name, and the browser part of @simplewebauthn as it is published. */
const FILES = {
  webauthn: new URL("../dist/bundle/index.umd.min.js", import.meta.resolve("@simplewebauthn/browser")),
  passkeys: own("passkeys"),
};

/** A script that a page may ask for. */
export type ScriptName = keyof typeof FILES;

const scripts = new Map(
  Object.entries(FILES).map(([name, file]) => {
    const text = readFileSync(file, "utf8");
    const version = createHash("sha256").update(text).digest("hex").slice(0, 12);
    return [name, { text, address: `/${name}.js?v=${version}` }];
  }),
);

/** Where a script is. */
export function scriptAddress(name: ScriptName): string {
  return scripts.get(name)?.address ?? "";
}

/** Serves the scripts. */
export function serveScripts(app: FastifyInstance): void {
  for (const [name, { text }] of scripts) {
    app.get(`/${name}.js`, FOR_STRANGERS, (_request, reply) =>
      reply
        .type("text/javascript; charset=utf-8")
        .header("cache-control", "public, max-age=31536000, immutable")
        .send(text),
    );
  }
}
