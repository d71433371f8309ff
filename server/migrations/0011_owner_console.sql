-- Everybody who shares an agent sees whether it has challenges to answer.
create policy by_member on challenges for select to app
  using (agent_id in (select my_agents('{admin,reviewer,viewer}')));
