/** One call as one HTTP request: its address, its body, its signature, and what came of it. */
import type { Endpoint } from "@openmolt/contract/endpoint";
import { ApiError } from "./errors.js";
import type { CallOptions, ClientOptions } from "./options.js";
import { signatureHeaders } from "./sign.js";

/** Milliseconds until a request counts as lost. */
const PATIENCE_MS = 60_000;

/** Extras that the client itself adds to those of the caller. */
export interface Extras extends CallOptions {
  /** The key or token to show. */
  bearer?: string | undefined;
}

/**
 * The path and query of a call.
 * @throws ApiError VALIDATION_ERROR when a part of the path would lead to another call
 */
function urlOf(baseUrl: string, endpoint: Endpoint, input: Record<string, unknown>): URL {
  const path = endpoint.path.replace(/:(\w+)/g, (_, name: string) => {
    const part = String(input[name] ?? "");
    // Every part of an address that is empty or only dots is left out of it, or takes the one before along.
    if (/^\.{0,2}$/.test(part))
      throw new ApiError(400, "VALIDATION_ERROR", `${name} cannot be ${JSON.stringify(part)}`);
    return encodeURIComponent(part);
  });
  const url = new URL(path.startsWith("//") ? path.slice(1) : `/api/v1${path}`, baseUrl);
  for (const name of Object.keys(endpoint.query)) {
    const value = input[name];
    if (value !== undefined && value !== null) url.searchParams.set(name, String(value));
  }
  return url;
}

/**
 * Makes the request and reads its answer as JSON.
 * @throws ApiError on any status of 400 or more, and when there is no answer
 */
export async function requestJson(
  options: ClientOptions,
  endpoint: Endpoint,
  input: Record<string, unknown>,
  extras: Extras,
): Promise<Record<string, unknown>> {
  const patience = AbortSignal.timeout(options.timeoutMs ?? PATIENCE_MS);
  const signal = extras.signal ? AbortSignal.any([extras.signal, patience]) : patience;
  const lost = (error: unknown): never => {
    if (error instanceof ApiError) throw error;
    if (extras.signal?.aborted) throw new ApiError(0, "ABORTED", "The caller gave up");
    if (patience.aborted) throw new ApiError(0, "TIMEOUT", "There was no answer in time");
    throw new ApiError(0, "NETWORK", reasonOf(error));
  };
  const answer = await request(options, endpoint, input, { ...extras, signal }).catch(lost);
  const text = await answer.text().catch(lost);
  const parsed = parse(text);
  if (answer.status >= 400) throw refusalOf(answer, text, parsed);
  return parsed;
}

/** Makes the request. Rejects as fetch does. */
export async function request(
  options: ClientOptions,
  endpoint: Endpoint,
  input: Record<string, unknown>,
  extras: Extras,
): Promise<Response> {
  const headers: Record<string, string> = { accept: "application/json", ...options.headers, ...extras.headers };
  if (extras.bearer !== undefined) headers.authorization = `Bearer ${extras.bearer}`;
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
  return (options.fetch ?? fetch)(url, init);
}

/** The error that an answer of 400 or more stands for. */
export function refusalOf(answer: Response, text: string, parsed = parse(text)): ApiError {
  const code = typeof parsed.code === "string" ? parsed.code : `HTTP_${answer.status}`;
  const message = typeof parsed.error === "string" ? parsed.error : text.slice(0, 200);
  return new ApiError(answer.status, code, message, parsed, answer.headers);
}

/** Why there was no answer: fetch hides the reason beneath a general sentence. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message !== "" ? error.cause.message : error.message;
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
