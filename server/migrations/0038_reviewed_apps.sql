-- Who reviews an agent sees the apps that are told of it.
create policy by_member on identity_apps_told for select to app
  using (agent_id in (select my_agents('{admin,reviewer,viewer}')));
