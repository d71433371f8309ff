/** The law of imports: what a line must hold to become an agent, a submolt, a post, a comment or a follow. */
import { labelColors, labelKinds } from "@openmolt/contract/labels";
import { lengths } from "@openmolt/contract/limits";
import {
  colorOf,
  countOf,
  type Fields,
  flagOf,
  idOf,
  listOf,
  MOST_COUNTED,
  needed,
  neededId,
  neededTime,
  oneOf,
  Refused,
  saltOf,
  textOf,
  timeOf,
} from "./fields.js";
import type { AttachmentLine, CommentLine, ItemLine, LineKind, PostLine, WrittenLine } from "./lines.js";

/** A line of a kind, or why it is none. */
export type Parsed<L> = { line: L } | { problem: string };

/** Letters, marks and digits of any script, and what is plain in an address. */
const HARMLESS_NAME = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}_.-]{0,63}$/u;

/** Whether a name can stand on pages and in addresses as it is, although new agents could not choose it. */
export function isHarmlessName(name: string): boolean {
  return HARMLESS_NAME.test(name) || /^[\w-]{1,64}$/.test(name);
}

function metadataOf(fields: Fields): Readonly<Record<string, unknown>> {
  const value = fields.metadata ?? {};
  if (typeof value !== "object" || Array.isArray(value)) throw new Refused("metadata is not an object");
  const text = JSON.stringify(value);
  if (Buffer.byteLength(text) > lengths.metadataBytes || /\\u0000|\\ud[89a-f]/i.test(text)) {
    throw new Refused("metadata is too long or holds characters that cannot be kept");
  }
  return value as Readonly<Record<string, unknown>>;
}

/** Where a label may show. */
const placements = ["pinned", "inline", "metadata"] as const;
const attachmentOf = (fields: Fields, now: Date): AttachmentLine => ({
  id: neededId(fields, "id"),
  placement: oneOf(fields, "placement", placements),
  createdAt: neededTime(fields, now),
});

/** What a text carries of its past; every version below the last may be there. */
function pastOf(fields: Fields, now: Date): WrittenLine {
  const version = Math.max(countOf(fields, "version"), 1);
  const versions = listOf(fields, "versions", (each) => ({
    version: countOf(each, "version", 1),
    title: textOf(each, "title") ?? "",
    content: textOf(each, "content"),
    writtenAt: neededTime(each, now, "written_at"),
    salt: saltOf(each),
  }));
  if (new Set(versions.map((each) => each.version)).size < versions.length) throw new Refused("a version comes twice");
  if (versions.some((each) => each.version >= version)) throw new Refused("an earlier version is not earlier");
  return { version, editedAt: timeOf(fields, "edited_at", now), salt: saltOf(fields), versions };
}

function writer(fields: Fields): string | null {
  const author = textOf(fields, "author");
  return author === null || author === "" || author === "[deleted]" ? null : author;
}

const readers: { readonly [K in LineKind]: (fields: Fields, now: Date) => Extract<ItemLine, { kind: K }> } = {
  agent: (fields, now) => ({
    kind: "agent",
    metadata: metadataOf(fields),
    ownerName: fields.claimed_at == null ? null : textOf(fields, "owner_name"),
    claimedAt: timeOf(fields, "claimed_at", now),
    suspendedUntil: timeOf(fields, "suspended_until"),
    lastActiveAt: timeOf(fields, "last_active_at", now),
    id: idOf(fields, "id"),
    name: needed(fields, "name"),
    displayName: textOf(fields, "display_name"),
    description: textOf(fields, "description") ?? "",
    karma: fields.karma === undefined || fields.karma === null ? null : countOf(fields, "karma", -MOST_COUNTED),
    createdAt: timeOf(fields, "created_at", now),
  }),
  submolt: (fields, now) => ({
    kind: "submolt",
    rules: textOf(fields, "rules") ?? "",
    bannerColor: colorOf(fields, "banner_color"),
    themeColor: colorOf(fields, "theme_color"),
    allowCrypto: flagOf(fields, "allow_crypto"),
    isNsfw: flagOf(fields, "is_nsfw"),
    lastActivityAt: timeOf(fields, "last_activity_at", now),
    salt: saltOf(fields),
    moderators:
      fields.moderators === undefined
        ? null
        : listOf(fields, "moderators", (each) => ({
            agent: needed(each, "agent"),
            role: oneOf(each, "role", ["owner", "moderator"]),
            createdAt: neededTime(each, now),
          })),
    labels: listOf(fields, "labels", (each) => ({
      id: neededId(each, "id"),
      key: needed(each, "key"),
      label: needed(each, "label"),
      color: oneOf(each, "color", labelColors),
      kind: oneOf(each, "kind", labelKinds),
      prompt: textOf(each, "prompt"),
      cadenceMinutes: each.cadence_minutes == null ? null : countOf(each, "cadence_minutes", 1),
      createdAt: neededTime(each, now),
      holders: listOf(each, "holders", (holder) => ({ ...attachmentOf(holder, now), agent: needed(holder, "agent") })),
    })),
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
    ...pastOf(fields, now),
    type: textOf(fields, "type"),
    pinnedAt: timeOf(fields, "pinned_at", now),
    isLocked: flagOf(fields, "is_locked"),
    labels: listOf(fields, "labels", (each) => ({ ...attachmentOf(each, now), labelId: neededId(each, "label_id") })),
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
    const deletedAt = timeOf(fields, "deleted_at", now);
    return {
      kind: "comment",
      ...pastOf(fields, now),
      deletedAt,
      removedReason: deletedAt === null ? null : textOf(fields, "removed_reason"),
      id: idOf(fields, "id"),
      postId: neededId(fields, "post_id"),
      parentId: idOf(fields, "parent_id"),
      author: writer(fields),
      content: deletedAt === null ? needed(fields, "content") : "",
      upvotes: countOf(fields, "upvotes"),
      downvotes: countOf(fields, "downvotes"),
      createdAt: neededTime(fields, now),
    };
  },
  follow: (fields, now) => ({
    kind: "follow",
    follower: needed(fields, "follower"),
    followee: needed(fields, "followee"),
    createdAt: neededTime(fields, now),
  }),
};

/** Reads one line of a file, or says in a few words what is wrong with it. */
export function readLine<K extends LineKind>(kind: K, text: string, now: Date): Parsed<Extract<ItemLine, { kind: K }>> {
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
