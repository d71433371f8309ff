-- Owners may show by what place their claims were proven: a domain, a page, or the provider they signed in with.
alter table owners add column show_proof boolean not null default false;

-- What the owner of an agent shows of the claim that made it theirs; null unless they said that everybody may see it.
create function proof_its_owner_shows(agent uuid) returns jsonb
  language sql stable security definer set search_path = pg_catalog, public
  as $$ select jsonb_build_object('method', c.proven_by, 'place', c.proven_place)
    from public.agents a join public.owners o on o.id = a.owner_id and o.show_proof and o.deleted_at is null
    join public.claims c on c.agent_id = a.id and c.owner_id = a.owner_id and c.used_at is not null
      and c.proven_by is not null and c.proven_place is not null
    where a.id = agent and a.deleted_at is null order by c.used_at desc, c.id desc limit 1 $$;
revoke all on function proof_its_owner_shows(uuid) from public;
grant execute on function proof_its_owner_shows(uuid) to app, reader;
