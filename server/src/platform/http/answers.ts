/** Every error as an answer: one documented JSON shape, whatever went wrong and wherever. Nothing internal leaves. */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { findSecrets } from "@openmolt/agent/tools/leaks/find-secrets";
import type { Endpoint } from "@openmolt/contract/endpoint";
import { type ErrorCode, errorCodes } from "@openmolt/contract/error-codes";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Logger } from "pino";
import { AppError } from "../../errors.js";
import { isUnavailable } from "../db-errors.js";
import { newId } from "../ids.js";
import type { Outage } from "../outage.js";
import type { RawAnswer } from "./call.js";
import { isFormBody } from "./input.js";

/** Fastify's and its plugins' own errors, as ours. */
const FRAMEWORK: Record<string, ErrorCode> = {
  FST_ERR_CTP_BODY_TOO_LARGE: "BODY_TOO_LARGE",
  FST_REQ_FILE_TOO_LARGE: "BODY_TOO_LARGE",
  FST_FILES_LIMIT: "INVALID_IMAGE",
  FST_FIELDS_LIMIT: "INVALID_IMAGE",
  FST_PARTS_LIMIT: "INVALID_IMAGE",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "UNSUPPORTED_MEDIA_TYPE",
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: "VALIDATION_ERROR",
  FST_ERR_CTP_EMPTY_JSON_BODY: "INVALID_JSON",
  FST_ERR_CTP_INVALID_JSON_BODY: "INVALID_JSON",
  FST_ERR_BAD_URL: "VALIDATION_ERROR",
  FST_ERR_MAX_PARAM_LENGTH: "NOT_FOUND",
  FST_INVALID_MULTIPART_CONTENT_TYPE: "UNSUPPORTED_MEDIA_TYPE",
};
const AWAY_SECONDS = 2;

/** Draws an error as a page for people. */
export type ErrorPage = (error: AppError, requestId: string, headers: IncomingHttpHeaders) => RawAnswer;

/** The AppError that stands for anything thrown. */
function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (isUnavailable(error)) return unavailable();
  const { code, statusCode } = (error ?? {}) as { code?: unknown; statusCode?: unknown };
  const known = typeof code === "string" ? FRAMEWORK[code] : undefined;
  if (known) return new AppError(known);
  if (typeof statusCode === "number" && statusCode >= 400 && statusCode < 500) return new AppError("VALIDATION_ERROR");
  return new AppError("INTERNAL_ERROR");
}

/** The database is away: 503 with a little jitter, so that callers do not all return at once. */
function unavailable(): AppError {
  const seconds = AWAY_SECONDS + Math.floor(Math.random() * 3);
  return new AppError("UNAVAILABLE", { retryAfterSeconds: seconds, fields: { retry_after_seconds: seconds } });
}

/** The path of a request, without its query; its pattern where a secret stands in it. */
export function pathOf(request: FastifyRequest): string {
  const path = request.url.split("?")[0] ?? "/";
  return findSecrets(path).length === 0 ? path : (request.routeOptions?.url ?? "/");
}

/** The body of an error. */
export function errorBody(error: AppError, path: string, requestId: string): Record<string, unknown> {
  return {
    success: false,
    error: error.message,
    message: error.message,
    hint: error.details.hint ?? errorCodes[error.code].hint,
    code: error.code,
    statusCode: error.status,
    path,
    request_id: requestId,
    ...(error.code === "RATE_LIMITED" ? { reset_at: afterSeconds(error.details.retryAfterSeconds ?? 0) } : {}),
    ...error.details.fields,
  };
}

function afterSeconds(seconds: number): string {
  return new Date(Date.now() + seconds * 1000).toISOString();
}

const JSON_TYPE = { "content-type": "application/json; charset=utf-8" };

/** Where errors are told: to the log, and to people as pages. */
export interface ErrorDesk {
  log: Logger;
  outage: Outage;
  errorPage: ErrorPage;
}

/** Answers with an error; logs what is our fault. */
export function sendError(
  desk: ErrorDesk,
  thrown: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const { log, outage } = desk;
  const error = toAppError(thrown);
  const path = pathOf(request);
  // The pattern, not the path: links of people carry their token in the path.
  const route = request.routeOptions?.url;
  if (error.code === "INTERNAL_ERROR") log.error({ err: thrown, request_id: request.id, route }, "unexpected error");
  if (error.code === "UNAVAILABLE" && !(thrown instanceof AppError)) outage.tell(thrown, route);
  const wait = error.details.retryAfterSeconds;
  if (wait !== undefined) reply.header("retry-after", String(wait));
  if (wantsPage(request, path)) {
    const { status, headers, body } = desk.errorPage(error, request.id, request.headers);
    return reply.code(status).headers(headers).send(body);
  }
  return reply
    .code(error.status)
    .type("application/json; charset=utf-8")
    .header("cache-control", "no-store")
    .send(JSON.stringify(errorBody(error, path, request.id)));
}

/** What every answer says to browsers, also one given before the server has looked at the request. */
const AT_DOOR = {
  "cache-control": "no-store",
  "access-control-allow-origin": "*",
  "x-content-type-options": "nosniff",
};

/** Answers with an error before the request is looked at any closer. */
export function refuseAtDoor(
  desk: ErrorDesk,
  error: AppError,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const path = request.url?.split("?")[0] ?? "/";
  const id = newId();
  const wait = error.details.retryAfterSeconds ?? 1;
  const isPage = request.headers.accept?.includes("text/html") === true && !path.startsWith("/api/");
  const { headers, body } = isPage
    ? desk.errorPage(error, id, request.headers)
    : { headers: JSON_TYPE, body: JSON.stringify(errorBody(error, path, id)) };
  response.writeHead(error.status, {
    ...AT_DOOR,
    ...headers,
    "content-length": String(Buffer.byteLength(body)),
    "retry-after": String(wait),
    "x-request-id": id,
  });
  response.end(body);
}

/** Whether a person in a browser is to read the answer. */
function wantsPage(request: FastifyRequest, path: string): boolean {
  const accept = request.headers.accept ?? "*/*";
  const { endpoint, page } = (request.routeOptions?.config ?? {}) as { endpoint?: Endpoint; page?: boolean };
  if (page) return accept.includes("text/html");
  if (endpoint?.internal) return accept.includes("text/html") || !accept.includes("application/json");
  if (!accept.includes("text/html")) return false;
  if (endpoint) return endpoint.form === true && isFormBody(request.headers["content-type"]);
  return !path.startsWith("/api/");
}
