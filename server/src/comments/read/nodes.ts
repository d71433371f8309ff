/**
 * Comments as rows of a thread. Every statement limits first and joins after: it takes at most so many rows
 * from the ordered indexes of comment_stats, level by level, and only then looks up versions and authors, of all rows at
 * once. What an answer costs therefore does not depend on the size of the thread.
 */
import { MAX_DEPTH, threads } from "@openmolt/contract/limits";
import { authorFigures, authorVersion } from "../../agents/read/authors.js";
import { type Fragment, int4, part, time, uuid } from "../../platform/db.js";

/** Constant SQL from constants of ours. */
const constant = (words: string): Fragment => ({ parts: [words], holes: [] });
const joined = (fragments: readonly Fragment[], separator: string): Fragment =>
  fragments.reduce((all, next) => part`${all}${constant(separator)}${next}`);

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

const columns = part`comment_id, author_id, visible, upvotes, downvotes, score, reply_count, child_count`;

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

/** The figures of the comments `node`, in the order in which `nodeOf` takes them. */
const figuresOf = (
  rank: Fragment,
) => part`array[level, above::int, ${rank}, child_count, visible::int, upvotes, downvotes,
  score, reply_count]`;

/** One page of a list with the replies to each, as {@link nodeColumns}. */
export function pageWithReplies(base: Base, order: Order, siblings: Order, withCounters = true): Fragment {
  const shown = part`p.n <= ${"limit"}::int`;
  const rows = part`top as materialized (${onePage(base, order)}), ${withReplies(siblings, shown)}`;
  return complete(rows, order.rank, withCounters);
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
export function fewCommentsAsJson(of: Fragment): Fragment {
  return part`select coalesce(json_agg(k)::text, '[]') from (select node.comment_id as id, node.parent_id, a.id as author_id, c.removed_reason, c.version,
      array[${authorFigures}]::bigint[] as author_figures, ${figuresOf(part`0`)} as figures,
      c.post_id, c.depth, c.deleted_at is null as is_there, c.content, c.created_at, c.edited_at
    from (select ${columns}, parent_id, 0 as above, case when parent_id is null then 0 else 1 end as level,
        row_number() over (order by ${orders.best.by}) as n
      from (select * from comment_stats where post_id >= ${of} and post_id <= ${of}
        order by post_id, created_at, comment_id limit ${constant(String(FEW + 1))}) few) node
    cross join lateral (select version, author_id, removed_reason, post_id, depth, deleted_at, content, created_at,
      edited_at from comments where id = node.comment_id limit 1) c
    left join lateral (select ${authorVersion} from agents where id = c.author_id
      and deleted_at is null and (node.visible or c.removed_reason is not null) limit 1) a on true
    left join lateral (select karma, follower_count from agent_stats where agent_id = a.id limit 1) ast on true
    order by node.level, node.n) k`;
}
/** So many fit on any level of a page. */
export const FEW = Math.min(threads.roots, threads.repliesPerComment, ...threads.repliesPerLevel);

/** What a comment answers: the root first, its parent last, and behind it the comment itself when it `isIncluded`. */
export function ancestors(isIncluded = false): Fragment {
  const steps = Array.from({ length: MAX_DEPTH }, (_, index) => index + 1);
  const up = steps.map(
    (step) => part`${above(step)} as materialized (select ${columns}, ${constant(`${-step}`)} as level, 1::bigint as n,
      0 as above, parent_id from comment_stats where comment_id = (select parent_id from ${above(step - 1)}))`,
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
const oneComment = part`select ${columns}, 0 as level, 1::bigint as n, 0::bigint as above, parent_id from comment_stats
  where comment_id = ${"id"}`;

/**
 * The page and one comment more, to know of a next page: from the cursor's place straight along the index, and then only
 * what belongs to the post or parent. Asked for by equality, the planner would reckon with the few comments of an average
 * post, and might fetch and sort all of a huge one; asked for so many rows along an index, it has no choice. The inner
 * limit is a constant, because of a parameter it would assume the worst.
 */
function onePage(base: Base, order: Order): Fragment {
  return part`select ${columns}, 0 as level, row_number() over (order by ${order.by}) as n, 0::bigint as above
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
  const replies = part`select ${columns}, created_at from comment_stats
    where parent_id >= p.comment_id and parent_id <= p.comment_id order by parent_id ${siblings.direction}, ${siblings.by}`;
  return part`node as (select ${columns}, level, n, above from top union all
    select ${columns}, level, n, above from (
      select *, row_number() over (order by i, above) as n from (
        select *, row_number() over (partition by above order by ${siblings.by}) as i from (
          select k.*, p.level + 1 as level, p.n as above from node p
            cross join lateral (${replies} limit ${constant(String(threads.repliesPerComment))}) k
          where p.child_count > 0 and (p.level > 0 or ${shown})) found) ranked) below
    where n <= (${perLevel})[level])`;
}

/**
 * The comments that `nodes` ends with as `node`, and what there is to know of their texts and authors, each kind in lists of
 * its own and looked up together: a hundred, one by one, cost three times as much, and a hundred rows or objects of JSON
 * twice as much. Most comments were never edited: of texts only the others are told.
 */
function complete(nodes: Fragment, rank: Fragment, withCounters = true): Fragment {
  const agents = part`agents a where a.id = any(n.authors) and a.deleted_at is null`;
  const authors = withCounters
    ? part`array_agg(s.karma) as karma, array_agg(s.follower_count) as followers from (
        select a.id, a.xmin as version from ${agents}) a left join agent_stats s on s.agent_id = a.id`
    : part`null::int[] as karma, null::int[] as followers from (select a.id, a.xmin as version from ${agents}) a`;
  return part`with recursive ${nodes} select n.*, c.*, a.* from (
      select array_agg(comment_id) as comments, array_agg(author_id) as authors, array_agg(${figuresOf(rank)}) as counters
      from (select * from node order by level, n) node) n
    cross join lateral (select array_agg(id) as changed, array_agg(version) as versions, array_agg(removed_reason) as reasons
      from comments where id = any(n.comments) and (version > 1 or removed_reason is not null)) c
    cross join lateral (select array_agg(a.id) as agents, array_agg(a.version) as agent_versions, ${authors}) a`;
}
