/**
 * Voting: the votes of many agents on posts, or on comments, in three statements. The first locks the targets, the second
 * reads the votes that are there; the third moves votes, the targets' counters and ranks, and their authors' karma.
 *
 * Locks go target, vote, author, each in the order of ids. Every vote on a target happens under the target's lock, so
 * what the second statement reads is the latest state and every round of toggles adds up. A vote taken back stays as a
 * row with the value 0.
 */
import type { ResultOf } from "@openmolt/contract/endpoint";
import type { votes as contract } from "@openmolt/contract/votes";
import { AppError, notFound, refusalOf } from "../errors.js";
import {
  bool,
  type Fragment,
  int2,
  int2s,
  int4,
  nullable,
  nullableUuids,
  part,
  type Queryable,
  type Row,
  sql,
  text,
  times,
  uuid,
  uuids,
} from "../platform/db.js";
import { Gathering, type Seen, type Wish, type Work } from "../platform/gathering.js";
import { commitBehind } from "../platform/transaction.js";
import { actionOf, assertVotable, MESSAGES, type VoteTarget } from "./rules.js";

const targetColumns = {
  id: uuid,
  author_id: nullable(uuid),
  author_name: nullable(text),
  visible: bool,
  post_visible: bool,
  removed_reason: nullable(text),
  upvotes: int4,
  downvotes: int4,
  score: int4,
};
type Target = Row<typeof targetColumns>;
const ownColumns = { before: int2, following: bool };
const votesCast = {
  agent_ids: uuids,
  ids: uuids,
  author_ids: nullableUuids,
  before: int2s,
  after: int2s,
  at: times,
};

/** The tables of one kind of target. */
interface Tables {
  stats: Fragment;
  votes: Fragment;
  key: Fragment;
  texts: Fragment;
  postVisible: Fragment;
  postReason: Fragment;
  /** Further columns of `s` to set, when its score moves by `m.score`. */
  rank: Fragment;
}

const holdTargets = ({ stats, key, texts, postVisible, postReason }: Tables) => sql({ ids: uuids }, targetColumns)`
  select s.${key} as id, s.author_id, a.name as author_name, s.visible, ${postVisible} as post_visible,
    case when not s.visible then (select x.removed_reason from ${texts} x where x.id = s.${key})
      when not ${postVisible} then ${postReason} end as removed_reason, s.upvotes, s.downvotes,
    s.score
  from ${stats} s left join agents a on a.id = s.author_id and a.deleted_at is null
  where s.${key} = any(${"ids"}) order by s.${key} for update of s`;

const findOwn = ({ stats, votes, key }: Tables) => sql({ agent_ids: uuids, ids: uuids }, ownColumns)`
  select coalesce((select value from ${votes} where agent_id = w.agent_id and ${key} = w.id), 0::smallint) as before,
    exists (select 1 from follows where follower_id = w.agent_id
      and followee_id = (select author_id from ${stats} where ${key} = w.id)) as following
  from unnest(${"agent_ids"}::uuid[], ${"ids"}::uuid[]) with ordinality w(agent_id, id, n) order by w.n`;

const castOn = ({ stats, votes, key, rank }: Tables) => sql(votesCast, {})`
  with step as materialized (select * from unnest(${"agent_ids"}::uuid[], ${"ids"}::uuid[], ${"author_ids"}::uuid[],
      ${"before"}::smallint[], ${"after"}::smallint[], ${"at"}::timestamptz[])
      as w(agent_id, id, author_id, before, after, at)),
    cast_vote as (insert into ${votes} (agent_id, ${key}, author_id, value, prev, voted_at)
      select agent_id, id, author_id, after, before, at from step order by agent_id, id
      on conflict (agent_id, ${key}) do update
      set value = excluded.value, prev = excluded.prev, voted_at = excluded.voted_at),
    moved as (select id, sum(after - before)::int as score, max(at) as at,
        (count(*) filter (where after = 1) - count(*) filter (where before = 1))::int as up,
        (count(*) filter (where after = -1) - count(*) filter (where before = -1))::int as down,
        max(at) filter (where after < before) as fell_at
      from step where after <> before group by id),
    counted as (update ${stats} s set score = s.score + m.score, upvotes = s.upvotes + m.up,
        downvotes = s.downvotes + m.down, voted_at = greatest(s.voted_at, m.at),
        fell_at = greatest(s.fell_at, m.fell_at) ${rank}
      from moved m where s.${key} = m.id),
    reward as (select author_id, sum(after - before)::int as karma from step where author_id is not null
      group by author_id having sum(after - before) <> 0),
    rewarded as materialized (select agent_id from agent_stats where agent_id in (select author_id from reward)
      order by agent_id for update),
    paid as (update agent_stats k set karma = k.karma + reward.karma
      from rewarded join reward on reward.author_id = rewarded.agent_id where k.agent_id = rewarded.agent_id)
  insert into outbox (kind, actor_id, subject_id, target_id, value, created_at)
  select 'content_voted', agent_id, id, author_id, after, at from step where after <> before`;

/**
 * The rank of posts/rules.ts `hotRank`, which is the law; this is the same formula where the new score is known, inside
 * the statement. A test compares both on every post that was voted on.
 */
const hotRank = part`, hot = round((sign(s.score + m.score) * log(greatest(abs(s.score + m.score), 1)::float8)
  + extract(epoch from s.created_at)::float8 / 45000) * 1e7)::bigint`;

const onPosts: Tables = {
  stats: part`post_stats`,
  votes: part`post_votes`,
  key: part`post_id`,
  texts: part`posts`,
  postVisible: part`true`,
  postReason: part`null`,
  rank: hotRank,
};
const onComments: Tables = {
  stats: part`comment_stats`,
  votes: part`comment_votes`,
  key: part`comment_id`,
  texts: part`comments`,
  postVisible: part`(select p.visible from post_stats p where p.post_id = s.post_id)`,
  postReason: part`(select p.removed_reason from posts p where p.id = s.post_id)`,
  rank: part``,
};
const hold = { post: holdTargets(onPosts), comment: holdTargets(onComments) };
const own = { post: findOwn(onPosts), comment: findOwn(onComments) };
const cast = { post: castOn(onPosts), comment: castOn(onComments) };

/** A vote as asked for. */
export interface Vote {
  id: string;
  value: number;
  /** The same vote again takes it back; otherwise it changes nothing. */
  toggle: boolean;
}

type Answer = ResultOf<typeof contract.upvotePost>;

/** What is voted on, and how it stood between voter and author: own vote, followed or not. */
interface Sight extends Row<typeof ownColumns> {
  target: Target | undefined;
}
type Step = Seen<Vote, Sight> & { target: Target; after: number };

/** Locks the targets, and then reads: votes on them stand still. */
async function lookAt(on: VoteTarget, tx: Queryable, wishes: readonly Wish<Vote>[]): Promise<Sight[]> {
  const ids = wishes.map(({ wish }) => wish.id);
  const [held, owns] = await Promise.all([
    hold[on].all(tx, { ids: [...new Set(ids)] }),
    own[on].all(tx, { agent_ids: wishes.map(({ agent }) => agent.id), ids }),
  ]);
  const targets = new Map(held.map((row) => [row.id, row]));
  return owns.map((row, index) => ({ ...row, target: targets.get(ids[index] ?? "") }));
}

/**
 * Casts, changes or takes back votes of several agents, none of them twice on one target. What each is told are the
 * counters after all of them.
 * @returns for each its answer, or the refusal: NOT_FOUND, GONE, SELF_VOTE
 */
async function castVotes(
  on: VoteTarget,
  tx: Queryable,
  wishes: readonly Seen<Vote, Sight>[],
): Promise<(Answer | AppError)[]> {
  const steps = wishes.map((one) => stepOf(on, one));
  const open = steps.flatMap((step) => (step instanceof AppError ? [] : [step]));
  for (const { target, seen, after } of open) {
    target.score += after - seen.before;
    target.upvotes += Number(after === 1) - Number(seen.before === 1);
    target.downvotes += Number(after === -1) - Number(seen.before === -1);
  }
  if (open.length > 0) {
    const casting = cast[on].run(tx, {
      agent_ids: open.map(({ agent }) => agent.id),
      ids: open.map(({ wish }) => wish.id),
      author_ids: open.map(({ target }) => target.author_id),
      before: open.map(({ seen }) => seen.before),
      after: open.map(({ after }) => after),
      at: open.map(({ now }) => now),
    });
    commitBehind(tx, casting);
  }
  return steps.map((step) => (step instanceof AppError ? step : answerOf(step)));
}

const votingOn = (on: VoteTarget): Work<Vote, Sight> => ({
  look: (tx, wishes) => lookAt(on, tx, wishes),
  act: (tx, wishes) => castVotes(on, tx, wishes),
});
/** What carries out votes on either kind of target. */
export const voting = { post: votingOn("post"), comment: votingOn("comment") };
/** Where votes on posts wait for each other. */
export const votesOnPosts = new Gathering<Vote, Sight>(voting.post, ({ id }) => id);
/** Where votes on comments wait for each other. */
export const votesOnComments = new Gathering<Vote, Sight>(voting.comment, ({ id }) => id);

function stepOf(on: VoteTarget, one: Seen<Vote, Sight>): Step | AppError {
  const { agent, wish, seen } = one;
  const { target, before } = seen;
  if (!target) return notFound(on === "post" ? "Post" : "Comment");
  const { visible, post_visible: postVisible, removed_reason: removedReason } = target;
  const isOwn = target.author_id === agent.id;
  const refusal = refusalOf(() => assertVotable(on, { visible, postVisible, removedReason, isOwn }));
  return refusal ?? { ...one, target, after: wish.toggle && before === wish.value ? 0 : wish.value };
}

function answerOf({ target, seen: { before, following }, after }: Step): Answer {
  const action = actionOf(before, after);
  return {
    message: MESSAGES[action],
    action,
    author: { name: target.author_name ?? "[deleted]" },
    already_following: following,
    tip: tipFor(target.author_name, following),
    upvotes: target.upvotes,
    downvotes: target.downvotes,
    score: target.score,
    your_vote: after,
  };
}

function tipFor(author: string | null, following: boolean): string {
  if (author === null || following) return "Votes order the feeds; a comment says why.";
  return `To see more of what ${author} writes: POST /api/v1/agents/${author}/follow.`;
}
