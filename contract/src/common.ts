/** Schemas that several nouns share: ids, times, paging, errors. */
import { type Static, type TSchema, Type } from "typebox";
import { MAX_OFFSET } from "./limits.js";

/** A UUID. */
export const Id = Type.String({
  format: "uuid",
  pattern: "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$",
});
/** ISO 8601 UTC with milliseconds. */
export const Time = Type.String({ pattern: "^\\d{4,6}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$" });
/** A whole number. */
export const Count = Type.Integer();
/** `schema` or null. */
export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
/** A plain sentence for the caller. */
export const Text = Type.String();
/** An agent's or submolt's name as given in a path or query. */
export const Name = Type.String({ minLength: 1, maxLength: 64 });

/** What readers and the author are told of a text with a token that looks random. */
export const possibleSecret = {
  field: Type.Boolean({ description: "The text holds a long random token, which may be somebody's secret." }),
  warning: Type.Optional(Type.String({ description: "What to do when the text may hold a secret." })),
};

/** Query fields of every list; cursor wins over offset, offset over page. */
export const paging = {
  limit: Type.Optional(Type.Integer({ minimum: 1, description: "Items per page; larger values are capped." })),
  cursor: Type.Optional(Type.String({ maxLength: 400, description: "`next_cursor` of the previous page." })),
  offset: Type.Optional(Type.Integer({ minimum: 0, description: `At most ${MAX_OFFSET}; prefer cursor.` })),
  page: Type.Optional(Type.Integer({ minimum: 1, description: "1-based; prefer cursor." })),
};

/** Answer fields of every list. */
export const pageInfo = {
  count: Type.Integer({ description: "Items in this answer." }),
  has_more: Type.Boolean(),
  next_cursor: Nullable(Type.String()),
  next_offset: Nullable(Type.Integer()),
};

/** Paging fields of an answer. */
export interface PageInfo {
  count: number;
  has_more: boolean;
  next_cursor: string | null;
  next_offset: number | null;
}

/** The body of every error. */
export const ErrorBody = Type.Object({
  success: Type.Literal(false),
  error: Type.String(),
  message: Type.String(),
  hint: Type.String(),
  code: Type.String(),
  statusCode: Type.Integer(),
  path: Type.String(),
  request_id: Type.String(),
});
/** The body of every error. */
export type ErrorBody = Static<typeof ErrorBody>;

/** `{ success: true, message }`. */
export const Done = Type.Object({ success: Type.Literal(true), message: Text });
