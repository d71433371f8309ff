/**
 * One request through one endpoint, as its declaration says: authenticate, charge, parse, run in the right kind of
 * transaction, answer. The only place that catches errors is `answers.ts`, which this hands them to.
 */
import { createHash } from "node:crypto";
import type { Endpoint } from "@openmolt/contract/endpoint";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { AppError } from "../../errors.js";
import { assertStanding, presentedKey, recheckStanding } from "../auth.js";
import { claimKey, claimOf, type IdempotencyClaim, keep } from "../idempotency.js";
import { addressGroup } from "../limits.js";
import type { Services } from "../services.js";
import { recheckSession } from "../sessions.js";
import { sharedConnections } from "../shared-connections.js";
import { SYSTEM, transaction } from "../transaction.js";
import { errorBody, pathOf } from "./answers.js";
import type { Binding } from "./bind.js";
import { type Call, JsonText, RawAnswer, StreamAnswer } from "./call.js";
import { releaseRequest } from "./door.js";
import { charge, chargedTo, identify, identifyApp, refuseApp } from "./identify.js";
import { inputReader, isFormBody, type RawInput } from "./input.js";
import { assertMember, prefersHtml } from "./members.js";
import { refuseAsOAuth, speaksOAuth } from "./oauth.js";
import { etagOf, matchesEtag, Rendition } from "./rendition.js";
import { type LeakedSecret, type OnLeak, secretInText, secretsIn, secretsInRefused } from "./secrets-in-input.js";
import { assertOwnForm, identifyPerson } from "./session.js";
import { answerShared, isShared, keyOf } from "./shared.js";
import type { ReadOwnValues } from "./shared-json.js";
import { readUpload } from "./upload.js";

/** Shows a page. */
export type ShowPage = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

/** Where and how a set of endpoints is mounted. */
export interface Mount {
  /** Path before each endpoint's own: `/api/v1`, or empty for the site root. */
  prefix: string;
  /** Rewrites answers for older clients; given the endpoint, the input and the answer. */
  dialect?: (endpoint: Endpoint, input: Record<string, unknown>, body: unknown) => unknown;
  /** Pages at paths of this set, for those who ask for HTML. */
  pages?: ReadonlyMap<string, ShowPage>;
  /** Fills the places of shared answers. */
  ownValues: ReadOwnValues;
  /** Ends tokens of ours that stood in a text. */
  onLeak: OnLeak;
}

type ReadInput = ReturnType<typeof inputReader>;

/** Serves a binding at its path and its other paths. */
export function mount(app: FastifyInstance, services: Services, binding: Binding, place: Mount): void {
  const { endpoint } = binding;
  const readInput = inputReader(endpoint);
  const paths = [{ path: endpoint.path, method: endpoint.method }, ...(endpoint.alsoAt ?? [])];
  for (const { path, method } of paths) {
    app.route({
      method: method ?? endpoint.method,
      url: path.startsWith("//") ? path.slice(1) : place.prefix + path,
      config: { endpoint, page: place.pages?.has(path) === true },
      handler: (request, reply) => {
        if (place.dialect) {
          reply.header("vary", "Accept");
          // The same paths are pages for people.
          if (prefersHtml(request)) return place.pages?.get(path)?.(request, reply) ?? reply.callNotFound();
        }
        const answered = serve(services, binding, readInput, place, request, reply);
        if (speaksOAuth(endpoint)) return answered.catch(refuseAsOAuth);
        return endpoint.auth === "app" ? answered.catch(refuseApp) : answered;
      },
    });
  }
}

async function serve(
  services: Services,
  binding: Binding,
  readInput: ReadInput,
  place: Mount,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { endpoint } = binding;
  const now = services.clock.now();
  const agent = await identify(services, endpoint, request, reply, now);
  await assertMember(services, endpoint, agent, request, reply, now);
  const session = await identifyPerson(services, endpoint, request, reply, now).catch(async (error: unknown) => {
    await charge(services, endpoint, addressGroup(request.ip), reply);
    throw error;
  });
  const app = endpoint.auth === "app" ? await identifyApp(services, endpoint, request, reply) : undefined;
  await charge(services, endpoint, chargedTo(endpoint, request, agent?.id ?? session?.ownerId ?? app), reply);
  if (agent) assertStanding(endpoint, agent, now);
  const file = endpoint.upload ? await readUpload(services, request, endpoint.upload) : undefined;
  const raw: RawInput = {
    params: request.params,
    query: request.query,
    body: file?.fields ?? request.body,
    isForm: file !== undefined || isForm(request),
  };
  const input = await inputWithoutSecrets(services, endpoint, readInput, place, { raw, request, agent, now });
  assertOwnForm(services, endpoint, request, isForm(request), session, input.csrf);
  const call: Call = {
    services,
    now,
    agent,
    session,
    address: request.ip,
    headers: request.headers,
    signed: services.proofs.signedRequest(request.raw, request.body),
    certificate: () => services.proofs.certificateOf(request.raw),
    file: file?.bytes,
    isForm: isForm(request),
    db: binding.shared ? sharedConnections(services.app) : services.app,
  };
  if (isShared(binding, agent)) {
    const found = await answerShared(services, binding, call, input, place.ownValues, (result) =>
      textOf(withSuccess(endpoint, result)),
    );
    if (found instanceof Rendition && !place.dialect) {
      if (!agent && endpoint.limit === "read") {
        services.shortcuts.learn(request.raw.url ?? "", { key: keyOf(binding, input), limit: "read" });
      }
      return found.send(reply);
    }
    const body = new JsonText(found instanceof Rendition ? found.text : found);
    return send(services, reply, place, endpoint, input, { status: 200, body }, agent !== null);
  }
  const answer = await run(binding, call, input, request);
  // Home is a write that nearly never writes, and what it writes moves nothing else.
  if (endpoint.method !== "GET" && (binding.kind === "write" || binding.kind === "gathered")) {
    services.background.wake();
    if (agent) services.cache.wrote(agent.id);
  }
  return send(services, reply, place, endpoint, input, answer, agent !== null);
}

/** @throws AppError SECRET_IN_TEXT before anything else that is wrong with the input */
async function inputWithoutSecrets(
  services: Services,
  endpoint: Endpoint,
  readInput: ReadInput,
  place: Mount,
  { raw, request, agent, now }: Pick<Call, "agent" | "now"> & { raw: RawInput; request: FastifyRequest },
): Promise<Record<string, unknown>> {
  const refuse = async (secrets: readonly LeakedSecret[]) => {
    if (secrets.length === 0) return;
    const tokens = secrets.flatMap(({ token }) => token ?? []);
    const route = `${endpoint.method} ${endpoint.path}`;
    await place.onLeak(services, { tokens, senderId: agent?.id ?? null, route }, now);
    throw secretInText(secrets, agent ? presentedKey(request.headers) : undefined, services.config.revokeOwnLeaks);
  };
  let input: Record<string, unknown>;
  try {
    input = readInput(raw);
  } catch (error) {
    await refuse(secretsInRefused(endpoint, raw));
    throw error;
  }
  await refuse(secretsIn(endpoint, input));
  return input;
}

const isForm = (request: FastifyRequest) => isFormBody(request.headers["content-type"]);

async function run(
  binding: Binding,
  call: Call,
  input: Record<string, unknown>,
  request: FastifyRequest,
): Promise<Answer> {
  if (binding.kind === "write") return runWrite(binding, call, input, request);
  if (binding.kind === "gathered") return runGathered(binding, call, input, request);
  return { status: binding.endpoint.status ?? 200, body: await runRead(binding, call, input) };
}

async function runGathered(
  { endpoint, gathering, handle }: Binding,
  call: Call,
  input: Record<string, unknown>,
  request: FastifyRequest,
): Promise<Answer> {
  const { services, agent, now } = call;
  if (!gathering || !agent) throw new Error("Only writes of agents are gathered");
  const claim = claimFor(services, endpoint, call, input, request);
  const answer = (result: unknown) => ({ status: endpoint.status ?? 200, body: textOf(withSuccess(endpoint, result)) });
  const wish = await handle(call, input);
  const { status, body } = await gathering.add(services, { agent, now, endpoint, claim, wish, answer });
  return { status, body: new JsonText(body) };
}

function runRead(binding: Binding, call: Call, input: Record<string, unknown>): Promise<unknown> {
  if (binding.kind === "public") return binding.handle(call, input);
  const { app } = call.services;
  return transaction(
    app,
    { actor: actorOf(binding.endpoint, call) },
    (db) => binding.handle({ ...call, db }, input),
    true,
  );
}

/** As whom the database is asked: the agent, the owner on pages that demand one, the server for its operator. */
function actorOf({ auth }: Endpoint, { agent, session }: Call): string | undefined {
  if (auth === "operator") return SYSTEM;
  return auth === "session" ? (session?.ownerId ?? undefined) : agent?.id;
}

interface Answer {
  status: number;
  body: unknown;
}

async function runWrite(
  binding: Binding,
  call: Call,
  input: Record<string, unknown>,
  request: FastifyRequest,
): Promise<Answer> {
  const { services, agent, session, now } = call;
  const { endpoint } = binding;
  const claim = claimFor(services, endpoint, call, input, request);
  const ready = binding.prepare ? await binding.prepare(call, input) : call;
  return transaction(services.app, { actor: actorOf(endpoint, call) }, async (db) => {
    if (claim) {
      const kept = await claimKey(db, services.vault, claim, now);
      if (kept) return { status: kept.status, body: new JsonText(kept.body) };
    }
    if (session && endpoint.auth !== "none") await recheckSession(db, session, now);
    if (agent) await recheckStanding(db, agent, endpoint, now);
    const result = await binding.handle({ ...ready, db }, input).catch(async (error: unknown) => {
      if (claim && error instanceof AppError && error.details.keep) {
        const body = errorBody(error, pathOf(request), request.id);
        await keep(db, services.vault, claim, { status: error.status, body: JSON.stringify(body) });
      }
      throw error;
    });
    const answer = { status: endpoint.status ?? 200, body: withSuccess(endpoint, result) };
    if (claim && !(result instanceof RawAnswer)) {
      await keep(db, services.vault, claim, { status: answer.status, body: textOf(answer.body) });
    }
    return answer;
  });
}

function claimFor(
  services: Services,
  endpoint: Endpoint,
  call: Call,
  input: Record<string, unknown>,
  request: FastifyRequest,
): IdempotencyClaim | undefined {
  const header = request.headers["idempotency-key"];
  // Pages answer with cookies and redirects; a form that is sent twice is met by the rules of what it does.
  if (header === undefined || endpoint.internal || call.isForm) return undefined;
  const file = call.file ? createHash("sha256").update(call.file).digest("hex") : "";
  const route = `${endpoint.method} ${endpoint.path}`;
  return claimOf(services.vault, header, call.agent?.id, route, `${route}\n${JSON.stringify(input)}\n${file}`);
}

function withSuccess(endpoint: Endpoint, result: unknown): unknown {
  const isWhole = result instanceof JsonText || result instanceof RawAnswer || result instanceof StreamAnswer;
  if (isWhole || !hasSuccess(endpoint)) return result;
  return { success: true, ...(result as object) };
}

function hasSuccess(endpoint: Endpoint): boolean {
  const { properties } = endpoint.response as { properties?: Record<string, unknown> };
  return properties !== undefined && "success" in properties;
}

function textOf(body: unknown): string {
  return body instanceof JsonText ? body.text : JSON.stringify(body);
}

function send(
  services: Services,
  reply: FastifyReply,
  place: Mount,
  endpoint: Endpoint,
  input: Record<string, unknown>,
  answer: Answer,
  personal: boolean,
): FastifyReply {
  if (answer.body instanceof RawAnswer) {
    return reply.code(answer.body.status).headers(answer.body.headers).send(answer.body.body);
  }
  if (answer.body instanceof StreamAnswer) return stream(services, reply, answer.body);
  let text = textOf(withSuccess(endpoint, answer.body));
  if (place.dialect && answer.status < 400) text = JSON.stringify(place.dialect(endpoint, input, JSON.parse(text)));
  reply.code(answer.status).type("application/json; charset=utf-8");
  if (endpoint.method !== "GET" || endpoint.internal) return reply.header("cache-control", "no-store").send(text);
  const etag = etagOf(text);
  reply.headers({ etag, "cache-control": personal ? "private, no-cache" : "no-cache" });
  if (matchesEtag(reply.request.headers["if-none-match"], etag)) return reply.code(304).send();
  return reply.send(text);
}

const STREAM_HEADERS = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-store, no-transform",
  // Proxies that gather answers before passing them on would hold events back.
  "x-accel-buffering": "no",
  // When the stream ends its connection does, or a server that closes would wait for it to time out.
  connection: "close",
};

function stream({ admission }: Services, reply: FastifyReply, answer: StreamAnswer): FastifyReply {
  releaseRequest(admission, reply.request.raw);
  if (reply.request.method === "HEAD") return reply.headers(STREAM_HEADERS).send();
  reply.headers(STREAM_HEADERS).hijack();
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) reply.raw.setHeader(name, value);
  }
  reply.raw.flushHeaders();
  answer.start(reply.raw);
  return reply;
}
