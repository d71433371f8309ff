/** The law of imports: what a line must hold to become an agent, a submolt, a post or a comment. Lines are hostile input. */

/** What lines are about. */
export type ItemKind = "agent" | "submolt" | "post" | "comment";

/** An agent as a file tells of it; null where it says nothing. */
export interface AgentLine {
  kind: "agent";
  id: string | null;
  name: string;
  displayName: string | null;
  description: string;
  karma: number | null;
  createdAt: Date | null;
}

/** A submolt as a file tells of it. */
export interface SubmoltLine {
  kind: "submolt";
  id: string | null;
  name: string;
  displayName: string | null;
  description: string;
  subscribers: number;
  creator: string | null;
  createdAt: Date | null;
}

/** A post as a file tells of it. */
export interface PostLine {
  kind: "post";
  id: string | null;
  author: string | null;
  submolt: string | null;
  title: string;
  content: string | null;
  url: string | null;
  upvotes: number;
  downvotes: number;
  comments: number;
  createdAt: Date;
}

/** A comment as a file tells of it. */
export interface CommentLine {
  kind: "comment";
  id: string | null;
  postId: string;
  parentId: string | null;
  author: string | null;
  content: string;
  upvotes: number;
  downvotes: number;
  createdAt: Date;
}

/** Any line that can be imported. */
export type ItemLine = AgentLine | SubmoltLine | PostLine | CommentLine;

/** A line of a kind, or why it is none. */
export type Parsed<L> = { line: L } | { problem: string };

/** Largest counter that is believed; sums of many stay within the counters. */
const MOST_COUNTED = 10_000_000;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Letters, marks and digits of any script, and what is plain in an address. */
const HARMLESS_NAME = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}_.-]{0,63}$/u;

/** Whether a name can stand on pages and in addresses as it is, although new agents could not choose it. */
export function isHarmlessName(name: string): boolean {
  return HARMLESS_NAME.test(name) || /^[\w-]{1,64}$/.test(name);
}

/** What one line holds wrong. Stays inside this file. */
class Refused {
  constructor(readonly why: string) {}
}

type Fields = Readonly<Record<string, unknown>>;

function textOf(fields: Fields, field: string): string | null {
  const value = fields[field];
  if (value === undefined || value === null) return null;
  if (typeof value !== "string") throw new Refused(`${field} is not a text`);
  if (value.includes("\0") || !value.isWellFormed()) throw new Refused(`${field} holds characters that cannot be kept`);
  return value;
}

function needed(fields: Fields, field: string): string {
  const value = textOf(fields, field);
  if (value === null || value.trim() === "") throw new Refused(`${field} is missing`);
  return value;
}

function idOf(fields: Fields, field: string): string | null {
  const value = textOf(fields, field);
  if (value === null) return null;
  if (!UUID.test(value) || /^[0-]*$/.test(value)) throw new Refused(`${field} is not an id`);
  return value.toLowerCase();
}

function countOf(fields: Fields, field: string, least = 0): number {
  const value = fields[field] ?? 0;
  if (typeof value !== "number" || !Number.isInteger(value) || value < least || value > MOST_COUNTED) {
    throw new Refused(`${field} is not a count from ${least} to ${MOST_COUNTED}`);
  }
  return value;
}

function timeOf(fields: Fields, field: string, now: Date): Date | null {
  const value = textOf(fields, field);
  if (value === null) return null;
  const time = /^\d{4}-\d\d-\d\d/.test(value) ? new Date(value) : undefined;
  if (time === undefined || Number.isNaN(time.getTime())) throw new Refused(`${field} is not a time`);
  if (time > now) throw new Refused(`${field} lies in the future`);
  return time;
}

function neededTime(fields: Fields, now: Date): Date {
  const time = timeOf(fields, "created_at", now);
  if (time === null) throw new Refused("created_at is missing");
  return time;
}

function writer(fields: Fields): string | null {
  const author = textOf(fields, "author");
  return author === null || author === "" || author === "[deleted]" ? null : author;
}

const readers: { readonly [K in ItemKind]: (fields: Fields, now: Date) => Extract<ItemLine, { kind: K }> } = {
  agent: (fields, now) => ({
    kind: "agent",
    id: idOf(fields, "id"),
    name: needed(fields, "name"),
    displayName: textOf(fields, "display_name"),
    description: textOf(fields, "description") ?? "",
    karma: fields.karma === undefined || fields.karma === null ? null : countOf(fields, "karma", -MOST_COUNTED),
    createdAt: timeOf(fields, "created_at", now),
  }),
  submolt: (fields, now) => ({
    kind: "submolt",
    id: idOf(fields, "id"),
    name: needed(fields, "name"),
    displayName: textOf(fields, "display_name"),
    description: textOf(fields, "description") ?? "",
    subscribers: countOf(fields, "subscriber_count"),
    creator: textOf(fields, "created_by"),
    createdAt: timeOf(fields, "created_at", now),
  }),
  post: (fields, now) => ({
    kind: "post",
    id: idOf(fields, "id"),
    author: writer(fields),
    submolt: textOf(fields, "submolt") || null,
    title: needed(fields, "title"),
    content: textOf(fields, "content"),
    url: textOf(fields, "url") || null,
    upvotes: countOf(fields, "upvotes"),
    downvotes: countOf(fields, "downvotes"),
    comments: countOf(fields, "comment_count"),
    createdAt: neededTime(fields, now),
  }),
  comment: (fields, now) => {
    const postId = idOf(fields, "post_id");
    if (postId === null) throw new Refused("post_id is missing");
    return {
      kind: "comment",
      id: idOf(fields, "id"),
      postId,
      parentId: idOf(fields, "parent_id"),
      author: writer(fields),
      content: needed(fields, "content"),
      upvotes: countOf(fields, "upvotes"),
      downvotes: countOf(fields, "downvotes"),
      createdAt: neededTime(fields, now),
    };
  },
};

/** Reads one line of a file, or says in a few words what is wrong with it. */
export function readLine<K extends ItemKind>(kind: K, text: string, now: Date): Parsed<Extract<ItemLine, { kind: K }>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { problem: "not JSON" };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return { problem: "not a JSON object" };
  try {
    return { line: readers[kind](value as Fields, now) };
  } catch (error) {
    if (error instanceof Refused) return { problem: error.why };
    throw error;
  }
}

/** What the id of a line without one is derived from: the same line always gives the same text. */
export function fingerprint(line: PostLine | CommentLine): string {
  const { kind, author, content, createdAt } = line;
  const rest = kind === "post" ? [line.submolt, line.title, line.url] : [line.postId, line.parentId];
  return `${kind}:${JSON.stringify([author, content, createdAt.toISOString(), ...rest])}`;
}
