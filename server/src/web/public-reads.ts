/**
 * What everybody may fetch: read with the `reader` login and no other, charged to the address, kept for a moment and given
 * to all who ask for the same. Nothing of who asks reaches what is made, beside language and colours where they count.
 */
import type { FastifyReply, FastifyRequest } from "fastify";
import { AppError } from "../errors.js";
import type { Call } from "../platform/http/call.js";
import { SharedAnswer } from "../platform/http/rendition.js";
import { SharedJson } from "../platform/http/shared-json.js";
import { type Variant, variantOf } from "../platform/http/variant.js";
import { addressGroup } from "../platform/limits.js";
import type { Services } from "../platform/services.js";
import { sharedConnections } from "../platform/shared-connections.js";
import { isCleanText } from "../platform/unicode.js";

/** What was chosen of what may be chosen in an address. */
export type Query = Readonly<Record<string, string>>;

/** What is asked for. */
export interface Asked {
  params: Readonly<Record<string, string>>;
  query: Query;
  /** Path and known query, with nothing in it that is not looked at. */
  address: string;
  variant: Variant;
}

/** A text that everybody may fetch. */
interface PublicRead {
  /** What may be chosen in its address; anything else there is not looked at. */
  query: readonly string[];
  /** What a visitor is charged for it. */
  limit: "page" | "search";
  /** It is not the same in every language and theme. */
  isVaried: boolean;
  /** Its address is its alone, so that what is kept may be handed out by it. */
  isHandedOut: boolean;
  /** Writes it. Throws AppError, such as NOT_FOUND. */
  make(call: Call, asked: Asked): Promise<{ text: string; headers: Readonly<Record<string, string>> }>;
}

/** Answers who asks for a public read. */
export function publicRead(
  services: Services,
  { query: known, limit, isVaried, isHandedOut, make }: PublicRead,
): (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply> {
  return async (request, reply) => {
    await services.limits.charge(limit, addressGroup(request.ip));
    const params = request.params as Readonly<Record<string, string>>;
    if (!Object.values(params).every(isCleanText)) throw new AppError("ENDPOINT_NOT_FOUND");
    const query = queryOf(request, known);
    const variant = variantOf(request.headers);
    const address = addressOf(request, query);
    // Pages beyond the first are read by one reader each.
    const isKept = services.cache.isOn && query.cursor === undefined;
    const build = async () => {
      const { text, headers } = await make(callOfReader(services), { params, query, address, variant });
      return new SharedAnswer(new SharedJson(text), isKept, headers);
    };
    const form = isVaried ? variant : undefined;
    const key = `GET ${form?.key ?? ""} ${address}`;
    if (isKept && isHandedOut) services.shortcuts.learn(request.raw.url ?? "", { key, limit: "page" }, form);
    const answer = isKept ? await services.cache.read(key, undefined, build) : await build();
    return answer.forAnybody.send(reply);
  };
}

/** A call by nobody in particular: whoever reaches for the login that may write finds none. */
export function callOfReader(services: Services): Call {
  const visible = Object.defineProperty({ ...services }, "app", {
    get: () => {
      throw new Error("What everybody may fetch is read with the login of readers");
    },
  });
  return {
    services: visible,
    now: services.clock.now(),
    agent: null,
    session: null,
    address: "",
    headers: {},
    signed: undefined,
    certificate: () => undefined,
    file: undefined,
    isForm: false,
    db: sharedConnections(services.reader),
  };
}

function queryOf(request: FastifyRequest, known: readonly string[]): Query {
  const given = request.query as Record<string, unknown>;
  const chosen = known.flatMap((name) => {
    const value = given[name];
    return typeof value === "string" && value !== "" && isCleanText(value) ? [[name, value] as const] : [];
  });
  return Object.fromEntries(chosen);
}

function addressOf(request: FastifyRequest, query: Query): string {
  const path = request.url.split("?")[0] ?? "/";
  const search = new URLSearchParams(query).toString();
  return search === "" ? path : `${path}?${search}`;
}
