import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startTestServer, type TestServer } from "../../test/harness.js";
import { type Mailbox, startMailbox } from "../../test/mailbox.js";
import { newPerson } from "../../test/people.js";
import { sendOffer } from "../agents/write/hand-over.js";

describe("mail to owners", () => {
  let mailbox: Mailbox;
  let network: TestServer;
  before(async () => {
    mailbox = await startMailbox();
    network = await startTestServer({ claimMethods: ["email"], smtpUrl: mailbox.url });
  });
  after(async () => {
    await network.close();
    await mailbox.close();
  });

  it("tells of an offered agent whoever the address belongs to, until they want no such mail", async () => {
    const giver = await newPerson(network, mailbox);
    const taker = await newPerson(network, mailbox);
    const console = await giver.browser.get(`/owner/agents/${giver.agent.name}`);
    await giver.browser.submit(console, "/owner/agents/offer", { to: taker.email.toUpperCase() });
    const mail = await mailbox.next();
    assert.equal(mail.to, taker.email);
    assert.ok(mail.text.includes(giver.agent.name));
    assert.ok(!mail.text.includes(giver.email));
    const home = await taker.browser.get("/owner");
    assert.match(home.html, /name="offer" checked/);
    const saved = await taker.browser.post("/owner/mails", {
      csrf: /name="csrf" value="([^"]+)"/.exec(home.html)?.[1] ?? "",
      leaked_key: "on",
    });
    assert.match(saved.html, /name="leaked_key" checked/);
    assert.doesNotMatch(saved.html, /name="offer" checked/);
    const before = mailbox.mails.length;
    await sendOffer(network.server.services, giver.agent.id);
    assert.equal(mailbox.mails.length, before);
  });

  it("about an offer goes to nobody when nobody has the address", async () => {
    const giver = await newPerson(network, mailbox);
    const console = await giver.browser.get(`/owner/agents/${giver.agent.name}`);
    await giver.browser.submit(console, "/owner/agents/offer", { to: "nobody@example.net" });
    const before = mailbox.mails.length;
    await sendOffer(network.server.services, giver.agent.id);
    assert.equal(mailbox.mails.length, before);
  });
});
