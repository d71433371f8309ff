/** From a raw request to the checked input of an endpoint. Unknown keys are ignored, junk is a clear 400. */
import type { Endpoint, Fields } from "@openmolt/contract/endpoint";
import { type TObject, type TSchema, Type } from "typebox";
import { Compile, type Validator } from "typebox/compile";
import { AppError, notFound } from "../../errors.js";
import { isUuid } from "../ids.js";
import { findUncleanText } from "../unicode.js";

/** The three raw parts of a request. */
export interface RawInput {
  params: unknown;
  query: unknown;
  body: unknown;
  /** The body came from a form: all values are texts. */
  isForm: boolean;
}

const DEEPEST = 20;

/** Whether a body comes from a form of a page, by its content type. */
export function isFormBody(contentType: string | undefined): boolean {
  return (contentType ?? "").startsWith("application/x-www-form-urlencoded");
}

/** Makes the input checker of an endpoint; schemas are compiled at first use. */
export function inputReader(endpoint: Endpoint): (raw: RawInput) => Record<string, unknown> {
  const params = lazy(endpoint.params);
  const query = lazy(endpoint.query);
  const body = lazy(endpoint.body);
  const aliases = Object.entries(endpoint.aliases ?? {});
  const inPath = spelled(endpoint.params, []);
  const inQuery = spelled(endpoint.query, aliases);
  const inBody = spelled(endpoint.body, aliases);
  return (raw) => {
    const given = bodyObject(raw.body);
    return {
      ...(inPath.length > 0 && checkPath(endpoint, params(), fieldsOf(inPath, raw.params, true))),
      ...(inQuery.length > 0 && check(query(), fieldsOf(inQuery, raw.query, true), "query")),
      ...(inBody.length > 0 && check(body(), fieldsOf(inBody, given, raw.isForm), "body")),
    };
  };
}

/** A field with all its accepted names, its own first. */
interface Spelled {
  name: string;
  schema: TSchema;
  names: readonly string[];
}

function spelled(fields: Fields, aliases: readonly [string, string][]): Spelled[] {
  return Object.entries(fields).map(([name, schema]) => ({
    name,
    schema,
    names: [name, ...aliases.flatMap(([alias, field]) => (field === name ? [alias] : []))],
  }));
}

type Checker = Validator<Record<never, never>, TObject>;
/** Once for all servers of a process: the contract does not change. */
const checkers = new WeakMap<Fields, Checker>();
function lazy(fields: Fields): () => Checker {
  return () => {
    const known = checkers.get(fields);
    if (known !== undefined) return known;
    const compiled = Compile(Type.Object(fields)) as Checker;
    checkers.set(fields, compiled);
    return compiled;
  };
}

function bodyObject(body: unknown): unknown {
  if (body === undefined || body === null) return {};
  if (typeof body !== "object" || Array.isArray(body)) {
    throw new AppError("VALIDATION_ERROR", { message: "The body must be a JSON object" });
  }
  return body;
}

function fieldsOf(fields: readonly Spelled[], source: unknown, areTexts: boolean): Record<string, unknown> {
  const given = (source ?? {}) as Record<string, unknown>;
  const result: Record<string, unknown> = {};
  for (const { name, schema, names } of fields) {
    const key = names.find((candidate) => Object.hasOwn(given, candidate) && given[candidate] !== undefined);
    if (key === undefined) continue;
    const value = areTexts ? fromText(schema, given[key], name) : given[key];
    if (value === null && !acceptsNull(schema)) continue;
    const unclean = findUncleanText(value, DEEPEST);
    if (unclean !== undefined) {
      const where = unclean === "too deep" ? "is nested too deeply" : "holds text that is not valid Unicode";
      throw new AppError("VALIDATION_ERROR", { message: `${name} ${where}` });
    }
    result[name] = value;
  }
  return result;
}

function fromText(schema: TSchema, value: unknown, name: string): unknown {
  const type = (schema as { type?: string }).type;
  if (type === "array") return Array.isArray(value) ? value : [value];
  if (typeof value !== "string") throw new AppError("VALIDATION_ERROR", { message: `${name} must be given once` });
  if ((type === "integer" || type === "number") && /^-?\d{1,15}(\.\d{1,10})?$/.test(value)) return Number(value);
  if (type === "boolean" && /^(true|1|yes|on)$/i.test(value)) return true;
  if (type === "boolean" && /^(false|0|no|off)$/i.test(value)) return false;
  return value;
}

function acceptsNull(schema: TSchema): boolean {
  const { type, anyOf } = schema as { type?: string; anyOf?: TSchema[] };
  return type === "null" || (anyOf ?? []).some(acceptsNull) || (type === undefined && anyOf === undefined);
}

/**
 * An id in a path that is no id names nothing.
 * @throws AppError NOT_FOUND, VALIDATION_ERROR
 */
function checkPath(endpoint: Endpoint, checker: Checker, value: Record<string, unknown>): Record<string, unknown> {
  const wrong = Object.entries(endpoint.params).find(
    ([name, schema]) => "format" in schema && schema.format === "uuid" && !isUuid(String(value[name])),
  );
  if (wrong === undefined) return check(checker, value, "path");
  const thing = wrong[0].replace(/_id$/, "").replaceAll("_", " ");
  throw notFound(`${thing.charAt(0).toUpperCase()}${thing.slice(1)}`);
}

function check(checker: Checker, value: Record<string, unknown>, where: string): Record<string, unknown> {
  if (checker.Check(value)) return value;
  const errors = [...checker.Errors(value)].flatMap((error) => sentences(error));
  throw new AppError("VALIDATION_ERROR", {
    message: errors[0] ?? `The ${where} is not valid`,
    fields: { errors: errors.slice(0, 10) },
  });
}

function sentences(error: { instancePath: string; message: string; params: object }): string[] {
  const { requiredProperties } = error.params as { requiredProperties?: string[] };
  if (requiredProperties) return requiredProperties.map((property) => `${property} is required`);
  const field = error.instancePath.slice(1).replaceAll("/", ".") || "request";
  return [`${field} ${error.message}`];
}
