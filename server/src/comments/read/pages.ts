/** Pages of comments: the tree below a post, the replies below a comment, and the flat list for reading everything. */
import type { comments as contract } from "@openmolt/contract/comments";
import type { PageInfo } from "@openmolt/contract/common";
import type { InputOf } from "@openmolt/contract/endpoint";
import { threads } from "@openmolt/contract/limits";
import { AppError, gone, notFound } from "../../errors.js";
import {
  bool,
  type Fragment,
  int4,
  nullable,
  part,
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
import { type NodeRow, nodeColumns, nodesIn } from "./node-rows.js";
import { type Base, bases, flatPage, type Order, orders, pageWithReplies, placeBefore, placeColumns } from "./nodes.js";

const LIMITS = { limit: threads.roots, max: threads.maxRoots };
/** Where the first page begins: before every rank, time and id. */
const FIRST_RANK = -2_147_483_648;
const LAST_RANK = 2_147_483_647;
const FIRST_ID = "00000000-0000-0000-0000-000000000000";
const LAST_ID = "ffffffff-ffff-ffff-ffff-ffffffffffff";
const FIRST_TIME = new Date(0);
const LAST_TIME = new Date(Date.UTC(9999, 11, 31));

/** What a page is of: what is told of it in the row of the page, for a statement that names it `id`. */
export interface Subject<C extends Columns> {
  columns: C;
  fields: Fragment;
  source: Fragment;
  where: Fragment;
}
type Columns = Record<string, SqlType<unknown>>;

const places = {
  ranked: { id: uuid, after_id: uuid, limit: int4, after_rank: int4, settled: nullable(time) },
  timed: { id: uuid, after_id: uuid, limit: int4, after_time: time },
};
function pageStatement<P extends Columns, C extends Columns>(types: P, of: Subject<C>, rows: Fragment) {
  const columns: C & typeof nodeColumns = { ...of.columns, ...nodeColumns };
  return sql<P, C & typeof nodeColumns>(types, columns)`
    select ${of.fields}, n.* from ${of.source} cross join lateral (${rows}) n where ${of.where}`;
}
const before = (base: Base, order: Order) => sql({ id: uuid, offset: int4 }, placeColumns)`${placeBefore(base, order)}`;
const rankedList = <C extends Columns>(of: Subject<C>, base: Base, order: Order, rows: Fragment) => ({
  page: pageStatement(places.ranked, of, rows),
  placeBefore: before(base, order),
});
const timedList = <C extends Columns>(of: Subject<C>, base: Base, order: Order, rows: Fragment) => ({
  page: pageStatement(places.timed, of, rows),
  placeBefore: before(base, order),
});
/** A list in its orders; replies always come best first where the list has a rank. */
function nestedLists<C extends Columns>(of: Subject<C>, base: Base, withCounters = true) {
  const { best, controversial, new: newest, old } = orders;
  const rows = (order: Order, siblings: Order) => pageWithReplies(base, order, siblings, withCounters);
  return {
    best: rankedList(of, base, best, rows(best, best)),
    controversial: rankedList(of, base, controversial, rows(controversial, best)),
    new: timedList(of, base, newest, rows(newest, newest)),
    old: timedList(of, base, old, rows(old, old)),
  };
}
type Lists<C extends Columns> = ReturnType<typeof nestedLists<C>>;

const thread = {
  columns: { id: uuid, visible: bool, removed_reason: nullable(text), comment_count: int4 },
  fields: part`s.post_id as id, s.visible, p.removed_reason, s.comment_count`,
  source: part`post_stats s join posts p on p.id = s.post_id`,
  where: part`s.post_id = ${"id"}`,
};
const parent = {
  columns: { id: uuid, post_id: uuid, reply_count: int4, visible: bool, removed_reason: nullable(text) },
  fields: part`s.comment_id as id, s.post_id, s.reply_count, ps.visible, p.removed_reason`,
  source: part`comment_stats s join post_stats ps on ps.post_id = s.post_id join posts p on p.id = s.post_id`,
  where: part`s.comment_id = ${"id"}`,
};
const threadLists = nestedLists(thread, bases.roots);
const replyLists = nestedLists(parent, bases.replies);
const flatLists = {
  new: timedList(thread, bases.all, orders.new, flatPage(bases.all, orders.new)),
  old: timedList(thread, bases.all, orders.old, flatPage(bases.all, orders.old)),
};

/** The lists of roots below a post of which a page tells more; what their authors count is left out. */
export const listsBelow = <C extends Columns>(post: Subject<C>): Lists<C> => nestedLists(post, bases.roots, false);

/**
 * The comments of a post: a page of the tree, or of the flat list.
 * @throws AppError NOT_FOUND, GONE, INVALID_CURSOR, OFFSET_TOO_LARGE
 */
export async function listComments(call: Call, input: InputOf<typeof contract.list>): Promise<SharedJson> {
  const postId = input.post_id.toLowerCase();
  const page = await (input.flat
    ? pageByTime(call, postId, `flat/${postId}`, flatSort(input.sort), flatLists, input)
    : pageOfList(call, threadLists, `comments/${postId}`, postId, commentSort(input.sort), input));
  const { of, sort, rows, texts, info } = page;
  if (!of) throw notFound("Post");
  if (!of.visible) throw gone("post", of.removed_reason);
  const count = of.comment_count;
  const answer = answerWith({ success: true, post_id: of.id, sort, ...info, count }).add(`,"comments":[`);
  // In a flat list no reply is missing: it stands elsewhere in the list.
  if (input.flat) addLine(answer, rows, texts, false);
  else addNested(answer, rootsOf(rows), texts);
  return answer.add("]}");
}

/**
 * The direct replies to a comment, each with its own.
 * @throws AppError NOT_FOUND, GONE, INVALID_CURSOR, OFFSET_TOO_LARGE
 */
export async function listReplies(call: Call, input: InputOf<typeof contract.replies>): Promise<SharedJson> {
  const { of, sort, rows, texts, info } = await repliesPage(
    call,
    input.comment_id.toLowerCase(),
    commentSort(input.sort),
    input,
  );
  if (!of) throw notFound("Comment");
  if (!of.visible) throw gone("post", of.removed_reason);
  const count = of.reply_count;
  const answer = answerWith({ success: true, comment_id: of.id, post_id: of.post_id, sort, ...info, count });
  return addNested(answer.add(`,"replies":[`), rootsOf(rows), texts).add("]}");
}

/** The first page of a post's comments, best first; for answers about the post itself. */
export async function firstComments(call: Call, postId: string): Promise<readonly NodeRow[]> {
  return (await pageOfList(call, threadLists, `comments/${postId}`, postId, "best", {})).rows;
}

/** A page of the replies below a comment, as rows with their texts. Throws as {@link pageOfList}. */
export function repliesPage(call: Call, id: string, sort: CommentSort, input: PagingInput) {
  return pageOfList(call, replyLists, `replies/${id}`, id, sort === "controversial" ? "best" : sort, input);
}

/** A page of comments. */
export interface CommentPage<C extends Columns> {
  /** What the page is of; undefined where there is no such thing. */
  of: Row<C> | undefined;
  sort: CommentSort;
  rows: readonly NodeRow[];
  texts: Texts;
  info: PageInfo;
}

/**
 * A page of a list, in one statement with what it is of.
 * @param name of the list, for cursors
 * @throws AppError INVALID_CURSOR, OFFSET_TOO_LARGE
 */
export function pageOfList<C extends Columns>(
  call: Call,
  lists: Lists<C>,
  name: string,
  id: string,
  sort: CommentSort,
  input: PagingInput,
): Promise<CommentPage<C>> {
  return sort === "new" || sort === "old"
    ? pageByTime(call, id, name, sort, lists, input)
    : pageByRank(call, id, name, sort, lists, input);
}

async function pageByRank<C extends Columns>(
  call: Call,
  id: string,
  list: string,
  sort: "best" | "controversial",
  lists: Lists<C>,
  input: PagingInput,
): Promise<CommentPage<C>> {
  const page = readPage(input, `${list}/${sort}`, ["number", "uuid", "time"] satisfies CursorKind[], LIMITS);
  const [rank = FIRST_RANK, afterId = FIRST_ID, asOf] = (page.after ?? []) as [number?, string?, string?];
  if (!Number.isInteger(rank) || rank < FIRST_RANK || rank > LAST_RANK) throw new AppError("INVALID_CURSOR");
  const firstPageAt = asOf === undefined ? call.now : new Date(asOf);
  const { page: statement, placeBefore } = lists[sort];
  const start = (await startOf(call, placeBefore, id, page, { rank, id: afterId })) ?? { rank: LAST_RANK, id: LAST_ID };
  const settled = asOf === undefined ? null : settledBefore(firstPageAt);
  const place = { id, after_id: start.id, limit: page.limit, after_rank: start.rank, settled };
  const of = await statement.maybe(call.db, place);
  const rows = of === undefined ? [] : nodesIn(of);
  const { kept, info } = cut(rows, page, (root) => [root.rank, root.id, firstPageAt.toISOString()]);
  return { of, sort, rows: kept, texts: await textsOf(call, kept), info };
}

async function pageByTime<C extends Columns>(
  call: Call,
  id: string,
  list: string,
  sort: "new" | "old",
  lists: Pick<Lists<C>, "new" | "old">,
  input: PagingInput,
): Promise<CommentPage<C>> {
  const page = readPage(input, `${list}/${sort}`, ["time", "uuid"] satisfies CursorKind[], LIMITS);
  const [after, afterId] = (page.after ?? []) as [string?, string?];
  const newest = { created_at: LAST_TIME, id: LAST_ID };
  const oldest = { created_at: FIRST_TIME, id: FIRST_ID };
  const [begin, end] = sort === "new" ? [newest, oldest] : [oldest, newest];
  const { page: statement, placeBefore } = lists[sort];
  const cursor = { created_at: after === undefined ? begin.created_at : new Date(after), id: afterId ?? begin.id };
  const start = (await startOf(call, placeBefore, id, page, cursor)) ?? end;
  const place = { id, after_id: start.id, limit: page.limit, after_time: start.created_at };
  const of = await statement.maybe(call.db, place);
  const rows = of === undefined ? [] : nodesIn(of);
  const texts = await textsOf(call, rows);
  const { kept, info } = cut(rows, page, (root) => [texts.comments.get(root.id)?.createdAt ?? "", root.id]);
  return { of, sort, rows: kept, texts, info };
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

/** The comments on the first level of a page. */
export function rootsOf(rows: readonly NodeRow[]): NodeRow[] {
  return rows.filter(({ level }) => level === 0);
}

/** Cuts off the one root too many that tells of a next page. */
function cut(rows: readonly NodeRow[], page: Page, placeOf: (root: NodeRow) => (string | number)[]) {
  const { rows: kept, info } = pageOf(rootsOf(rows), page, placeOf);
  return { kept: [...kept, ...rows.filter(({ level }) => level > 0)], info };
}
