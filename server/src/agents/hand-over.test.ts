import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { refusal, startTestServer, type TestAgent, type TestServer } from "../../test/harness.js";
import { type TestOwner, testOwner } from "../../test/owners.js";
import { verifyHistory } from "../audit/read.js";

const DAY = 86_400_000;
const OFFER = "/owner/agents/offer";

describe("an agent that changes hands", () => {
  let network: TestServer;
  let agent: TestAgent;
  let giver: TestOwner;
  let taker: TestOwner;
  before(async () => {
    network = await startTestServer({ agentsPerOwner: 2 });
  });
  after(() => network.close());
  const setUp = async () => {
    agent = await network.agent();
    giver = await testOwner(network, agent);
    taker = await testOwner(network);
  };
  const accept = async (who: TestOwner) => who.browser.submit(await who.browser.get("/owner"), "/owner/agents/accept");
  const post = () => agent.client.posts.create({ submolt_name: "general", title: `At ${Math.random()}` });

  it("goes to whoever it was offered to, when they accept, and goes on with its key", async () => {
    await setUp();
    await giver.act(agent, "/owner/agents/limits", { posts: "0" });
    assert.match((await giver.act(agent, OFFER, { to: taker.username.toUpperCase() })).html, /is offered/);
    assert.equal((await taker.page(agent)).status, 404, "an offer opens nothing yet");
    const page = await accept(taker);
    assert.equal(page.path, `/owner/agents/${agent.name}`);
    assert.equal((await giver.page(agent)).status, 404);
    assert.equal((await taker.page(agent)).status, 200);
    await post();
    assert.equal((await taker.browser.get("/owner")).html.includes("/owner/agents/accept"), false);
  });

  it("says nothing of whether there is such a person", async () => {
    await setUp();
    const spoken = async (to: string) => {
      const { html, status } = await giver.act(agent, OFFER, { to });
      return [
        status,
        html
          .replaceAll(to, "TO")
          .replace(/csrf" value="[^"]*"/g, "")
          .replace(/<time.*?<\/time>/g, ""),
      ];
    };
    assert.deepEqual(await spoken(taker.username), await spoken("nobody_here_xy"));
    assert.deepEqual(await spoken("known@example.org"), await spoken("unknown@example.org"));
  });

  it("cannot be taken by anybody else, after the offer was taken back, or after a week", async () => {
    await setUp();
    const other = await testOwner(network);
    await giver.act(agent, OFFER, { to: taker.username });
    const csrf = /name="csrf" value="([^"]+)"/.exec((await other.browser.get("/owner")).html)?.[1] ?? "";
    const form = { csrf, agent_id: agent.id };
    assert.equal((await other.browser.post("/owner/agents/accept", form)).status, 404);
    assert.equal((await other.browser.post("/owner/agents/decline", form)).status, 404);
    const offered = await taker.browser.get("/owner");
    await giver.act(agent, "/owner/agents/withdraw");
    assert.equal((await taker.browser.submit(offered, "/owner/agents/accept")).status, 404);
    await giver.act(agent, OFFER, { to: taker.username });
    await taker.browser.submit(await taker.browser.get("/owner"), "/owner/agents/decline");
    assert.equal((await taker.browser.submit(offered, "/owner/agents/accept")).status, 404);
    await giver.act(agent, OFFER, { to: taker.username });
    network.clock.advance(2 * DAY);
    assert.equal(
      (await taker.browser.submit(offered, "/owner/agents/accept")).status,
      401,
      "a fresh proof is asked for",
    );
    assert.equal((await giver.page(agent)).status, 200);
  });

  it("is taken once when both are asked many times at once, and never beyond what one may hold", async () => {
    await setUp();
    await giver.act(agent, OFFER, { to: taker.username });
    const page = await taker.browser.get("/owner");
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => taker.browser.submit(page, "/owner/agents/accept")),
    );
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 404, 404, 404, 404, 404, 404, 404]);
    const more = [await network.agent(), await network.agent()];
    const rich = await testOwner(network, ...more);
    for (const one of more) await rich.act(one, OFFER, { to: taker.username });
    assert.equal((await accept(taker)).status, 200);
    const full = await accept(taker);
    assert.equal(full.status, 403);
    assert.match(full.html, /as many agents/);
    assert.ok((await taker.browser.get("/owner")).html.includes("/owner/agents/accept"), "the offer is still there");
  });

  it("is nobody's when its owner lets it go, until it is claimed again", async () => {
    await setUp();
    await giver.act(agent, "/owner/agents/pause");
    assert.equal((await giver.act(agent, "/owner/agents/release")).path, "/owner");
    assert.equal((await giver.page(agent)).status, 404);
    assert.equal((await refusal(post())).code, "AGENT_NOT_CLAIMED");
    assert.equal((await agent.client.agents.me()).agent.owner, null);
    const { claim_url } = await agent.client.owners.newClaim();
    assert.match(claim_url, /\/claim\//);
    await network.settle();
    const { events } = await network.anonymous.events.list({ limit: 200 });
    assert.ok(events.some(({ type, subject }) => type === "agent.released" && subject.id === agent.id));
    assert.deepEqual((await verifyHistory(network.server.services.app, () => undefined)).problems, []);
  });

  it("shows everybody how many agents its owner has, and not who that is", async () => {
    const [one, two, alone] = [await network.agent(), await network.agent(), await network.agent()];
    const owner = await testOwner(network, one, two);
    await testOwner(network, alone);
    const of = async ({ name }: TestAgent) => (await network.anonymous.agents.profile({ name })).agent.owner;
    assert.equal((await of(one))?.agent_count, 2);
    assert.equal((await of(alone))?.agent_count, 1);
    const { html } = await owner.browser.get(`/u/${one.name}`);
    assert.match(html, /has one other agent here/);
    assert.doesNotMatch(html, new RegExp(`${owner.username}|${owner.id}|${two.name}`));
    assert.equal((await of(await network.agent()))?.agent_count, 0, "claimed automatically, by nobody known");
  });
});
