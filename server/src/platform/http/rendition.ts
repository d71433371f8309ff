/**
 * Texts as they go over the wire: bytes, strong ETag and headers, made once however often they are sent. Each encoding is
 * made when the first reader asks for it, outside the event loop, and has an ETag of its own.
 */
import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { FastifyReply } from "fastify";
import type { SharedJson } from "./shared-json.js";

/** Smaller texts are not worth their encoding. */
const LEAST_ENCODED = 1_024;
const BROTLI_QUALITY = 4;
const toGzip = promisify(gzip);
const toBrotli = promisify(brotliCompress);

type Encoding = "identity" | "gzip" | "br";

/** A text in one encoding. */
export interface Encoded {
  body: Buffer;
  etag: string;
  headers: Record<string, string>;
}

/** The strong ETag of a text. */
export function etagOf(text: string | Buffer): string {
  return `"${createHash("sha1").update(text).digest("base64url")}"`;
}

/** A text that many readers get. */
export class Rendition {
  readonly #plain: Encoded;
  readonly #encoded = new Map<Encoding, Promise<Encoded>>();
  readonly #ready = new Map<Encoding, Encoded>();

  /**
   * @param headers content-type, cache-control and what else belongs to every answer with this text
   * @param isKept whether others will get it too, so that encoding it pays
   */
  constructor(
    text: string,
    headers: Readonly<Record<string, string>>,
    private readonly isKept: boolean,
  ) {
    const body = Buffer.from(text);
    const etag = etagOf(body);
    this.#plain = { body, etag, headers: { vary: "accept-encoding", ...headers, etag } };
  }

  /** The text itself. */
  get text(): string {
    return this.#plain.body.toString();
  }

  /** Sends it, or 304 to whoever has it already. */
  async send(reply: FastifyReply): Promise<FastifyReply> {
    const { "accept-encoding": accepted, "if-none-match": known } = reply.request.headers;
    const encoding = this.#encodingFor(accepted);
    const { body, etag, headers } = encoding === "identity" ? this.#plain : await this.#in(encoding);
    reply.headers(headers);
    if (known !== undefined && matchesEtag(known, etag)) return reply.code(304).send();
    return reply.send(body);
  }

  /** What a reader gets who accepts these encodings, if it is made already. */
  ready(accepted: string | undefined): Encoded | undefined {
    const encoding = this.#encodingFor(accepted);
    return encoding === "identity" ? this.#plain : this.#ready.get(encoding);
  }

  #encodingFor(accepted: string | undefined): Encoding {
    const isPlain = accepted === undefined || !this.isKept || this.#plain.body.length < LEAST_ENCODED;
    return isPlain ? "identity" : encodingFor(accepted);
  }

  #in(encoding: Exclude<Encoding, "identity">): Promise<Encoded> {
    const made = this.#encoded.get(encoding) ?? this.#encode(encoding);
    this.#encoded.set(encoding, made);
    return made;
  }

  async #encode(encoding: Exclude<Encoding, "identity">): Promise<Encoded> {
    const { body: plain, etag: ofPlain, headers } = this.#plain;
    const body =
      encoding === "gzip"
        ? await toGzip(plain)
        : await toBrotli(plain, {
            params: {
              [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
              [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
              [constants.BROTLI_PARAM_SIZE_HINT]: plain.length,
            },
          });
    const etag = `${ofPlain.slice(0, -1)}-${encoding}"`;
    const encoded = { body, etag, headers: { ...headers, etag, "content-encoding": encoding } };
    this.#ready.set(encoding, encoded);
    return encoded;
  }
}

const JSON_TYPE = { "content-type": "application/json; charset=utf-8" };
/** What an answer holds, in lengths of its text: the text, its bytes for each kind of reader, and their encodings. */
const HELD = 4;

/** An answer for everybody, in all the forms it is sent in; each is made when it is first needed. */
export class SharedAnswer {
  /** About what it holds. */
  readonly bytes: number;
  #forAnybody: Rendition | undefined;
  #forAgents: Rendition | undefined;

  /**
   * @param isKept whether others will get it too
   * @param headers of every answer with it; default JSON
   */
  constructor(
    readonly json: SharedJson,
    private readonly isKept: boolean,
    private readonly headers: Readonly<Record<string, string>> = JSON_TYPE,
  ) {
    this.bytes = HELD * json.length;
  }

  /** For readers without a key. */
  get forAnybody(): Rendition {
    this.#forAnybody ??= this.#rendition(this.json.forAnybody(), "no-cache");
    return this.#forAnybody;
  }

  /** For agents that have nothing with anything in it. */
  get forAgents(): Rendition {
    this.#forAgents ??= this.#rendition(this.json.forAgents(), "private, no-cache");
    return this.#forAgents;
  }

  #rendition(text: string, caching: string): Rendition {
    return new Rendition(text, { ...this.headers, "cache-control": caching }, this.isKept);
  }
}

/** The encoding of ours that a reader likes best; of those it likes alike, the smallest. */
function encodingFor(accepted: string): Encoding {
  const weights = new Map<string, number>();
  for (const part of accepted.toLowerCase().split(",")) {
    const [name = "", ...parameters] = part.split(";").map((word) => word.trim());
    const weight = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2);
    weights.set(name, weight === undefined ? 1 : Number(weight) || 0);
  }
  const weightOf = (name: Encoding) => weights.get(name) ?? weights.get("*") ?? 0;
  const [br, gz] = [weightOf("br"), weightOf("gzip")];
  const plain = weights.get("identity") ?? 0;
  if (br > 0 && br >= gz && br >= plain) return "br";
  return gz > 0 && gz >= plain ? "gzip" : "identity";
}

/** Whether `If-None-Match` names an ETag, weakened on its way or not. */
export function matchesEtag(header: string | undefined, etag: string): boolean {
  const candidates = header?.split(",") ?? [];
  return candidates.some((candidate) => [etag, "*", `W/${etag}`].includes(candidate.trim()));
}
