/**
 * Comments as rows of a thread. Every statement limits first and joins after: it takes at most so many rows
 * from the ordered indexes of comment_stats, level by level, and only then looks up versions and authors, of all rows at
 * once. What an answer costs therefore does not depend on the size of the thread.
 */
import { MAX_DEPTH, threads } from "@openmolt/contract/limits";
import { authorFigures, authorVersion } from "../../agents/read/authors.js";
import {
  type Fragment,
  figures,
  int4,
  nullable,
  part,
  type Queryable,
  type Row,
  type SqlType,
  sql,
  text,
  time,
  uuid,
} from "../../platform/db.js";

/** Constant SQL from constants of ours. */
const constant = (words: string): Fragment => ({ parts: [words], holes: [] });
const joined = (fragments: readonly Fragment[], separator: string): Fragment =>
  fragments.reduce((all, next) => part`${all}${constant(separator)}${next}`);

/** What the statements of this module return: one row per comment, parents before their replies. */
const nodeColumns = {
  id: uuid,
  parent_id: nullable(uuid),
  author_id: nullable(uuid),
  removed_reason: nullable(text),
  figures:
    figures<
      [
        level: number,
        rank: number,
        children: number,
        isVisible: number,
        version: number,
        authorVersion: number,
        karma: number,
        followers: number,
        upvotes: number,
        downvotes: number,
        score: number,
        replies: number,
      ]
    >(),
};
/** One comment of a page, but for its text. */
export type NodeRow = Row<typeof nodeColumns>;

/** How siblings are ordered and where a page goes on. */
export interface Order {
  by: Fragment;
  /** The way the index is read. */
  direction: Fragment;
  /** What follows the cursor in the index, be it of the same post or parent (in the column `of`) or of the next. */
  after(of: Fragment): Fragment;
  /** The number that a cursor keeps, smallest first; 0 where the cursor keeps the time. */
  rank: Fragment;
}

const ranked = (rank: Fragment, moved: Fragment): Order => ({
  by: part`${rank}, comment_id`,
  direction: part`asc`,
  after: (of) => part`(${of}, ${rank}, comment_id) > (${"id"}::uuid, ${"after_rank"}::int, ${"after_id"}::uuid)
    and (${"settled"}::timestamptz is null or ${moved} is null or ${moved} <= ${"settled"}::timestamptz)`,
  rank,
});
const timed = (direction: Fragment, comparison: Fragment): Order => ({
  by: part`created_at ${direction}, comment_id ${direction}`,
  direction,
  after: (of) => part`(${of}, created_at, comment_id) ${comparison}
    (${"id"}::uuid, ${"after_time"}::timestamptz, ${"after_id"}::uuid)`,
  rank: part`0`,
});

/** The orders of a list. Controversial is (up + down) * (1 - |up - down| / (up + down)), which is twice the smaller one. */
export const orders = {
  best: ranked(part`(-score)`, part`fell_at`),
  controversial: ranked(part`(-least(upvotes, downvotes))`, part`voted_at`),
  new: timed(part`desc`, part`<`),
  old: timed(part`asc`, part`>`),
} as const satisfies Record<string, Order>;

const columns = part`comment_id, post_id, parent_id, created_at, visible, upvotes, downvotes, score, reply_count, child_count`;

/** Whose children a list holds: of a post (all of its comments, or the roots) or of a comment. */
export interface Base {
  /** The column that names the post or the comment. */
  of: Fragment;
  /** Which of its comments. */
  only: Fragment;
}
/** The lists there are. */
export const bases = {
  roots: { of: part`post_id`, only: part`parent_id is null` },
  all: { of: part`post_id`, only: part`true` },
  replies: { of: part`parent_id`, only: part`parent_id is not null` },
} as const satisfies Record<string, Base>;

/**
 * A statement for rows of a thread. They come as one JSON text: taking a hundred rows of the wire apart costs the server
 * three times as much.
 */
export function nodeStatement<P extends Record<string, SqlType<unknown>>>(types: P, rows: Fragment) {
  const statement = sql(types, { rows: text })`${nodesAsJson(rows)}`;
  return {
    all: async (db: Queryable, values: Row<P>) => JSON.parse((await statement.one(db, values)).rows) as NodeRow[],
  };
}

/** The rows of a thread as one column `rows`. */
export function nodesAsJson(rows: Fragment): Fragment {
  return part`select coalesce(json_agg(k)::text, '[]') as rows from (${rows}) k`;
}

/** One page of a list with the replies to each, as {@link nodeColumns}. */
export function pageWithReplies(base: Base, order: Order, siblings: Order): Fragment {
  const shown = part`p.n <= ${"limit"}::int`;
  return complete(part`top as materialized (${onePage(base, order)}), ${withReplies(siblings, shown)}`, order.rank);
}

/** One page of a list without nesting. */
export function flatPage(base: Base, order: Order): Fragment {
  return complete(part`node as materialized (${onePage(base, order)})`, order.rank);
}

/** One comment with its replies. */
export function oneWithReplies(siblings: Order): Fragment {
  return complete(part`top as materialized (${oneComment}), ${withReplies(siblings, part`true`)}`, part`0`);
}

/**
 * All comments of the post `of` when they are so few that no bound of a page can be reached; else one more than that. Their
 * texts come with them: for so few that costs less than a statement of their own when they are not known. Asked for along
 * an index: where one post has most of the comments, the planner would otherwise read them all to find those of another.
 */
export function fewComments(of: Fragment): Fragment {
  return part`${completed(part`0`)}, c.post_id, c.depth, c.deleted_at is null as is_there, c.content, c.created_at, c.edited_at
    from (select ${columns}, case when parent_id is null then 0 else 1 end as level,
        row_number() over (order by ${orders.best.by}) as n
      from (select * from comment_stats where post_id >= ${of} and post_id <= ${of}
        order by post_id, created_at, comment_id limit ${constant(String(FEW + 1))}) few) node
    cross join lateral (select version, author_id, removed_reason, post_id, depth, deleted_at, content, created_at,
      edited_at from comments where id = node.comment_id limit 1) c
    left join lateral (select ${authorVersion} from agents where id = c.author_id
      and deleted_at is null and (node.visible or c.removed_reason is not null) limit 1) a on true
    left join lateral (select karma, follower_count from agent_stats where agent_id = a.id limit 1) ast on true
    order by node.level, node.n`;
}
/** So many fit on any level of a page. */
export const FEW = Math.min(threads.roots, threads.repliesPerComment, ...threads.repliesPerLevel);

/** What a comment answers: the root first, its parent last, and behind it the comment itself when it `isIncluded`. */
export function ancestors(isIncluded = false): Fragment {
  const steps = Array.from({ length: MAX_DEPTH }, (_, index) => index + 1);
  const up = steps.map(
    (step) => part`${above(step)} as materialized (select ${columns}, ${constant(`${-step}`)} as level, 1::bigint as n
      from comment_stats where comment_id = (select parent_id from ${above(step - 1)}))`,
  );
  const found = joined(
    (isIncluded ? [0, ...steps] : steps).map((step) => part`select * from ${above(step)}`),
    " union all ",
  );
  return complete(
    part`${above(0)} as materialized (${oneComment}), ${joined(up, ", ")}, node as materialized (${found})`,
    part`0`,
  );
}

const above = (steps: number) => constant(`up${steps}`);
const oneComment = part`select ${columns}, 0 as level, 1::bigint as n from comment_stats where comment_id = ${"id"}`;

/**
 * The page and one comment more, to know of a next page: from the cursor's place straight along the index, and then only
 * what belongs to the post or parent. Asked for by equality, the planner would reckon with the few comments of an average
 * post, and might fetch and sort all of a huge one; asked for so many rows along an index, it has no choice. The inner
 * limit is a constant, because of a parameter it would assume the worst.
 */
function onePage(base: Base, order: Order): Fragment {
  return part`select ${columns}, 0 as level, row_number() over (order by ${order.by}) as n
    from (select * from (select * from comment_stats where ${order.after(base.of)} and ${base.only}
        order by ${base.of} ${order.direction}, ${order.by} limit ${constant(String(threads.maxRoots + 1))}) following
      where ${base.of} = ${"id"}::uuid limit ${"limit"}::int + 1) page`;
}

/** What a cursor holds. */
export const placeColumns = { id: uuid, rank: int4, created_at: time };
/** The last comment before a page that is asked for by offset, as {@link placeColumns}; costs more the further in. */
export function placeBefore(base: Base, order: Order): Fragment {
  return part`select comment_id as id, ${order.rank} as rank, created_at from comment_stats
    where ${base.of} = ${"id"}::uuid and ${base.only} order by ${order.by} limit 1 offset ${"offset"}::int - 1`;
}

/** Replies on each level, the first below the top, as an array of SQL. */
const perLevel = constant(`array[${threads.repliesPerLevel.join(", ")}]`);

/**
 * The rows of `top` with the levels below them. Where a level is too wide, every comment gets its first reply before any
 * gets its second. The parent is given as a range of one value, for the same reason: an unknown range counts as large.
 */
function withReplies(siblings: Order, shown: Fragment): Fragment {
  const replies = part`select * from comment_stats where parent_id >= p.comment_id and parent_id <= p.comment_id
    order by parent_id ${siblings.direction}, ${siblings.by}`;
  return part`node as (select ${columns}, level, n from top union all
    select ${columns}, level, n from (
      select k.*, p.level + 1 as level, row_number() over (order by k.i, p.n) as n from node p cross join lateral (
        select ${columns}, row_number() over (order by ${siblings.by}) as i
        from (${replies} limit ${constant(String(threads.repliesPerComment))}) s) k
      where p.child_count > 0 and (p.level > 0 or ${shown})) below
    where n <= (${perLevel})[level])`;
}

/** The columns of a comment `node` with its row `c`; a deleted comment has no author `a` any more. */
function completed(rank: Fragment): Fragment {
  return part`select node.comment_id as id, node.parent_id, a.id as author_id, c.removed_reason,
    array[node.level, ${rank}, node.child_count, node.visible::int, c.version, ${authorFigures}, node.upvotes,
      node.downvotes, node.score, node.reply_count]::bigint[] as figures`;
}

/**
 * Authors and versions of the comments that `nodes` ends with, as `node`. Of each table all rows are looked up together:
 * a hundred, one by one, cost three times as much, but a handful less.
 */
function complete(nodes: Fragment, rank: Fragment): Fragment {
  return part`with recursive ${nodes},
    c as materialized (select id, version, author_id, removed_reason from comments
      where id = any(array(select comment_id from node))),
    a as materialized (select ${authorVersion} from agents
      where id = any(array(select author_id from c)) and deleted_at is null),
    ast as materialized (select agent_id, karma, follower_count from agent_stats
      where agent_id = any(array(select author_id from c)))
    ${completed(rank)}
    from node join c on c.id = node.comment_id
    left join a on a.id = c.author_id and (node.visible or c.removed_reason is not null)
    left join ast on ast.agent_id = a.id
    order by node.level, node.n`;
}
