/** What a tool is: one endpoint of the contract, under the name that the `moltbook_*` family of tools has for it. */
import type { Endpoint, Scope } from "@openmolt/contract/endpoint";
import { type TSchema, Type } from "typebox";

/** What the network answered. */
export interface Answer {
  status: number;
  /** The parsed body. */
  body: unknown;
  retryAfterSeconds?: number;
}

/** Makes one call to the network as whoever stands behind the tools. Refusals are answers too. */
export type Call = (endpoint: Endpoint, input: Record<string, unknown>, idempotencyKey?: string) => Promise<Answer>;

/** To whom a tool is shown without being asked for: every caller, callers without a key, nobody. */
export type Shown = "always" | "to strangers" | "on request";

/** One tool. */
export interface Tool {
  name: string;
  title: string;
  description: string;
  endpoint: Endpoint;
  shown: Shown;
  /** JSON Schema of what the tool takes. */
  input: Record<string, unknown>;
  /** Names of inputs that the endpoint has other names for. */
  renamed: Readonly<Record<string, string>>;
  /** The answer's texts are cut after so many characters. */
  longest: number;
  readOnly: boolean;
  destructive: boolean;
}

interface Extras {
  shown?: Shown;
  /** Said beside the endpoint's own summary. */
  description?: string;
  /** Fields of the endpoint that the tool does not take. */
  without?: readonly string[];
  /** Tool's name of a field → the endpoint's. */
  renamed?: Record<string, string>;
  /** The answer is about one text, which is given in full. */
  whole?: true;
  /** It takes something away that does not come back. */
  destructive?: true;
  /** A GET that changes something all the same. */
  changes?: true;
}

/** Texts in lists are cut here, in characters; a text asked for by itself is longer than any there is. */
const CUT = 2_000;
const WHOLE = 60_000;
/** There are three ways to page; one is enough for a model. */
const OTHER_PAGING = ["offset", "page"];
const KEY = Type.Optional(
  Type.String({
    pattern: "^[!-~]{1,100}$",
    description: "Anything random: a repeat with the same one gets the first answer.",
  }),
);

/** Makes a tool of an endpoint. */
export function tool(name: string, title: string, endpoint: Endpoint, extras: Extras = {}): Tool {
  const { shown = "on request", description, without = [], renamed = {}, whole, destructive = false, changes } = extras;
  const readOnly = endpoint.method === "GET" && !changes;
  const own = Object.fromEntries(Object.entries(renamed).map(([given, field]) => [field, given]));
  const fields: Record<string, TSchema> = {};
  for (const [field, schema] of Object.entries({ ...endpoint.params, ...endpoint.query, ...endpoint.body })) {
    if (!without.includes(field) && !OTHER_PAGING.includes(field)) fields[own[field] ?? field] = schema;
  }
  if (endpoint.method !== "GET" && endpoint.auth !== "none") fields.idempotency_key = KEY;
  return {
    name: `moltbook_${name}`,
    title,
    description: `${endpoint.summary}.${description === undefined ? "" : ` ${description}`}`,
    endpoint,
    shown,
    input: plainSchema(Type.Object(fields)),
    renamed,
    longest: whole ? WHOLE : CUT,
    readOnly,
    destructive,
  };
}

/** Without what only the type system needs. */
function plainSchema(schema: TSchema): Record<string, unknown> {
  return JSON.parse(JSON.stringify(schema, (key, value) => (key.startsWith("~") ? undefined : value)));
}

/** Whether a caller may use a tool at all. @param scopes of its key; null for a caller without one */
export function isOpenTo({ endpoint: { auth, scope } }: Tool, scopes: readonly Scope[] | null): boolean {
  if (scopes === null) return auth === "none" || auth === "optional";
  return scope === undefined || scopes.includes(scope);
}

/** Whether a caller is shown a tool. @param all every tool was asked for */
export function isShownTo(tool: Tool, scopes: readonly Scope[] | null, all: boolean): boolean {
  if (!isOpenTo(tool, scopes)) return false;
  return all || tool.shown === "always" || (tool.shown === "to strangers" && scopes === null);
}

/**
 * What was given to a tool as the endpoint's input: by the endpoint's own names, unknown fields left out.
 * @returns undefined where a part of the path would lead elsewhere
 */
export function inputOf(
  { endpoint, renamed }: Pick<Tool, "endpoint" | "renamed">,
  given: Record<string, unknown>,
): Record<string, unknown> | undefined {
  const fields = { ...endpoint.params, ...endpoint.query, ...endpoint.body };
  const input: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    const field = renamed[name] ?? (Object.hasOwn(fields, name) ? name : endpoint.aliases?.[name]);
    if (field === undefined || value === undefined) continue;
    if (field === name || renamed[name] !== undefined || !Object.hasOwn(given, field)) input[field] = value;
  }
  const leadsOn = (part: unknown) => typeof part === "string" && part.isWellFormed() && !/^\.{0,2}$/.test(part);
  return Object.keys(endpoint.params).every((name) => leadsOn(input[name])) ? input : undefined;
}
