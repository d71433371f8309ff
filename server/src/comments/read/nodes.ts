/**
 * Comments as rows of a thread. Every statement limits first and joins after: it takes at most so many rows
 * from the ordered indexes of comment_stats, level by level, and only then looks up versions and authors, one by one. What
 * an answer costs therefore does not depend on the size of the thread.
 */
import { MAX_DEPTH, threads } from "@openmolt/contract/limits";
import { authorFigures, authorVersion } from "../../agents/read/authors.js";
import {
  type Fragment,
  figures,
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

/** Constant SQL from constants of ours. */
const constant = (words: string): Fragment => ({ parts: [words], holes: [] });
const joined = (fragments: readonly Fragment[], separator: string): Fragment =>
  fragments.reduce((all, next) => part`${all}${constant(separator)}${next}`);

/** What the statements of this module return: one row per comment, parents before their replies. */
export const nodeColumns = {
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

/** A statement for rows of a thread. */
export function nodeStatement<P extends Record<string, SqlType<unknown>>>(
  types: P,
  rows: Fragment,
): Statement<P, typeof nodeColumns> {
  return sql(types, nodeColumns)`${rows}`;
}

/** One page of a list with the replies to each, as {@link nodeColumns}. */
export function pageWithReplies(base: Base, order: Order, siblings: Order): Fragment {
  const shown = part`p.n <= ${"limit"}::int`;
  return part`with r0 as materialized (${onePage(base, order)}), ${below(siblings, shown)}
    ${complete(allLevels, order.rank)}`;
}

/** One page of a list without nesting. */
export function flatPage(base: Base, order: Order): Fragment {
  return part`with r0 as materialized (${onePage(base, order)}) ${complete(part`select * from r0`, order.rank)}`;
}

/** One comment with its replies. */
export function oneWithReplies(siblings: Order): Fragment {
  return part`with r0 as materialized (${oneComment}), ${below(siblings, part`true`)} ${complete(allLevels, part`0`)}`;
}

/**
 * All comments of the post `of` when they are so few that no bound of a page can be reached; else one more than that. Their
 * texts come with them: for so few that costs less than a statement of their own when they are not known. Asked for along
 * an index: where one post has most of the comments, the planner would otherwise read them all to find those of another.
 */
export function fewComments(of: Fragment): Fragment {
  return complete(
    part`select ${columns}, case when parent_id is null then 0 else 1 end as level,
      row_number() over (order by ${orders.best.by}) as n
    from (select * from comment_stats where post_id >= ${of} and post_id <= ${of}
        order by post_id, created_at, comment_id limit ${constant(String(FEW + 1))}) few`,
    part`0`,
    part`, c.post_id, c.depth, c.deleted_at is null as is_there, c.content, c.created_at, c.edited_at`,
  );
}
/** So many fit on any level of a page. */
export const FEW = Math.min(threads.roots, threads.repliesPerComment, ...threads.repliesPerLevel);

/** What a comment answers: the root first, its parent last, and behind it the comment itself when it `isIncluded`. */
export function ancestors(isIncluded = false): Fragment {
  const steps = Array.from({ length: MAX_DEPTH }, (_, index) => index + 1);
  const up = steps.map(
    (step) => part`${level(step)} as materialized (select ${columns}, ${constant(`${-step}`)} as level, 1::bigint as n
      from comment_stats where comment_id = (select parent_id from ${level(step - 1)}))`,
  );
  const found = (isIncluded ? [0, ...steps] : steps).map((step) => part`select * from ${level(step)}`);
  return part`with r0 as materialized (${oneComment}), ${joined(up, ", ")}
    ${complete(joined(found, " union all "), part`0`)}`;
}

const level = (number: number) => constant(`r${number}`);
const oneComment = part`select ${columns}, 0 as level, 1::bigint as n from comment_stats where comment_id = ${"id"}`;
const allLevels = joined(
  [0, ...threads.repliesPerLevel].map((_, index) => part`select * from ${level(index)}`),
  " union all ",
);

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

/**
 * The levels below r0. Where a level is too wide, every comment gets its first reply before any gets its second. The
 * parent is given as a range of one value, for the same reason: an unknown range counts as large.
 */
function below(siblings: Order, shown: Fragment): Fragment {
  const replies = part`select * from comment_stats where parent_id >= p.comment_id and parent_id <= p.comment_id
    order by parent_id ${siblings.direction}, ${siblings.by}`;
  const levels = threads.repliesPerLevel.map(
    (most, index) => part`${level(index + 1)} as materialized (
      select ${columns}, ${constant(String(index + 1))} as level, n from (
        select k.*, row_number() over (order by k.i, p.n) as n from ${level(index)} p cross join lateral (
          select ${columns}, row_number() over (order by ${siblings.by}) as i
          from (${replies} limit ${constant(String(threads.repliesPerComment))}) s) k
        where p.child_count > 0 and ${index === 0 ? shown : part`true`}) q
      order by n limit ${constant(String(most))})`,
  );
  return joined(levels, ", ");
}

/** Authors and versions of the chosen comments, and what `more` names; a deleted comment has no author any more. */
function complete(chosen: Fragment, rank: Fragment, more = part``): Fragment {
  return part`select n.comment_id as id, n.parent_id, a.id as author_id, c.removed_reason,
      array[n.level, ${rank}, n.child_count, n.visible::int, c.version, ${authorFigures}, n.upvotes, n.downvotes, n.score,
        n.reply_count]::bigint[] as figures${more}
    from (${chosen}) n
    cross join lateral (select version, author_id, removed_reason, post_id, depth, deleted_at, content,
      created_at, edited_at from comments where id = n.comment_id limit 1) c
    left join lateral (select ${authorVersion} from agents where id = c.author_id
      and deleted_at is null and (n.visible or c.removed_reason is not null) limit 1) a on true
    left join lateral (select karma, follower_count from agent_stats where agent_id = a.id limit 1) ast on true
    order by n.level, n.n`;
}
