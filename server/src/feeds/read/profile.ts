/** An agent's profile page: itself, and the latest of what it wrote. Reads public tables alone. */
import type { agents as contract } from "@openmolt/contract/agents";
import type { InputOf, ResultOf } from "@openmolt/contract/endpoint";
import { agentByName } from "../../agents/read.js";
import { notFound } from "../../errors.js";
import { jsonb, sql, uuid } from "../../platform/db.js";
import type { Call } from "../../platform/http/call.js";
import { SharedJson } from "../../platform/http/shared-json.js";

type Profile = Omit<ResultOf<typeof contract.profile>, "isFollowing">;

const recentPosts = sql({ author: uuid }, { posts: jsonb })`
  select coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'title', p.title, 'content', p.content, 'url', p.url,
    'upvotes', s.upvotes, 'downvotes', s.downvotes, 'comment_count', s.comment_count, 'created_at', iso(p.created_at),
    'submolt', jsonb_build_object('name', c.name, 'display_name', c.display_name))
    order by s.created_at desc, s.post_id desc), '[]') as posts
  from (select * from post_stats where author_id = ${"author"} and visible
    order by created_at desc, post_id desc limit 10) s
  join posts p on p.id = s.post_id join communities c on c.id = s.community_id`;
const recentComments = sql({ author: uuid }, { comments: jsonb })`
  select coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'content', m.content, 'upvotes', s.upvotes,
    'downvotes', s.downvotes, 'created_at', iso(m.created_at),
    'post', jsonb_build_object('id', p.id, 'title', p.title, 'submolt', jsonb_build_object('name', c.name)))
    order by m.created_at desc, m.id desc), '[]') as comments
  from (select m.* from comments m join post_stats v on v.post_id = m.post_id and v.visible
    where m.author_id = ${"author"} and m.deleted_at is null order by m.created_at desc, m.id desc limit 10) m
  join comment_stats s on s.comment_id = m.id join posts p on p.id = m.post_id
  join communities c on c.id = p.community_id`;

/**
 * A profile by name, without regard to case.
 * @throws AppError NOT_FOUND
 */
async function profile(call: Call, input: InputOf<typeof contract.profile>): Promise<Profile> {
  const { db, services, now } = call;
  const agent = await agentByName(db, services.config.publicUrl, now, input.name);
  if (!agent) throw notFound("Agent");
  const { posts } = await recentPosts.one(db, { author: agent.id });
  const { comments } = await recentComments.one(db, { author: agent.id });
  return {
    agent,
    recentPosts: posts as Profile["recentPosts"],
    recentComments: comments as Profile["recentComments"],
  };
}

/**
 * The same as an answer; readers find there whether they follow the agent.
 * @throws AppError NOT_FOUND
 */
export async function profileText(call: Call, input: InputOf<typeof contract.profile>): Promise<SharedJson> {
  const found = await profile(call, input);
  const fields = JSON.stringify({ success: true, ...found }).slice(0, -1);
  return new SharedJson(`${fields},"isFollowing":`).own("follow", found.agent.id).add("}");
}
