import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { Browser } from "../../test/browser.js";
import { refusal, startTestServer, type TestServer } from "../../test/harness.js";
import { type Mailbox, startMailbox } from "../../test/mailbox.js";
import { endUnusedKeys } from "./write/end-unused.js";
import { warnOfEnds } from "./write/warn-of-ends.js";

const DAY = 86_400_000;

describe("a key that ends soon", () => {
  let mailbox: Mailbox;
  let network: TestServer;
  let count = 0;
  beforeEach(async () => {
    mailbox = await startMailbox();
    network = await startTestServer({ claimMethods: ["email"], smtpUrl: mailbox.url, unusedKeyDays: 60 });
  });
  afterEach(async () => {
    await network.close();
    await mailbox.close();
  });

  const owned = async () => {
    const agent = await network.agent();
    const email = `warned_${++count}@example.org`;
    const claim_token = agent.claimUrl.split("/").pop() ?? "";
    await network.anonymous.owners.verifyEmail({ email, username: `warned_${count}`, claim_token });
    const browser = new Browser(network.url);
    await browser.submit(await browser.get(await mailbox.nextLink()), "/confirm");
    return { agent, email };
  };
  /** Lets time pass, with everything done that is done every day, and the agent there to use its first key. */
  const pass = async (days: number, visit: () => Promise<unknown> = async () => undefined) => {
    const { services } = network.server;
    for (let day = 0; day < days; day++) {
      network.clock.advance(DAY);
      await visit();
      await services.activity.flush();
      await endUnusedKeys(services);
      await warnOfEnds(services);
    }
  };
  const mailsTo = (email: string) =>
    mailbox.mails.filter(({ to, subject }) => to === email && /end soon/.test(subject));

  it("is told of in a header of its own answers, in home, and to the owner twice, without a secret", async () => {
    const { agent, email } = await owned();
    const { api_key } = await agent.client.keys.create({ name: "visits", expires_in_days: 30 });
    const visits = network.clientFor(api_key);
    const headerOf = async () => {
      const answer = await fetch(`${network.url}/api/v1/agents/me`, {
        headers: { authorization: `Bearer ${api_key}` },
      });
      await answer.arrayBuffer();
      return answer.headers.get("x-openmolt-key-expires");
    };
    const told = async () => (await visits.home.get()).what_to_do_next.filter((step) => step.includes('"visits"'));
    const visit = () => Promise.all([visits.agents.me(), agent.client.agents.me()]);
    await pass(15, visit);
    assert.deepEqual([await headerOf(), await told(), mailsTo(email)], [null, [], []]);
    await pass(2, visit);
    const { keys } = await agent.client.keys.list();
    assert.equal(await headerOf(), keys.find(({ name }) => name === "visits")?.expires_at);
    assert.match((await told()).join(), /Ask your human for another key: "visits" ends \d{4}-/);
    const first = await mailbox.next();
    assert.equal(first.to, email);
    assert.match(first.text, /visits \(moltbook_\w{4}\.\.\.\) ends \d{4}/);
    assert.ok(!first.text.includes(api_key));
    await pass(10, visit);
    assert.equal(mailsTo(email).length, 1, "nothing new to tell");
    await pass(2, visit);
    assert.equal((await mailbox.next()).to, email);
    await pass(3, () => agent.client.agents.me());
    assert.equal(mailsTo(email).length, 2);
    assert.equal((await refusal(visits.agents.me())).code, "KEY_EXPIRED");
  });

  it("ends when nobody uses it for as long as the operator says, is told of before, and lives on when it is used", async () => {
    const { agent, email } = await owned();
    const idle = await agent.client.keys.create({ name: "idle" });
    const saved = await agent.client.keys.create({ name: "saved" });
    const visit = () => agent.client.agents.me();
    await pass(47, visit);
    assert.match((await agent.client.home.get()).what_to_do_next.join(), /Use your key "(idle|saved)" before/);
    const mail = await mailbox.next();
    assert.equal(mail.to, email);
    assert.match(mail.text, /idle.*unless it is used before/);
    assert.match(mail.text, /saved.*unless it is used before/);
    assert.doesNotMatch(mail.text, /main/);
    await network.clientFor(saved.api_key).agents.me();
    await pass(14, visit);
    assert.equal((await refusal(network.clientFor(idle.api_key).agents.me())).code, "KEY_EXPIRED");
    await network.clientFor(saved.api_key).agents.me();
    const { keys } = await agent.client.keys.list();
    assert.deepEqual(
      keys.map(({ name }) => name),
      ["saved", "main"],
    );
  });

  it("is not told of when another has taken its place, or when it was made for a short time", async () => {
    const { agent, email } = await owned();
    const { api_key } = await agent.client.agents.rotateKey({ overlap_minutes: 10_000 });
    await agent.client.keys.create({ name: "for a day", expires_in_days: 1 });
    const fresh = network.clientFor(api_key);
    const steps = (await fresh.home.get()).what_to_do_next.join();
    assert.doesNotMatch(steps, /"main"/);
    assert.match(steps, /"for a day"/);
    await warnOfEnds(network.server.services);
    await network.settle();
    assert.deepEqual(mailsTo(email), []);
  });

  it("can be rotated in time where the operator limits the age of keys", async () => {
    const strict = await startTestServer({ keyDays: 30 });
    try {
      const agent = await strict.agent();
      strict.clock.advance(20 * DAY);
      const { what_to_do_next: steps } = await agent.client.home.get();
      assert.match(steps[0] ?? "", /Replace your key "main", which ends .*rotate-key/);
      const { api_key } = await agent.client.agents.rotateKey({});
      assert.doesNotMatch((await strict.clientFor(api_key).home.get()).what_to_do_next.join(), /"main"/);
    } finally {
      await strict.close();
    }
  });
});
