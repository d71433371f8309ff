/** Row "rotation works at once on every route": the old key opens nothing from the moment the new one is shown. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { allEndpoints } from "@openmolt/contract/api";
import { startTestServer, type TestAgent, type TestServer } from "../harness.js";
import { testOwner } from "../owners.js";

const NOBODY = "00000000-0000-7000-8000-000000000000";

describe("a key that was replaced", () => {
  let network: TestServer;
  before(async () => {
    network = await startTestServer();
  });
  after(() => network.close());

  /** Asks at every endpoint that takes a key. @returns by name what each refuses with */
  const refusals = async (key: string) => {
    const takesKey = allEndpoints.filter(({ endpoint }) => ["agent", "writer", "optional"].includes(endpoint.auth));
    assert.ok(takesKey.length > 50);
    const found = new Map<string, string>();
    for (const { name, endpoint } of takesKey) {
      for (const prefix of ["/api/v1", ""]) {
        const path = endpoint.path.replace(/:\w+/g, NOBODY);
        const url = path.startsWith("//") ? network.url + path.slice(1) : network.url + prefix + path;
        const answer = await fetch(url, {
          method: endpoint.method,
          headers: { authorization: `Bearer ${key}`, accept: "application/json" },
        });
        // At the root only what older clients ask for is served.
        if (prefix === "" && answer.status === 404) continue;
        const { code } = (await answer.json()) as { code: string };
        found.set(`${endpoint.method} ${url} (${name})`, `${answer.status} ${code}`);
      }
    }
    return found;
  };
  const assertDead = async (key: string, expected: string) => {
    for (const [route, said] of await refusals(key)) assert.equal(said, expected, route);
  };
  const used = async () => {
    const agent: TestAgent = await network.agent();
    await agent.client.agents.me();
    await agent.client.posts.create({ submolt_name: "general", title: `Mine ${Math.random()}` });
    return agent;
  };

  it("by its agent without overlap is refused by every endpoint, at once, and the new one works", async () => {
    const agent = await used();
    const { api_key: fresh } = await agent.client.agents.rotateKey({ overlap_minutes: 0 });
    await assertDead(agent.key, "401 KEY_EXPIRED");
    assert.equal((await network.clientFor(fresh).agents.me()).agent.name, agent.name);
  });

  it("works on while the overlap lasts, and not a moment longer", async () => {
    const agent = await used();
    await agent.client.agents.rotateKey({ overlap_minutes: 5 });
    await agent.client.agents.me();
    network.clock.advance(5 * 60_000);
    await assertDead(agent.key, "401 KEY_EXPIRED");
  });

  it("by its owner is refused by every endpoint, at once", async () => {
    const agent = await used();
    const owner = await testOwner(network, agent);
    const page = await owner.act(agent, "/owner/keys/replace");
    const fresh = /moltbook_[A-Za-z0-9]{49}/.exec(page.html)?.[0] ?? "";
    await assertDead(agent.key, "401 KEY_REVOKED");
    assert.equal((await network.clientFor(fresh).agents.me()).agent.name, agent.name);
  });
});
