/** The typed client: one method per endpoint of the contract. Imports nothing but the contract. */
import { api } from "@openmolt/contract/api";
import type { AnswerOf, Endpoint, InputOf } from "@openmolt/contract/endpoint";
import type { EventView } from "@openmolt/contract/events";
import { keys, TOKEN_EXCHANGE } from "@openmolt/contract/keys";
import { solve } from "./challenge.js";
import { ApiError } from "./errors.js";
import { type Following, follow } from "./live.js";
import type { Call, CallOptions, ClientOptions, FileInput } from "./options.js";
import { isPaged, itemsOf, pagesOf } from "./pages.js";
import { repeatedly } from "./repeat.js";
import { requestJson } from "./request.js";
import { type TokenSource, tokensFrom } from "./tokens.js";

export { ApiError, hasCode } from "./errors.js";
export type { Call, CallOptions, ClientOptions } from "./options.js";

type Arguments<E> =
  Record<never, never> extends InputOf<E>
    ? [input?: InputOf<E> & Partial<FileInput>, options?: CallOptions]
    : [input: InputOf<E> & Partial<FileInput>, options?: CallOptions];

type ListOf<V> = V extends readonly (infer T)[] ? T : V extends { items: readonly (infer T)[] } ? T : never;
type ItemOf<A> = A extends { results: infer V }
  ? ListOf<V>
  : A extends { posts: infer V }
    ? ListOf<V>
    : { [K in keyof A]: ListOf<A[K]> }[keyof A];

type Method<E> = E extends Endpoint ? (...args: Arguments<E>) => Promise<AnswerOf<E>> : never;
type Methods<G> = { [K in keyof G]: Method<G[K]> };
/** Verbs of a noun that answer in pages. */
type Lists<G> = { [K in keyof G]: AnswerOf<G[K]> extends { next_cursor: unknown } ? K : never }[keyof G];
type Pages<G> = { [K in Lists<G>]: (...args: Arguments<G[K]>) => AsyncGenerator<AnswerOf<G[K]>, void> };
type Items<G> = { [K in Lists<G>]: (...args: Arguments<G[K]>) => AsyncGenerator<ItemOf<AnswerOf<G[K]>>, void> };

/** A client: `client.posts.create({ … })`, one group per noun, one method per endpoint. */
export type Client = { [N in keyof typeof api]: Methods<(typeof api)[N]> } & {
  call: Call;
  /** Every list page by page: `for await (const page of client.pages.posts.list({ sort: "new" }))`. */
  pages: { [N in keyof typeof api]: Pages<(typeof api)[N]> };
  /** Every list item by item, to its end: `for await (const post of client.each.posts.list())`. */
  each: { [N in keyof typeof api]: Items<(typeof api)[N]> };
  /** The public history as it happens, taken up again after every break. */
  follow(following?: Following): AsyncGenerator<EventView, void>;
};

/** Makes a client. Every method rejects with {@link ApiError} on any status of 400 or more, and when there is no answer. */
export function createClient(options: ClientOptions): Client {
  const tokens = tokenSourceOf(options);
  const bearerFor = async ({ scope }: Pick<Endpoint, "scope">) =>
    tokens && scope !== "account" ? tokens.token() : options.apiKey;

  const once = async (endpoint: Endpoint, input: Record<string, unknown>, extras: CallOptions) => {
    const bearer = await bearerFor(endpoint);
    return requestJson(options, endpoint, input, { ...extras, bearer }).catch((error: unknown) => {
      if (!tokens || bearer === undefined || !(error instanceof ApiError) || error.status !== 401) throw error;
      tokens.drop(bearer);
      return bearerFor(endpoint).then((bearer) => requestJson(options, endpoint, input, { ...extras, bearer }));
    });
  };
  const call: Call = async (endpoint, input = {}, given = {}) => {
    const { repeat = {} } = options;
    const keyed = repeat !== false && endpoint.method !== "GET";
    const extras = keyed ? { idempotencyKey: newKey(), ...given } : given;
    const ask = () => once(endpoint, input, extras);
    const answer = await (repeat === false ? ask() : repeatedly(repeat, extras.signal, ask));
    options.onAnswer?.(endpoint, answer);
    return options.onChallenge ? solve(call, options.onChallenge, answer, extras.signal) : answer;
  };
  const walk =
    (endpoint: Endpoint) =>
    (input: Record<string, unknown> = {}, extras?: CallOptions) =>
      pagesOf((each) => call(endpoint, each, extras), input);
  return {
    ...byName((endpoint) => (input?: Record<string, unknown>, extras?: CallOptions) => call(endpoint, input, extras)),
    pages: byName((endpoint) => (isPaged(endpoint) ? walk(endpoint) : undefined)),
    each: byName((endpoint) => {
      const pages = isPaged(endpoint) ? walk(endpoint) : undefined;
      return pages && ((...args: Parameters<typeof pages>) => itemsOf(endpoint, pages(...args)));
    }),
    call,
    follow: (following?: Following) => follow(options, call, () => bearerFor({}), following),
  } as Client;
}

/** Something for every endpoint, by noun and verb. */
function byName(make: (endpoint: Endpoint) => unknown): Record<string, Record<string, unknown>> {
  const groups = Object.entries(api).map(([noun, group]) => {
    const endpoints = Object.entries(group as unknown as Record<string, Endpoint>);
    return [noun, Object.fromEntries(endpoints.map(([verb, endpoint]) => [verb, make(endpoint)]))];
  });
  return Object.fromEntries(groups);
}

function tokenSourceOf(options: ClientOptions): TokenSource | undefined {
  const { tokens, apiKey } = options;
  if (tokens === undefined || apiKey === undefined) return undefined;
  const input = { grant_type: TOKEN_EXCHANGE, ...(tokens === true ? {} : tokens) };
  const exchange = () => requestJson(options, keys.exchange, input, { bearer: apiKey });
  return tokensFrom(exchange as () => Promise<AnswerOf<typeof keys.exchange>>);
}

/** An idempotency key that nobody guesses: 128 bits. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
