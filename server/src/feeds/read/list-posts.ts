/** Lists of posts of the whole network, of one submolt or a label of it and of one author, in every sort; each page is one statement. */
import type { PostView } from "@openmolt/contract/posts";
import { findAgent } from "../../agents/read.js";
import { readOwnValues } from "../../comments/read/own-values.js";
import { labelByKey } from "../../communities/read/labels.js";
import { findSubmolt, submoltDetail } from "../../communities/read/submolts.js";
import { notFound } from "../../errors.js";
import { type Fragment, int4, nullable, part, sql, uuid, uuids } from "../../platform/db.js";
import type { Call } from "../../platform/http/call.js";
import { postStatement } from "../../posts/read.js";
import { NEWEST_RANKED, type Sort, sortOf } from "../rules.js";
import {
  belowCursor,
  type Cut,
  cuts,
  figure,
  type IndexedSort,
  type ListStatement,
  orderOf,
  orderOfAll,
  pageStatement,
  rankOf,
  steady,
} from "./ranking.js";
import { type ListInput, type PostPage, pageText, readPosts, readWalk, windowFor } from "./walk.js";

const SCOPES = ["all", "community", "author", "label"] as const;
type Scope = (typeof SCOPES)[number];

const scopes: Readonly<Record<Scope, Fragment>> = {
  all: part`s.visible`,
  community: part`s.visible and s.community_id = ${"community"}::uuid and s.post_id <> all(${"skip"}::uuid[])`,
  author: part`s.visible and s.author_id = ${"author"}::uuid
    and (${"community"}::uuid is null or s.community_id = ${"community"}::uuid)`,
  label: part`s.visible and s.community_id = ${"community"}::uuid`,
};

/** Lists that an index holds in their order. */
function inIndexOrder(sort: IndexedSort, scope: Scope, cut: Fragment): Fragment {
  return part`select ${rankOf[sort]} as rank, s.* from post_stats s
    where ${scopes[scope]} and ${belowCursor(sort)} and ${steady[sort]}
    order by ${scope === "all" ? orderOfAll(sort) : orderOf(sort)} ${cut}`;
}

/** Lists whose ranks are reckoned over the newest posts. */
function ranked(sort: Sort, scope: Scope, newest: number, cut: Fragment): Fragment {
  return part`select * from (select ${rankOf[sort]} as rank, s.* from (
      select s.* from post_stats s where ${scopes[scope]} and s.created_at <= ${"as_of"}::timestamptz and ${steady[sort]}
      order by ${scope === "all" ? orderOfAll("new") : orderOf("new")} limit ${figure(newest)}) s) s
    where (s.rank, s.post_id) < (${"after"}::bigint, ${"after_id"}::uuid) order by s.rank desc, s.post_id desc ${cut}`;
}

/** Posts that carry a label, whatever the order: of those attached, the newest, whose ids come last in the index. */
function labelled(order: Order, cut: Fragment): Fragment {
  const sort = order === "top since" ? "top" : order;
  const window = order === "top since" ? part`and s.created_at > ${"since"}::timestamptz` : part``;
  return part`select * from (select ${rankOf[sort]} as rank, s.* from (
      select target_id from label_attachments where label_id = ${"label"}::uuid
      order by target_id desc limit ${figure(newestOf(sort))}) la join post_stats s on s.post_id = la.target_id
    where ${scopes.label} and s.created_at <= ${"as_of"}::timestamptz ${window} and ${steady[sort]}) s
    where (s.rank, s.post_id) < (${"after"}::bigint, ${"after_id"}::uuid) order by s.rank desc, s.post_id desc ${cut}`;
}

/** The best of a window; which index serves it best depends on the window's length. */
function bestSince(scope: Scope, cut: Fragment): Fragment {
  return part`select ${rankOf.top} as rank, s.* from post_stats s where ${scopes[scope]}
    and s.created_at > ${"since"}::timestamptz and s.created_at <= ${"as_of"}::timestamptz
    and ${belowCursor("top")} and ${steady.top}
    order by ${scope === "all" ? orderOfAll("top") : orderOf("top")} ${cut}`;
}

type Order = Sort | "top since";
const ORDERS: readonly Order[] = ["hot", "new", "top", "top since", "rising", "discussed", "controversial", "random"];
const INDEXED: Readonly<Record<Scope, readonly Order[]>> = {
  all: ["hot", "new", "top"],
  community: ["hot", "new", "top"],
  author: ["new"],
  label: [],
};
const newestOf = (sort: Sort): number => (sort === "rising" ? NEWEST_RANKED.rising : NEWEST_RANKED.others);

function sourceOf(order: Order, scope: Scope, cut: Fragment): Fragment {
  if (scope === "label") return labelled(order, cut);
  if (order === "top since") return bestSince(scope, cut);
  if (INDEXED[scope].includes(order)) return inIndexOrder(order as IndexedSort, scope, cut);
  return ranked(order, scope, newestOf(order), cut);
}

const keyOf = (order: Order, scope: Scope, cut: Cut) => `${order}/${scope}/${cut}`;
const lists: ReadonlyMap<string, ListStatement> = new Map(
  ORDERS.flatMap((order) =>
    SCOPES.flatMap((scope) =>
      (["short", "long", "offset"] as const).map((cut): [string, ListStatement] => [
        keyOf(order, scope, cut),
        pageStatement(sourceOf(order, scope, cuts[cut]), order === "top since" || cut === "offset"),
      ]),
    ),
  ),
);

/** The statement of a list, for reading it and for looking at its plan. */
export function listStatement(order: Order, scope: Scope, cut: Cut): ListStatement {
  const key = keyOf(order, scope, cut);
  const found = lists.get(key);
  if (!found) throw new Error(`No list called ${key}`);
  return found;
}

interface List {
  /** Begins the names of cursors, so that each fits its own list only. */
  name: string;
  sort: Sort;
  community: string | null;
  author: string | null;
  label?: string | null;
  withPinned?: boolean;
}

async function pageFor(call: Call, input: ListInput, list: List): Promise<PostPage> {
  const { sort, community, author, label = null } = list;
  const window = windowFor(sort, input);
  const scope = label !== null ? "label" : author !== null ? "author" : community !== null ? "community" : "all";
  const order = window.length === undefined ? sort : "top since";
  const name = [list.name, sort, window.name, label ?? community ?? "", author ?? ""].join("/");
  const { page, place } = readWalk(input, name, call.now);
  const pinned = list.withPinned && !page.after ? await pinnedIn(call, community) : place.pinned;
  const onThisPage = pinned.slice(page.seen, page.seen + page.limit);
  return readPosts(
    call,
    page,
    { ...place, pinned },
    {
      statementFor: (cut) => listStatement(order, scope, cut),
      windowMs: window.length,
      community,
      author,
      label,
      isFixed: sort === "new",
      pinned: onThisPage.length === 0 ? [] : await postsByIds.all(call.db, { community, ids: onThisPage }),
    },
  );
}

/** The first page of the general list, for answers that hold more than a list. */
export function generalPosts(call: Call, input: ListInput): Promise<PostPage> {
  return pageFor(call, input, { name: "general", sort: sortOf(input.sort), community: null, author: null });
}

/**
 * Posts of the whole network, filtered by submolt and author, as rows.
 * @throws AppError NOT_FOUND, INVALID_CURSOR, OFFSET_TOO_LARGE
 */
export async function postsPage(call: Call, input: ListInput & { submolt?: string; author?: string }) {
  const community = input.submolt === undefined ? null : (await findSubmolt(call.db, input.submolt)).id;
  const author = input.author === undefined ? null : await authorId(call, input.author);
  return pageFor(call, input, { name: "posts", sort: sortOf(input.sort), community, author });
}

/** The same as an answer. */
export async function listPosts(call: Call, input: ListInput & { submolt?: string; author?: string }) {
  return pageText(call, await postsPage(call, input), { sort: sortOf(input.sort) });
}

/**
 * Posts of one author, newest first unless said otherwise, as rows.
 * @throws AppError NOT_FOUND, INVALID_CURSOR, OFFSET_TOO_LARGE
 */
export async function authorPage(call: Call, input: ListInput & { name: string }) {
  const author = await authorId(call, input.name);
  return pageFor(call, input, { name: "author", sort: sortOf(input.sort, "new"), community: null, author });
}

/** The same as an answer. */
export async function authorFeed(call: Call, input: ListInput & { name: string }) {
  return pageText(call, await authorPage(call, input), { sort: sortOf(input.sort, "new") });
}

/**
 * Posts of one submolt, as rows; its pinned posts come first, and not again. Of a label's posts none comes before the others.
 * @throws AppError NOT_FOUND, INVALID_CURSOR, OFFSET_TOO_LARGE
 */
export async function submoltPosts(call: Call, input: ListInput & { name: string; label?: string }) {
  const { id: community } = await findSubmolt(call.db, input.name);
  if (input.label === undefined) return communityPage(call, input, community);
  const label = await labelByKey(call.db, community, input.label);
  return pageFor(call, input, { name: "label", sort: sortOf(input.sort), community, author: null, label });
}

/** The same as an answer. */
export async function communityFeed(call: Call, input: ListInput & { name: string; label?: string }) {
  return pageText(call, await submoltPosts(call, input), { sort: sortOf(input.sort) });
}

/**
 * A submolt in full; who names a sort gets its first posts too.
 * @throws AppError NOT_FOUND
 */
export async function communityWithPosts(call: Call, input: ListInput & { name: string }) {
  const { db, services, agent } = call;
  const detail = await submoltDetail(db, services.config.publicUrl, agent?.id ?? null, input.name);
  if (input.sort === undefined) return detail;
  const page = await pageText(call, await communityPage(call, input, detail.submolt.id), {});
  const answer = agent === null ? page.forAnybody() : page.forOne(await readOwnValues(db, agent.id, page.places));
  const { posts } = JSON.parse(answer) as { posts: PostView[] };
  return { ...detail, posts };
}

function communityPage(call: Call, input: ListInput, community: string): Promise<PostPage> {
  return pageFor(call, input, { name: "submolt", sort: sortOf(input.sort), community, author: null, withPinned: true });
}

const pinnedIds = sql({ community: nullable(uuid) }, { ids: uuids })`
  select coalesce(array_agg(post_id order by pinned_at desc, post_id desc), '{}') as ids from post_stats
  where community_id = ${"community"}::uuid and pinned_at is not null and visible`;
const postsByIds = postStatement(
  { community: nullable(uuid), ids: uuids },
  { place: int4 },
  {
    fields: part`array_position(${"ids"}::uuid[], s.post_id) as place`,
    source: part`post_stats`,
    rest: part`where s.post_id = any(${"ids"}::uuid[]) and s.visible and s.community_id = ${"community"}::uuid
      order by place`,
  },
);

async function pinnedIn({ db }: Call, community: string | null): Promise<readonly string[]> {
  return (await pinnedIds.one(db, { community })).ids;
}

async function authorId(call: Call, name: string): Promise<string> {
  const author = await findAgent(call.db, name);
  if (!author) throw notFound("Agent");
  return author.id;
}
