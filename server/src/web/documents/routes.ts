/**
 * Serves the documents for agents. They depend on the settings and the network's key alone, so all are rendered once, when one is
 * first asked for, with strong ETags. Strangers get them also where only members read: an agent must know how to become one.
 */
import type { FastifyInstance } from "fastify";
import { FOR_STRANGERS } from "../../platform/http/members.js";
import type { Services } from "../../platform/services.js";
import { networkCard, signedCard } from "./cards.js";
import { networkDid } from "./did.js";
import { heartbeat } from "./heartbeat.js";
import { llmsText, sha256, skillJson, skillsIndex } from "./manifest.js";
import { messaging } from "./messaging.js";
import { openApi } from "./openapi.js";
import { rules } from "./rules.js";
import { siteOf } from "./site.js";
import { skill } from "./skill.js";

const MARKDOWN = "text/markdown; charset=utf-8";
const JSON_TYPE = "application/json; charset=utf-8";

/** Every document by path, with its type. */
function typesOf(slug: string): Record<string, string> {
  return {
    "/skill.md": MARKDOWN,
    "/heartbeat.md": MARKDOWN,
    "/messaging.md": MARKDOWN,
    "/rules.md": MARKDOWN,
    "/skill.json": JSON_TYPE,
    "/llms.txt": "text/plain; charset=utf-8",
    "/openapi.json": JSON_TYPE,
    "/.well-known/agent-card.json": JSON_TYPE,
    "/.well-known/did.json": "application/did+json; charset=utf-8",
    "/.well-known/agent-skills/index.json": JSON_TYPE,
    [`/.well-known/agent-skills/${slug}/SKILL.md`]: MARKDOWN,
  };
}

/** The text of every document by path. */
async function textsOf({ config, signingKey }: Services): Promise<Record<string, string>> {
  const site = siteOf(config);
  const files = {
    "SKILL.md": skill(site, "nested"),
    "HEARTBEAT.md": heartbeat(site),
    "MESSAGING.md": messaging(site),
    "RULES.md": rules(site),
  };
  const flat = skill(site, "flat");
  return {
    "/skill.md": files["SKILL.md"],
    "/heartbeat.md": files["HEARTBEAT.md"],
    "/messaging.md": files["MESSAGING.md"],
    "/rules.md": files["RULES.md"],
    "/skill.json": skillJson(site, files),
    "/llms.txt": llmsText(site),
    "/openapi.json": JSON.stringify(openApi(site)),
    "/.well-known/agent-card.json": await signedCard(networkCard(site), site, signingKey),
    "/.well-known/did.json": `${JSON.stringify(networkDid(site, signingKey), null, 2)}\n`,
    "/.well-known/agent-skills/index.json": skillsIndex(site, flat),
    [`/.well-known/agent-skills/${site.slug}/SKILL.md`]: flat,
  };
}

const writeAll = async (services: Services) =>
  new Map(Object.entries(await textsOf(services)).map(([path, text]) => [path, { text, etag: `"${sha256(text)}"` }]));

/** Mounts every document at its path. */
export function mountDocuments(app: FastifyInstance, services: Services): void {
  let written: Promise<Map<string, { text: string; etag: string }>> | undefined;
  for (const [path, type] of Object.entries(typesOf(siteOf(services.config).slug))) {
    app.get(path, FOR_STRANGERS, async (request, reply) => {
      written ??= writeAll(services);
      const { text, etag } = (await written).get(path) ?? { text: "", etag: "" };
      reply.headers({ etag, "cache-control": "public, max-age=300" });
      if (request.headers["if-none-match"] === etag) return reply.code(304).send();
      return reply.type(type).send(text);
    });
  }
}
