/** Pages of comments: the tree below a post, the replies below a comment, and the flat list for reading everything. */
import type { comments as contract } from "@openmolt/contract/comments";
import type { PageInfo } from "@openmolt/contract/common";
import type { InputOf } from "@openmolt/contract/endpoint";
import { threads } from "@openmolt/contract/limits";
import { AppError, gone, notFound } from "../../errors.js";
import {
  bool,
  int4,
  nullable,
  type Row,
  type SqlType,
  type Statement,
  sql,
  text,
  time,
  uuid,
} from "../../platform/db.js";
import type { Call } from "../../platform/http/call.js";
import type { SharedJson } from "../../platform/http/shared-json.js";
import { type CursorKind, type Page, type PagingInput, pageOf, readPage } from "../../platform/paging.js";
import { type CommentSort, commentSort, flatSort, settledBefore } from "../rules.js";
import { addLine, addNested, answerWith, type Texts, textsOf } from "./comment-json.js";
import {
  type Base,
  bases,
  flatPage,
  type NodeRow,
  nodeStatement,
  type Order,
  orders,
  pageWithReplies,
  placeBefore,
  placeColumns,
} from "./nodes.js";

const LIMITS = { limit: threads.roots, max: threads.maxRoots };
/** Where the first page begins: before every rank, time and id. */
const FIRST_RANK = -2_147_483_648;
const FIRST_ID = "00000000-0000-0000-0000-000000000000";
const LAST_ID = "ffffffff-ffff-ffff-ffff-ffffffffffff";
const FIRST_TIME = new Date(0);
const LAST_TIME = new Date(Date.UTC(9999, 11, 31));

const shared = { id: uuid, after_id: uuid, limit: int4 };
const rankedList = (base: Base, order: Order, siblings: Order) => ({
  page: nodeStatement({ ...shared, after_rank: int4, settled: nullable(time) }, pageWithReplies(base, order, siblings)),
  placeBefore: sql({ id: uuid, offset: int4 }, placeColumns)`${placeBefore(base, order)}`,
});
const timedList = (base: Base, order: Order, build: typeof flatPage) => ({
  page: nodeStatement({ ...shared, after_time: time }, build(base, order)),
  placeBefore: sql({ id: uuid, offset: int4 }, placeColumns)`${placeBefore(base, order)}`,
});
const nested = (base: Base, order: Order) => pageWithReplies(base, order, order);

const { roots, replies, all } = bases;
const threadLists = {
  best: rankedList(roots, orders.best, orders.best),
  controversial: rankedList(roots, orders.controversial, orders.best),
  new: timedList(roots, orders.new, nested),
  old: timedList(roots, orders.old, nested),
};
const replyLists = {
  best: rankedList(replies, orders.best, orders.best),
  new: timedList(replies, orders.new, nested),
  old: timedList(replies, orders.old, nested),
};
const flatLists = {
  new: timedList(all, orders.new, flatPage),
  old: timedList(all, orders.old, flatPage),
};

const findThread = sql(
  { id: uuid },
  { id: uuid, visible: bool, removed_reason: nullable(text), comment_count: int4 },
)`select s.post_id as id, s.visible, p.removed_reason, s.comment_count
  from post_stats s join posts p on p.id = s.post_id where s.post_id = ${"id"}`;
const findParent = sql(
  { id: uuid },
  { id: uuid, post_id: uuid, reply_count: int4, post_visible: bool, post_removed_reason: nullable(text) },
)`select s.comment_id as id, s.post_id, s.reply_count, ps.visible as post_visible, p.removed_reason as post_removed_reason
  from comment_stats s join post_stats ps on ps.post_id = s.post_id join posts p on p.id = s.post_id
  where s.comment_id = ${"id"}`;

/**
 * The comments of a post: a page of the tree, or of the flat list.
 * @throws AppError NOT_FOUND, GONE, INVALID_CURSOR, OFFSET_TOO_LARGE
 */
export async function listComments(call: Call, input: InputOf<typeof contract.list>): Promise<SharedJson> {
  const thread = await findThread.maybe(call.db, { id: input.post_id });
  if (!thread) throw notFound("Post");
  if (!thread.visible) throw gone("post", thread.removed_reason);
  const { sort, rows, texts, info } = await (input.flat
    ? pageByTime(call, thread.id, `flat/${thread.id}`, flatSort(input.sort), flatLists, input)
    : threadPage(call, thread.id, commentSort(input.sort), input));
  const count = thread.comment_count;
  const answer = answerWith({ success: true, post_id: thread.id, sort, ...info, count }).add(`,"comments":[`);
  // In a flat list no reply is missing: it stands elsewhere in the list.
  if (input.flat) addLine(answer, rows, texts, false);
  else addNested(answer, rows, texts);
  return answer.add("]}");
}

/**
 * The direct replies to a comment, each with its own.
 * @throws AppError NOT_FOUND, GONE, INVALID_CURSOR, OFFSET_TOO_LARGE
 */
export async function listReplies(call: Call, input: InputOf<typeof contract.replies>): Promise<SharedJson> {
  const parent = await findParent.maybe(call.db, { id: input.comment_id });
  if (!parent) throw notFound("Comment");
  if (!parent.post_visible) throw gone("post", parent.post_removed_reason);
  const asked = commentSort(input.sort);
  const { sort, rows, texts, info } = await repliesPage(call, parent.id, asked, input);
  const count = parent.reply_count;
  const answer = answerWith({ success: true, comment_id: parent.id, post_id: parent.post_id, sort, ...info, count });
  return addNested(answer.add(`,"replies":[`), rows, texts).add("]}");
}

/** The first page of a post's comments, best first; for answers about the post itself. */
export async function firstComments(call: Call, postId: string): Promise<readonly NodeRow[]> {
  return (await threadPage(call, postId, "best", {})).rows;
}

/** A page of comments. */
export interface CommentPage {
  sort: CommentSort;
  rows: readonly NodeRow[];
  texts: Texts;
  info: PageInfo;
}

/**
 * A page of the tree below a post that is there, as rows with their texts.
 * @throws AppError INVALID_CURSOR, OFFSET_TOO_LARGE
 */
export function threadPage(call: Call, postId: string, sort: CommentSort, input: PagingInput): Promise<CommentPage> {
  const list = `comments/${postId}`;
  return sort === "new" || sort === "old"
    ? pageByTime(call, postId, list, sort, threadLists, input)
    : pageByRank(call, postId, list, sort, threadLists, input);
}

/**
 * A page of the replies below a comment that is there, as rows with their texts.
 * @throws AppError INVALID_CURSOR, OFFSET_TOO_LARGE
 */
export function repliesPage(call: Call, id: string, sort: CommentSort, input: PagingInput): Promise<CommentPage> {
  const list = `replies/${id}`;
  return sort === "new" || sort === "old"
    ? pageByTime(call, id, list, sort, replyLists, input)
    : pageByRank(call, id, list, "best", replyLists, input);
}

async function pageByRank<S extends "best" | "controversial">(
  call: Call,
  id: string,
  list: string,
  sort: S,
  lists: Record<S, ReturnType<typeof rankedList>>,
  input: PagingInput,
): Promise<CommentPage> {
  const page = readPage(input, `${list}/${sort}`, ["number", "uuid", "time"] satisfies CursorKind[], LIMITS);
  const [rank = FIRST_RANK, afterId = FIRST_ID, asOf] = (page.after ?? []) as [number?, string?, string?];
  if (!Number.isInteger(rank) || rank < FIRST_RANK || rank > -FIRST_RANK - 1) throw new AppError("INVALID_CURSOR");
  const firstPageAt = asOf === undefined ? call.now : new Date(asOf);
  const start = await startOf(call, lists[sort].placeBefore, id, page, { rank, id: afterId });
  const settled = asOf === undefined ? null : settledBefore(firstPageAt);
  const rows = start
    ? await lists[sort].page.all(call.db, {
        id,
        after_id: start.id,
        limit: page.limit,
        after_rank: start.rank,
        settled,
      })
    : [];
  const { kept, info } = cut(rows, page, (root) => [root.figures[1], root.id, firstPageAt.toISOString()]);
  return { sort, rows: kept, texts: await textsOf(call, kept), info };
}

async function pageByTime<S extends "new" | "old">(
  call: Call,
  id: string,
  list: string,
  sort: S,
  lists: Record<S, ReturnType<typeof timedList>>,
  input: PagingInput,
): Promise<CommentPage> {
  const page = readPage(input, `${list}/${sort}`, ["time", "uuid"] satisfies CursorKind[], LIMITS);
  const [after, afterId] = (page.after ?? []) as [string?, string?];
  const begin = sort === "new" ? { created_at: LAST_TIME, id: LAST_ID } : { created_at: FIRST_TIME, id: FIRST_ID };
  const start = await startOf(call, lists[sort].placeBefore, id, page, {
    created_at: after === undefined ? begin.created_at : new Date(after),
    id: afterId ?? begin.id,
  });
  const rows = start
    ? await lists[sort].page.all(call.db, { id, after_id: start.id, limit: page.limit, after_time: start.created_at })
    : [];
  const texts = await textsOf(call, rows);
  const { kept, info } = cut(rows, page, (root) => [texts.comments.get(root.id)?.createdAt ?? "", root.id]);
  return { sort, rows: kept, texts, info };
}

/** Where the page starts: at its cursor, or behind as many comments as its offset says; nowhere when there are fewer. */
async function startOf<P>(
  { db }: Call,
  placeBefore: Statement<{ id: SqlType<string>; offset: SqlType<number> }, typeof placeColumns>,
  id: string,
  { offset }: Page,
  cursor: P,
): Promise<P | Row<typeof placeColumns> | undefined> {
  return offset === 0 ? cursor : placeBefore.maybe(db, { id, offset });
}

/** Cuts off the one root too many that tells of a next page. */
function cut(rows: readonly NodeRow[], page: Page, placeOf: (root: NodeRow) => (string | number)[]) {
  const { rows: kept, info } = pageOf(
    rows.filter(({ figures: [level] }) => level === 0),
    page,
    placeOf,
  );
  return { kept: [...kept, ...rows.filter(({ figures: [level] }) => level > 0)], info };
}
