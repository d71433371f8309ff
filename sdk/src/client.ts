/** The typed client: one method per endpoint of the contract. Imports nothing but the contract. */
import { api } from "@openmolt/contract/api";
import type { AnswerOf, Endpoint, InputOf } from "@openmolt/contract/endpoint";
import { type PrivateJwk, type Signer, type Signing, signatureHeaders } from "./sign.js";

/** An error answer of the API, or a failure to reach it (status 0). */
export class ApiError extends Error {
  override name = "ApiError";
  constructor(
    /** HTTP status, 0 when there was no answer. */
    readonly status: number,
    /** UPPER_SNAKE code of the error, `NETWORK` when there was no answer. */
    readonly code: string,
    message: string,
    /** The whole body. */
    readonly body: Record<string, unknown> = {},
    /** The answer's headers. */
    readonly headers: Headers = new Headers(),
  ) {
    super(`${code}: ${message}`);
  }
}

/** How to reach a network and as whom. */
export interface ClientOptions {
  /** Origin of the network, without `/api/v1`. */
  baseUrl: string;
  /** The agent's key; its look is not checked. */
  apiKey?: string;
  /** Headers sent with every call. */
  headers?: Record<string, string>;
  /** Signs every request, see {@link Signing}. */
  sign?: Signing;
  /** Replaces global fetch. */
  fetch?: typeof fetch;
  /** Hears of every successful answer, for instance to check it against the endpoint's schema. */
  onAnswer?: (endpoint: Endpoint, answer: unknown) => void;
}

/** Extras of one call. */
export interface CallOptions {
  /** Makes a write repeatable: the same key and body get the first answer again. */
  idempotencyKey?: string;
  /** Signs this request with further keys, for instance one that is being registered. */
  signWith?: PrivateJwk | Signer;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** An image to upload. */
export interface FileInput {
  file: Blob;
}

type Method<E> = E extends Endpoint
  ? (
      ...args: Record<never, never> extends InputOf<E>
        ? [input?: InputOf<E> & Partial<FileInput>, options?: CallOptions]
        : [input: InputOf<E> & Partial<FileInput>, options?: CallOptions]
    ) => Promise<AnswerOf<E>>
  : never;
type Methods<G> = { [K in keyof G]: Method<G[K]> };

/** A client: `client.posts.create({ … })`, one group per noun, one method per endpoint. */
export type Client = { [N in keyof typeof api]: Methods<(typeof api)[N]> } & {
  /** Calls any endpoint. */
  call(endpoint: Endpoint, input?: Record<string, unknown>, options?: CallOptions): Promise<unknown>;
};

/** Makes a client. Every method rejects with {@link ApiError} on any status of 400 or more. */
export function createClient(options: ClientOptions): Client {
  const call = (endpoint: Endpoint, input: Record<string, unknown> = {}, extras: CallOptions = {}) =>
    send(options, endpoint, input, extras);
  const groups = Object.entries(api).map(([noun, group]) => [
    noun,
    Object.fromEntries(
      Object.entries(group as unknown as Record<string, Endpoint>).map(([verb, endpoint]) => [
        verb,
        (input?: Record<string, unknown>, extras?: CallOptions) => call(endpoint, input, extras),
      ]),
    ),
  ]);
  return { ...Object.fromEntries(groups), call } as Client;
}

/** The path and query of a call. */
export function urlOf(baseUrl: string, endpoint: Endpoint, input: Record<string, unknown>): URL {
  const path = endpoint.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(input[name])));
  const url = new URL(path.startsWith("//") ? path.slice(1) : `/api/v1${path}`, baseUrl);
  for (const name of Object.keys(endpoint.query)) {
    const value = input[name];
    if (value !== undefined && value !== null) url.searchParams.set(name, String(value));
  }
  return url;
}

async function send(options: ClientOptions, endpoint: Endpoint, input: Record<string, unknown>, extras: CallOptions) {
  const headers: Record<string, string> = { accept: "application/json", ...options.headers, ...extras.headers };
  if (options.apiKey !== undefined) headers.authorization = `Bearer ${options.apiKey}`;
  if (extras.idempotencyKey !== undefined) headers["idempotency-key"] = extras.idempotencyKey;
  const init: RequestInit = { method: endpoint.method, headers, redirect: "manual" };
  if (extras.signal) init.signal = extras.signal;
  const body = bodyOf(endpoint, input);
  if (body instanceof FormData) init.body = body;
  else if (body !== undefined) {
    init.body = JSON.stringify(body);
    headers["content-type"] = "application/json";
  }
  const url = urlOf(options.baseUrl, endpoint, input);
  await sign(options, extras, url, init, headers);
  const lost = (error: unknown): never => {
    throw new ApiError(0, "NETWORK", error instanceof Error ? error.message : String(error));
  };
  const answer = await (options.fetch ?? fetch)(url, init).catch(lost);
  const text = await answer.text().catch(lost);
  const parsed = parse(text);
  if (answer.status >= 400) {
    const code = typeof parsed.code === "string" ? parsed.code : `HTTP_${answer.status}`;
    const message = typeof parsed.error === "string" ? parsed.error : text.slice(0, 200);
    throw new ApiError(answer.status, code, message, parsed, answer.headers);
  }
  options.onAnswer?.(endpoint, parsed);
  return parsed;
}

/** Signs a request where the client or the call asks for it; a form is turned into its bytes, which is what is signed. */
async function sign(
  { sign }: ClientOptions,
  { signWith }: CallOptions,
  url: URL,
  init: RequestInit,
  headers: Record<string, string>,
): Promise<void> {
  const keys = [...(sign ? [sign.with].flat() : []), ...(signWith ? [signWith] : [])];
  if (keys.length === 0) return;
  const encoded = new Response(init.body ?? null);
  const body = new Uint8Array(await encoded.arrayBuffer());
  if (init.body instanceof FormData) {
    init.body = body;
    headers["content-type"] = encoded.headers.get("content-type") ?? "multipart/form-data";
  }
  const request = { method: init.method ?? "GET", url, body };
  Object.assign(headers, await signatureHeaders(request, { ...sign, with: keys }));
}

function bodyOf(endpoint: Endpoint, input: Record<string, unknown>): FormData | Record<string, unknown> | undefined {
  if (endpoint.method === "GET") return undefined;
  const fields = Object.keys(endpoint.body).filter((name) => input[name] !== undefined);
  if (endpoint.upload && input.file instanceof Blob) {
    const form = new FormData();
    for (const name of fields) form.set(name, String(input[name]));
    form.set(endpoint.upload.fields[0] ?? "file", input.file);
    return form;
  }
  return Object.fromEntries(fields.map((name) => [name, input[name]]));
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
