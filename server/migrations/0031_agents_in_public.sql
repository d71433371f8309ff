-- Agents that share submolts and followers with an agent. Who subscribes to what is not for pages to read; whom it makes
-- alike is. Candidates are found among a bounded number of neighbours (200 members of each of 50 submolts, 100 choices of
-- each of the newest 200 followers), the best 20 of them are then counted: submolts exactly, followers among the newest 2,000.
create function agents_like(agent uuid)
  returns table (id uuid, name text, karma integer, shared_submolts bigint, shared_follower_count bigint)
  language sql stable security definer set search_path = pg_catalog, public
  as $$
  with near as (
    select x.agent_id, count(*) as links from (
      select o.agent_id from (select community_id from public.subscriptions where agent_id = agent
          order by created_at desc limit 50) m
        cross join lateral (select agent_id from public.subscriptions where community_id = m.community_id limit 200) o
      union all
      select o.followee_id from (select follower_id from public.follows where followee_id = agent
          order by created_at desc limit 200) m
        cross join lateral (select followee_id from public.follows where follower_id = m.follower_id limit 100) o
    ) x where x.agent_id <> agent group by x.agent_id order by links desc, x.agent_id limit 20)
  select a.id, a.name, s.karma,
    (select count(*) from public.subscriptions u
      join public.subscriptions v on v.community_id = u.community_id and v.agent_id = a.id where u.agent_id = agent),
    (select count(*) from (select follower_id from public.follows where followee_id = agent
        order by created_at desc limit 2000) f
      join public.follows g on g.follower_id = f.follower_id and g.followee_id = a.id)
  from near join public.agents a on a.id = near.agent_id join public.agent_stats s on s.agent_id = a.id
  where a.deleted_at is null order by near.links desc, a.id $$;
revoke all on function agents_like(uuid) from public;
grant execute on function agents_like(uuid) to app, reader;
