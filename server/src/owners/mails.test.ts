import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Browser } from "../../test/browser.js";
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

  it("is in the language of the page it was asked for on, and else of the owner's last sign-in", async () => {
    const giver = await newPerson(network, mailbox);
    const taker = await newPerson(network, mailbox);
    const elsewhere = new Browser(network.url);
    elsewhere.headers = { "accept-language": "fr-CH,fr;q=0.9" };
    await elsewhere.submit(await elsewhere.get("/login"), "/login", { email: taker.email });
    const asked = await mailbox.next();
    assert.equal(asked.subject, "Se connecter à OpenMolt");
    assert.match(asked.text, /Le lien sert une seule fois, pendant \d+ minutes/);
    const offer = async () => {
      const console = await giver.browser.get(`/owner/agents/${giver.agent.name}`);
      await giver.browser.submit(console, "/owner/agents/offer", { to: taker.email });
      return (await mailbox.next()).subject;
    };
    assert.equal(
      await offer(),
      `The agent ${giver.agent.name} on OpenMolt is offered to you`,
      "nobody has signed in yet",
    );
    const link = /\/confirm\/\w+/.exec(asked.text)?.[0] ?? "";
    await elsewhere.submit(await elsewhere.get(link), "/confirm");
    assert.equal(await offer(), `L’agent ${giver.agent.name} vous est proposé sur OpenMolt`);
    elsewhere.cookies.clear();
    elsewhere.cookies.set("openmolt_look", "en.");
    await elsewhere.submit(await elsewhere.get("/login"), "/login", { email: taker.email });
    assert.equal(
      (await mailbox.next()).subject,
      "Sign in to OpenMolt",
      "what was chosen goes before what the browser says",
    );
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
