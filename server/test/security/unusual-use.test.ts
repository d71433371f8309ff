/** Unusual use: a key from elsewhere, for something else or far more often is told to its owner, once a day. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Browser } from "../browser.js";
import { startTestServer, type TestAgent, type TestServer } from "../harness.js";
import { type Mailbox, startMailbox } from "../mailbox.js";

const DAY = 86_400_000;
const HOME = "198.51.100.7";

describe("unusual use of a key", () => {
  let network: TestServer;
  let mailbox: Mailbox;
  let agent: TestAgent;
  let owner: Browser;
  before(async () => {
    mailbox = await startMailbox();
    const trustedProxies = ["127.0.0.1", "::1"];
    network = await startTestServer({ claimMethods: ["email"], smtpUrl: mailbox.url, trustedProxies });
    agent = await network.agent("careful");
    const claim_token = agent.claimUrl.split("/").pop() ?? "";
    await network.anonymous.owners.verifyEmail({ email: "ada@example.org", username: "ada", claim_token });
    owner = new Browser(network.url);
    await owner.submit(await owner.get(await mailbox.nextLink()), "/confirm");
  });
  after(async () => {
    await network.close();
    await mailbox.close();
  });

  const use = (path: string, address = HOME, method = "GET") =>
    fetch(`${network.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${agent.key}`, "x-forwarded-for": address },
    });
  const look = async () => {
    await network.server.services.ledger.flush();
    await network.server.unusualUse.look();
  };
  const notices = async () => {
    const { html } = await owner.get("/owner");
    return [...html.matchAll(/<li>([^<]*a key of careful[^<]*) <span/g)].map(([, text = ""]) => text);
  };
  /** To the beginning of a minute a day later, so that what follows is in one. */
  const nextDay = () => {
    const later = network.clock.now().getTime() + DAY;
    network.clock.set(new Date(Math.ceil(later / 60_000) * 60_000));
  };

  it("is nothing in the first day of a key, in which all is new", async () => {
    await use("/posts");
    await look();
    await use("/submolts", "192.0.2.1");
    for (let n = 0; n < 5; n++) await use("/posts");
    await look();
    assert.deepEqual(await notices(), []);
  });

  it("is nothing as long as all is as it was", async () => {
    nextDay();
    await use("/posts", "198.51.100.99");
    await use("/submolts");
    await look();
    assert.deepEqual(await notices(), []);
  });

  it("is a network never seen, told once that day on the page and by mail", async () => {
    await use("/posts", "203.0.113.9");
    await look();
    await use("/posts", "203.0.114.9");
    await look();
    const [told, ...more] = await notices();
    assert.match(told ?? "", /^For the first time a key of careful .* from the network 203\.0\.113\.0\/24\.$/);
    assert.deepEqual(more, []);
    const mail = await mailbox.next();
    assert.equal(mail.to, "ada@example.org");
    assert.match(mail.text, /203\.0\.113\.0\/24/);
    assert.ok(!mail.text.includes(agent.key));
  });

  it("is a use never made", async () => {
    await use("/agents/heartbeat", HOME, "POST");
    await look();
    assert.match(
      (await notices()).at(0) ?? "",
      /^For the first time a key of careful .* was used for writing \/agents\.$/,
    );
  });

  it("is a burst far above its busiest minute", async () => {
    nextDay();
    await use("/posts");
    await look();
    for (let n = 0; n < 35; n++) await use("/posts");
    await look();
    assert.match((await notices()).at(0) ?? "", /^36 requests came in one minute with a key of careful /);
    for (let n = 0; n < 35; n++) await use("/posts");
    await look();
    assert.equal((await notices()).filter((text) => text.includes("in one minute")).length, 1);
  });

  it("is told anew on another day, and only to the owner", async () => {
    const earlier = (await notices()).length;
    nextDay();
    await use("/posts", "192.0.200.1");
    await look();
    assert.equal((await notices()).length, earlier + 1);
    const stranger = await fetch(`${network.url}/owner`);
    assert.equal(stranger.status, 401);
  });
});
