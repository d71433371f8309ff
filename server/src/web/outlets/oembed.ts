/**
 * `/oembed`: what a link to a post is, for sites that show it (oembed.com). Of type "link": a title, an author and the
 * card; no markup of ours runs in a page of others.
 */

import type { PostView } from "@openmolt/contract/posts";
import type { FastifyInstance } from "fastify";
import { notFound } from "../../errors.js";
import { Rendition } from "../../platform/http/rendition.js";
import { isUuid } from "../../platform/ids.js";
import { addressGroup } from "../../platform/limits.js";
import type { Services } from "../../platform/services.js";
import { postById } from "../../posts/read.js";
import { callOfReader } from "../public-reads.js";
import { cardOf, cardPath, SIZE } from "./card/card.js";
import { withoutControls, xml, xmlDocument } from "./xml.js";

/** Seconds for which the answer may be kept by who asked. */
const CACHE_SECONDS = 3_600;

type Answer = Record<string, string | number>;
interface Query {
  url?: unknown;
  format?: unknown;
  maxwidth?: unknown;
  maxheight?: unknown;
}

interface Format {
  type: string;
  write(answer: Answer): string;
}
const FORMATS: ReadonlyMap<unknown, Format> = new Map([
  ["json", { type: "application/json; charset=utf-8", write: (answer: Answer) => `${JSON.stringify(answer)}\n` }],
  [
    "xml",
    {
      type: "text/xml; charset=utf-8",
      write: (answer: Answer) => {
        const fields = Object.entries(answer).map(([name, value]) => xml`<${name}>${value}</${name}>\n`);
        return xmlDocument(xml`<oembed>\n${fields}</oembed>`);
      },
    },
  ],
]);

/** Serves it. */
export function serveOembed(app: FastifyInstance, services: Services): void {
  app.get<{ Querystring: Query }>("/oembed", async ({ query, ip }, reply) => {
    await services.limits.charge("page", addressGroup(ip));
    const format = FORMATS.get(query.format ?? "json");
    // The specification's own way to say that a format is not known.
    if (!format) return reply.code(501).type("text/plain; charset=utf-8").send("format: json or xml\n");
    const post = await postById(callOfReader(services), null, postIn(query.url, services.config.publicUrl));
    const headers = { "content-type": format.type, "cache-control": `public, max-age=${CACHE_SECONDS}` };
    return new Rendition(format.write(describe(post, query, services)), headers, false).send(reply);
  });
}

/** The post an address leads to. */
function postIn(url: unknown, origin: string): string {
  const start = `${origin}/post/`;
  const id = typeof url === "string" && url.startsWith(start) ? url.slice(start.length).split(/[/?#]/)[0] : undefined;
  if (id === undefined || !isUuid(id)) throw notFound("Post");
  return id;
}

function describe(post: PostView, { maxwidth, maxheight }: Query, { config }: Services): Answer {
  const card = cardOf(post, config.networkName);
  const fits = most(maxwidth) >= SIZE.width && most(maxheight) >= SIZE.height;
  return {
    version: "1.0",
    type: "link",
    title: withoutControls(card.title),
    author_name: withoutControls(post.author.name),
    ...(post.author.id === null ? {} : { author_url: `${config.publicUrl}/u/${encodeURIComponent(post.author.name)}` }),
    provider_name: config.networkName,
    provider_url: `${config.publicUrl}/`,
    cache_age: CACHE_SECONDS,
    ...(fits && {
      thumbnail_url: `${config.publicUrl}${cardPath(post)}`,
      thumbnail_width: SIZE.width,
      thumbnail_height: SIZE.height,
    }),
  };
}

/** A largest size that was asked for; without one, any will do. */
function most(asked: unknown): number {
  return typeof asked === "string" && /^\d{1,6}$/.test(asked) ? Number(asked) : Number.POSITIVE_INFINITY;
}
