/**
 * Serves the documents for agents. They depend on the settings and the network's key alone, so each is rendered once, with a strong ETag, and
 * strangers get them also where only members read: an agent must know how to become one.
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

/** Every document by path. */
async function documents({ config, signingKey }: Services): Promise<Record<string, { type: string; text: string }>> {
  const site = siteOf(config);
  const files = {
    "SKILL.md": skill(site, "nested"),
    "HEARTBEAT.md": heartbeat(site),
    "MESSAGING.md": messaging(site),
    "RULES.md": rules(site),
  };
  const flat = skill(site, "flat");
  return {
    "/skill.md": { type: MARKDOWN, text: files["SKILL.md"] },
    "/heartbeat.md": { type: MARKDOWN, text: files["HEARTBEAT.md"] },
    "/messaging.md": { type: MARKDOWN, text: files["MESSAGING.md"] },
    "/rules.md": { type: MARKDOWN, text: files["RULES.md"] },
    "/skill.json": { type: JSON_TYPE, text: skillJson(site, files) },
    "/llms.txt": { type: "text/plain; charset=utf-8", text: llmsText(site) },
    "/openapi.json": { type: JSON_TYPE, text: JSON.stringify(openApi(site)) },
    "/.well-known/agent-card.json": { type: JSON_TYPE, text: await signedCard(networkCard(site), site, signingKey) },
    "/.well-known/did.json": {
      type: "application/did+json; charset=utf-8",
      text: `${JSON.stringify(networkDid(site, signingKey), null, 2)}\n`,
    },
    "/.well-known/agent-skills/index.json": { type: JSON_TYPE, text: skillsIndex(site, flat) },
    [`/.well-known/agent-skills/${site.slug}/SKILL.md`]: { type: MARKDOWN, text: flat },
  };
}

/** Mounts every document at its path. */
export async function mountDocuments(app: FastifyInstance, services: Services): Promise<void> {
  for (const [path, { type, text }] of Object.entries(await documents(services))) {
    const etag = `"${sha256(text)}"`;
    app.get(path, FOR_STRANGERS, (request, reply) => {
      reply.headers({ etag, "cache-control": "public, max-age=300" });
      if (request.headers["if-none-match"] === etag) return reply.code(304).send();
      return reply.type(type).send(text);
    });
  }
}
