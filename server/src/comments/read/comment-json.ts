/** Comments of a thread as JSON: rows with their texts, nested or one after the other. */

import type { CommentView } from "@openmolt/contract/comments";
import { type Authors, authorFields, authorsOf } from "../../agents/read/authors.js";
import { bool, int2, int4, nullable, type Row, sql, text, time, uuid, uuids } from "../../platform/db.js";
import type { Call } from "../../platform/http/call.js";
import { SharedJson } from "../../platform/http/shared-json.js";
import { looksRandomInside } from "../../platform/leaks/random-tokens.js";
import type { Services } from "../../platform/services.js";
import { knownTexts, type Text } from "../../platform/texts.js";
import { DELETED_TEXT, REMOVED_TEXT } from "../rules.js";
import { type NodeRow, nodeOf } from "./node-rows.js";

const textColumns = {
  id: uuid,
  post_id: uuid,
  parent_id: nullable(uuid),
  version: int4,
  depth: int2,
  is_there: bool,
  content: text,
  created_at: time,
  edited_at: nullable(time),
};
const findTexts = sql({ ids: uuids }, textColumns)`
  select id, post_id, parent_id, version, depth, deleted_at is null as is_there, content, created_at, edited_at
  from comments where id = any(${"ids"}::uuid[])`;

/** The texts of comments by id, and their authors. */
export interface Texts {
  /** One that is deleted or removed has no content, and minus its version. */
  comments: ReadonlyMap<string, Text>;
  authors: Authors;
}

/** The texts of these rows. */
export async function textsOf(call: Call, rows: readonly NodeRow[]): Promise<Texts> {
  const { db, services } = call;
  const wanted = rows.map(({ id, isVisible, version }) => ({ id, version: isVisible ? version : -version }));
  const comments = await knownTexts(services, db, wanted, (ids) => findTexts.all(db, { ids }), textOf);
  return { comments, authors: await authorsOf(call, rows, (index) => rows[index]?.authorVersion ?? 0) };
}

/** A comment in JSON that brings its text along, with times as JSON has them; see `fewComments`. */
type WholeRow = Omit<Row<typeof textColumns>, "created_at" | "edited_at"> & {
  author_id: string | null;
  removed_reason: string | null;
  author_figures: [version: number, karma: number, followers: number];
  figures: Parameters<typeof nodeOf>[1];
  created_at: string;
  edited_at: string | null;
};

/** The few comments of a post from their JSON; the texts that came with them are kept. */
export function wholeThread({ texts }: Services, json: string): NodeRow[] {
  const byId = new Map<string, NodeRow>();
  const rows = JSON.parse(json) as WholeRow[];
  for (const row of rows) {
    const { id, author_id, removed_reason, version, author_figures, figures } = row;
    const [authorVersion, karma, followers] = author_figures;
    const known = { id, author_id, removed_reason, version, authorVersion, karma, followers };
    const node = nodeOf(known, figures);
    byId.set(id, node);
    if (texts.get(id, node.isVisible ? version : -version) !== undefined) continue;
    const editedAt = row.edited_at === null ? null : new Date(row.edited_at);
    texts.keep(id, textOf({ ...row, created_at: new Date(row.created_at), edited_at: editedAt }));
  }
  const nodes = [...byId.values()];
  for (const [index, { parent_id }] of rows.entries()) {
    const node = nodes[index];
    if (parent_id !== null && node !== undefined) byId.get(parent_id)?.replies.push(node);
  }
  return nodes;
}

function textOf(row: Row<typeof textColumns>): Text {
  const { id, post_id, parent_id, depth, is_there: isThere, content } = row;
  const createdAt = row.created_at.toISOString();
  const editedAt = row.edited_at?.toISOString() ?? null;
  const json = JSON.stringify({
    id,
    post_id,
    parent_id,
    depth,
    is_spam: false,
    possible_secret: isThere && looksRandomInside(content),
    verification_status: "verified",
    created_at: createdAt,
    updated_at: editedAt ?? createdAt,
    edited_at: editedAt,
    ...(isThere ? { content } : {}),
  });
  return { version: isThere ? row.version : -row.version, json: json.slice(0, -1), createdAt };
}

/** Adds comments, each holding those that answer it. */
export function addNested(out: SharedJson, rows: readonly NodeRow[], texts: Texts): SharedJson {
  for (const [index, row] of rows.entries()) {
    addComment(index === 0 ? out : out.add(","), row, texts, row.children > row.replies.length);
    addNested(out, row.replies, texts);
    out.add("]}");
  }
  return out;
}

/** Adds comments one after the other, none inside another. */
export function addLine(out: SharedJson, rows: readonly NodeRow[], texts: Texts, hasMore: boolean): SharedJson {
  for (const [index, row] of rows.entries()) {
    addComment(index === 0 ? out : out.add(","), row, texts, hasMore);
    out.add("]}");
  }
  return out;
}

/** What a text says of its comment, as on the wire; one that is gone has no content. */
export type Written = Pick<
  CommentView,
  "id" | "post_id" | "parent_id" | "depth" | "possible_secret" | "created_at" | "edited_at"
> & { content?: string };

/** What is said in a text. */
export function writtenIn({ json }: Text): Written {
  return JSON.parse(`${json}}`) as Written;
}

/** Adds a comment up to its replies. */
function addComment(out: SharedJson, row: NodeRow, { comments, authors }: Texts, hasMore: boolean): void {
  const text = comments.get(row.id);
  if (text === undefined) throw new Error(`Comment ${row.id} has no text`);
  const { karma, followers, upvotes, downvotes, score, replyCount } = row;
  const isGone = text.version < 0;
  const content = row.removed_reason === null ? DELETED_TEXT : REMOVED_TEXT;
  const author = authorFields(authors, row.author_id, karma, followers);
  out.add(
    `${text.json},${isGone ? `"content":"${content}",` : ""}${author},"upvotes":${upvotes},"downvotes":${downvotes},"score":${score},"reply_count":${replyCount},"is_deleted":${isGone},"removed_reason":${JSON.stringify(row.removed_reason)},"your_vote":`,
  );
  out.own("comment_vote", row.id).add(`,"has_more_replies":${hasMore},"replies":[`);
}

/** An answer that begins with these fields (at least one); more is to be added, and the last brace. */
export function answerWith(fields: object): SharedJson {
  return new SharedJson(JSON.stringify(fields).slice(0, -1));
}
