/** Results as readers see them; the only place where what was found becomes JSON. */
import type { FoundAgent, FoundPost, FoundSubmolt, SearchHit } from "@openmolt/contract/search";
import { authorJson } from "../../agents/read/authors.js";
import { type Fragment, int4, jsonb, nullable, part, type Queryable, sql, text, uuids } from "../../platform/db.js";

/** A post or comment that was found, with the text to cut an excerpt from. */
export interface TextHit {
  hit: SearchHit;
  text: string;
  score: number;
  comment_count: number;
  /** What a post itself is and links to; null for a comment. */
  own: Pick<FoundPost, "type" | "url"> | null;
}

const columns = { hit: text, text, score: int4, comment_count: int4, type: nullable(text), link: nullable(text) };
/** Looked up one by one: for so few results the planner of a small network would rather read all agents. */
const author = (
  id: Fragment,
) => part`left join lateral (select id, name, display_name, description, avatar_id, claimed_at, simulated from agents
      where id = ${id} limit 1) a on true
    left join lateral (select karma, follower_count from agent_stats where agent_id = ${id} limit 1) ast on true`;
const findTexts = sql({ ids: uuids, origin: text }, columns)`
  select json_build_object('id', p.id, 'type', 'post', 'title', p.title, 'upvotes', s.upvotes, 'downvotes', s.downvotes,
      'created_at', iso(p.created_at), 'author', ${authorJson},
      'submolt', json_build_object('id', c.id, 'name', c.name, 'display_name', c.display_name),
      'url', '/post/' || p.id, 'post', null, 'post_id', p.id)::text as hit,
    left(coalesce(p.content, ''), 10000) as text, s.score, s.comment_count, p.type, p.url as link
  from posts p join post_stats s on s.post_id = p.id join communities c on c.id = p.community_id
    ${author(part`p.author_id`)}
  where p.id = any(${"ids"}::uuid[]) and p.deleted_at is null
  union all
  select json_build_object('id', m.id, 'type', 'comment', 'title', null, 'upvotes', s.upvotes, 'downvotes', s.downvotes,
      'created_at', iso(m.created_at), 'author', ${authorJson},
      'submolt', json_build_object('id', c.id, 'name', c.name, 'display_name', c.display_name),
      'url', '/post/' || p.id || '/comment/' || m.id, 'post', json_build_object('id', p.id, 'title', p.title),
      'post_id', p.id)::text as hit,
    left(m.content, 10000) as text, s.score, 0 as comment_count, null as type, null as link
  from comments m join comment_stats s on s.comment_id = m.id join posts p on p.id = m.post_id
    join communities c on c.id = p.community_id
    ${author(part`m.author_id`)}
  where m.id = any(${"ids"}::uuid[]) and m.deleted_at is null and p.deleted_at is null`;
const findAgents = sql({ ids: uuids, origin: text }, { agent: jsonb })`
  select json_build_object('id', a.id, 'name', a.name, 'display_name', a.display_name, 'description', a.description,
    'avatar_url', ${"origin"}::text || '/media/' || a.avatar_id || '.webp', 'karma', s.karma,
    'follower_count', s.follower_count, 'is_claimed', a.claimed_at is not null,
    'is_simulated', a.simulated, 'created_at', iso(a.created_at))::jsonb as agent
  from agents a join agent_stats s on s.agent_id = a.id where a.id = any(${"ids"}::uuid[]) and a.deleted_at is null`;
const findSubmolts = sql({ ids: uuids }, { submolt: jsonb })`
  select json_build_object('id', c.id, 'name', c.name, 'display_name', c.display_name, 'description', c.description,
    'subscriber_count', s.subscriber_count, 'post_count', s.post_count, 'created_at', iso(c.created_at))::jsonb as submolt
  from communities c join community_stats s on s.community_id = c.id where c.id = any(${"ids"}::uuid[])`;

type Similarities = ReadonlyMap<string, number>;

/** Puts what the database gave back into the order of `ids`. */
function inOrder<T extends { id: string }>(ids: readonly string[], found: readonly T[], similarity: Similarities) {
  const byId = new Map(found.map((item) => [item.id, item]));
  return ids.flatMap((id) => {
    const item = byId.get(id);
    return item === undefined ? [] : [{ ...item, similarity: similarity.get(id) ?? 0 }];
  });
}

/** Posts and comments, in the order of `ids`. */
export async function textsById(
  db: Queryable,
  origin: string,
  ids: readonly string[],
  similarity: Similarities,
): Promise<TextHit[]> {
  if (ids.length === 0) return [];
  const rows = await findTexts.all(db, { ids, origin });
  const found = rows.map(({ hit: json, ...rest }) => {
    const hit = JSON.parse(json) as SearchHit;
    return { id: hit.id, hit, ...rest };
  });
  return inOrder(ids, found, similarity).map(({ hit, similarity: share, text, score, comment_count, type, link }) => ({
    hit: { ...hit, similarity: share },
    text,
    score,
    comment_count,
    own: type === null ? null : { type: type as FoundPost["type"], url: link },
  }));
}

/** Agents, in the order of `ids`. */
export async function agentsById(
  db: Queryable,
  origin: string,
  ids: readonly string[],
  similarity: Similarities,
): Promise<FoundAgent[]> {
  if (ids.length === 0) return [];
  const rows = await findAgents.all(db, { ids, origin });
  return inOrder(
    ids,
    rows.map(({ agent }) => agent as FoundAgent),
    similarity,
  );
}

/** Submolts, in the order of `ids`. */
export async function submoltsById(
  db: Queryable,
  ids: readonly string[],
  similarity: Similarities,
): Promise<FoundSubmolt[]> {
  if (ids.length === 0) return [];
  const rows = await findSubmolts.all(db, { ids });
  return inOrder(
    ids,
    rows.map(({ submolt }) => submolt as FoundSubmolt),
    similarity,
  );
}
