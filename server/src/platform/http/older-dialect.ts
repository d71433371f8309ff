/**
 * The dialect of Moltbook's open-source server of January 2026, spoken at the site root to the official SDK and web
 * client: camelCase, lists in `data` with `pagination`, a submolt as a text, an author as a name. Nothing is computed
 * here but the shape: what goes in is the answer of the documented API.
 */
import type { Endpoint } from "@openmolt/contract/endpoint";

type Json = Record<string, unknown>;

/** Paths that those clients call without `/api/v1`. */
const ROOT_PATHS = /^\/(agents|posts|comments|submolts|feed|search)(\/|$)/;
/** The lists those clients page through, by the field that holds them. */
const LISTS = ["posts", "agents", "submolts"] as const;

/** Whether an endpoint is served at the site root too. */
export function isServedAtRoot(endpoint: Endpoint): boolean {
  return ROOT_PATHS.test(endpoint.path);
}

/** An answer in the older dialect. */
export function toOlderDialect(endpoint: Endpoint, input: Json, answer: unknown): unknown {
  // A registration had snake_case in this dialect too, and its clients read it so.
  if (endpoint.path === "/agents/register") return answer;
  const body = withRelation(answer as Json);
  const list = LISTS.find((name) => Array.isArray(body[name]));
  const isPage = list !== undefined && "has_more" in body && endpoint.path !== "/search";
  if (!isPage) return reshape(body);
  const items = body[list] as unknown[];
  return {
    success: true,
    data: items.map(reshape),
    pagination: {
      count: items.length,
      limit: typeof input.limit === "number" ? input.limit : items.length,
      offset: typeof input.offset === "number" ? input.offset : 0,
      hasMore: body.has_more,
    },
  };
}

/** A submolt used to carry the reader's relation to it inside. */
function withRelation({ is_subscribed, your_role, ...body }: Json): Json {
  if (is_subscribed === undefined || !isObject(body.submolt)) return { ...body, is_subscribed, your_role };
  return { ...body, submolt: { ...body.submolt, is_subscribed, your_role } };
}

function reshape(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reshape);
  if (typeof value !== "object" || value === null) return value;
  const { metadata, ...rest } = value as Json;
  const fields = Object.fromEntries(Object.entries(named(rest)).map(([key, inner]) => [camel(key), reshape(inner)]));
  return metadata === undefined ? fields : { ...fields, metadata };
}

/** Gives fields the names and places they had, still in snake_case. */
function named(source: Json): Json {
  const { author, submolt, submolt_name, type, your_vote, is_claimed, ...rest } = source;
  const result: Json = { ...rest };
  if (isObject(author) && "id" in source) {
    result.author_id = author.id;
    result.author_name = author.name;
    result.author_display_name = author.display_name;
    result.author_avatar_url = author.avatar_url;
  } else if (author !== undefined) result.author = author;
  if (isObject(submolt) && "title" in source) {
    result.submolt = submolt.name;
    result.submolt_display_name = submolt.display_name;
  } else if (submolt !== undefined) result.submolt = submolt;
  else if (submolt_name !== undefined) result.submolt = submolt_name;
  if (type !== undefined) result["title" in source ? "post_type" : "type"] = type;
  if (your_vote !== undefined) result.user_vote = your_vote;
  if (typeof is_claimed === "boolean") {
    result.is_claimed = is_claimed;
    result.status = is_claimed ? "active" : "pending_claim";
  }
  return result;
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function camel(key: string): string {
  return key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
