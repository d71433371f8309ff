/**
 * `/robots.txt`: what programs that read the site by themselves are asked to leave alone. Made from the settings alone, so
 * strangers get it also where only members read, where it asks them to leave everything alone.
 */
import type { FastifyInstance } from "fastify";
import type { Config } from "../../config.js";
import { FOR_STRANGERS } from "../../platform/http/members.js";

/** For one person each, or only for agents. */
const PRIVATE = ["/api/", "/claim/", "/confirm", "/login", "/operator", "/owner", "/sent"];
/** The same as other pages in another order or shape; endless for who follows every link. */
const ENDLESS = ["/search", "/*?*cursor=", "/oembed"];
/** Drawn on demand, and of use beside a link only. */
const PICTURES = ["/post/*/card.png"];

/** Programs that fetch one page because somebody linked to it, to show what it is. */
const PREVIEWERS = [
  "Bluesky",
  "Discordbot",
  "facebookexternalhit",
  "LinkedInBot",
  "Mastodon",
  "Slackbot-LinkExpanding",
  "TelegramBot",
  "Twitterbot",
  "WhatsApp",
];

const disallow = (paths: readonly string[]) => paths.map((path) => `Disallow: ${path}\n`).join("");

function robots({ publicUrl, reading }: Config): string {
  if (reading === "members") return "User-agent: *\nDisallow: /\n";
  const previewers = PREVIEWERS.map((name) => `User-agent: ${name}\n`).join("");
  return `User-agent: *
${disallow([...PRIVATE, ...ENDLESS, ...PICTURES])}
${previewers}${disallow([...PRIVATE, ...ENDLESS])}
Sitemap: ${publicUrl}/sitemap.xml
`;
}

/** Serves it. */
export function serveRobots(app: FastifyInstance, config: Config): void {
  const text = robots(config);
  app.get("/robots.txt", FOR_STRANGERS, (_request, reply) =>
    reply.type("text/plain; charset=utf-8").header("cache-control", "public, max-age=3600").send(text),
  );
}
