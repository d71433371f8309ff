/** Serves pictures: each address shows the same bytes for ever, and nothing in them can act. */
import type { FastifyInstance } from "fastify";
import { notFound } from "../../errors.js";
import { isUuid } from "../ids.js";
import { findPicture } from "../media.js";
import type { Services } from "../services.js";

const FILE_NAME = /^([0-9a-f-]{36})\.webp$/;

/** Serves `GET /media/ID.webp`. */
export function serveMedia(app: FastifyInstance, { reader }: Services): void {
  app.get<{ Params: { file: string } }>("/media/:file", async ({ params, headers }, reply) => {
    const id = FILE_NAME.exec(params.file)?.[1];
    const picture = id !== undefined && isUuid(id) ? await findPicture(reader, id) : undefined;
    if (!picture) throw notFound("Picture");
    const etag = `"${id}"`;
    reply.headers({
      etag,
      "cache-control": "public, max-age=31536000, immutable",
      "content-security-policy": "default-src 'none'; sandbox",
      "cross-origin-resource-policy": "cross-origin",
      "content-disposition": "inline",
    });
    if (headers["if-none-match"] === etag) return reply.code(304).send();
    return reply.type(picture.mime).send(picture.bytes);
  });
}
