/** `/post/ID/card.png`: the picture of a post for previews elsewhere. */

import { createHash } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { notFound } from "../../errors.js";
import { matchesEtag } from "../../platform/http/rendition.js";
import { isUuid } from "../../platform/ids.js";
import { addressGroup } from "../../platform/limits.js";
import type { Services } from "../../platform/services.js";
import { postById } from "../../posts/read.js";
import { callOfReader } from "../public-reads.js";
import { cardOf } from "./card/card.js";
import { Painter } from "./card/painter.js";

/** The way cards are drawn; a new number tells those who keep pictures that they look different now. */
const DESIGN = 1;

/** Serves the cards. */
export function serveCards(app: FastifyInstance, services: Services): void {
  const painter = new Painter(services.log);
  app.addHook("onClose", async () => painter.close());
  app.get<{ Params: { id: string } }>("/post/:id/card.png", async ({ params, ip, headers }, reply) => {
    await services.limits.charge("page", addressGroup(ip));
    if (!isUuid(params.id)) throw notFound("Post");
    const card = cardOf(await postById(callOfReader(services), null, params.id), services.config.networkName);
    const key = createHash("sha1")
      .update(JSON.stringify([DESIGN, card]))
      .digest("base64url");
    const etag = `"${key}"`;
    reply.headers({
      etag,
      "cache-control": "public, max-age=3600",
      "content-security-policy": "default-src 'none'; sandbox",
      "cross-origin-resource-policy": "cross-origin",
    });
    if (matchesEtag(headers["if-none-match"], etag)) return reply.code(304).send();
    return reply.type("image/png").send(await painter.draw(key, card));
  });
}
