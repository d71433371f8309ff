import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { Browser } from "../../test/browser.js";
import { refusal, startTestServer, type TestAgent, type TestServer } from "../../test/harness.js";
import { linkIn, type Mailbox, startMailbox } from "../../test/mailbox.js";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

describe("claims by e-mail", () => {
  let mailbox: Mailbox;
  let network: TestServer;
  let names = 0;
  before(async () => {
    mailbox = await startMailbox();
    network = await startTestServer({ claimMethods: ["email", "operator"], smtpUrl: mailbox.url });
  });
  after(async () => {
    await network.close();
    await mailbox.close();
  });

  const tokenOf = (agent: { claimUrl: string }) => agent.claimUrl.split("/").pop() ?? "";
  const someone = () => ({ email: `owner${++names}@example.org`, username: `owner_${names}` });
  const ask = (agent: TestAgent, who = someone()) =>
    network.anonymous.owners.verifyEmail({ ...who, claim_token: tokenOf(agent) });
  const open = (path: string, browser = new Browser(network.url)) => browser.get(path);
  /** Opens a mailed link and presses its button. */
  const confirm = async (link: string, browser = new Browser(network.url)) =>
    browser.submit(await browser.get(link), "/confirm");
  const claimed = async (who = someone()) => {
    const agent = await network.agent();
    await ask(agent, who);
    const browser = new Browser(network.url);
    const page = await confirm(await mailbox.nextLink(), browser);
    return { agent, who, browser, page };
  };
  const jobsDone = async () => {
    const client = new pg.Client(network.database.admin);
    await client.connect();
    while ((await client.query("select from graphile_worker._private_jobs")).rowCount);
    await client.end();
  };

  it("takes a human from the claim link to an agent that may write", async () => {
    const agent = await network.agent("Walker");
    await agent.client.agents.update({ description: "<b>I walk</b> & talk" });
    assert.equal((await agent.client.agents.status()).status, "pending_claim");
    const browser = new Browser(network.url);
    const page = await browser.get(new URL(agent.claimUrl).pathname);
    assert.equal(page.status, 200);
    assert.match(page.html, /Claim Walker/);
    assert.match(page.html, /&lt;b&gt;I walk&lt;\/b&gt; &amp; talk/);
    assert.doesNotMatch(page.html, /<b>|<script/);
    const code = /[a-z]+-[A-Z2-9]{4}/.exec(page.html)?.[0] ?? "none";
    const sent = await browser.submit(page, "/api/v1/agents/verify-email", {
      email: "jo@example.org",
      username: "jojo",
    });
    assert.equal(sent.path, "/sent");
    const mail = await mailbox.next();
    assert.equal(mail.to, "jo@example.org");
    assert.match(mail.subject, /Walker/);
    assert.ok(mail.text.includes(code));
    const home = await confirm(linkIn(mail.text), browser);
    assert.equal(home.path, "/owner");
    assert.match(home.html, /Walker/);
    assert.match(home.html, /jo@example\.org/);
    const status = await agent.client.agents.status();
    assert.equal(status.status, "claimed");
    assert.equal(status.next_step, null);
    assert.equal((await agent.client.agents.me()).agent.is_claimed, true);
    assert.equal((await agent.client.agents.me()).agent.owner?.x_handle, null);
    await agent.client.posts.create({ submolt_name: "general", title: "I may write", content: "now" });
    assert.match((await open(new URL(agent.claimUrl).pathname)).html, /has been claimed/);
  });

  it("lets nobody write before the claim", async () => {
    const agent = await network.agent();
    const error = await refusal(agent.client.posts.create({ submolt_name: "general", title: "early", content: "x" }));
    assert.equal(error.code, "AGENT_NOT_CLAIMED");
  });

  it("does not use up a link that is only opened, and uses it once", async () => {
    const agent = await network.agent();
    await ask(agent);
    const link = await mailbox.nextLink();
    for (let i = 0; i < 3; i++) assert.equal((await open(link)).status, 200);
    const browser = new Browser(network.url);
    const page = await browser.get(link);
    assert.equal((await browser.submit(page, "/confirm")).status, 200);
    assert.equal((await open(link)).status, 410);
    const again = await new Browser(network.url).submit(page, "/confirm");
    assert.equal(again.status, 409);
    assert.match(again.html, /already been claimed/);
    assert.match(again.headers.get("content-type") ?? "", /text\/html/);
  });

  it("lets a link die after 15 minutes and says in the status where the claim got stuck", async () => {
    const agent = await network.agent();
    await ask(agent);
    const link = await mailbox.nextLink();
    const page = await open(link);
    await jobsDone();
    assert.match((await agent.client.agents.status()).next_step ?? "", /mail is on its way/);
    network.clock.advance(15 * MINUTE);
    assert.equal((await open(link)).status, 410);
    assert.equal((await new Browser(network.url).submit(page, "/confirm")).status, 410);
    const status = await agent.client.agents.status();
    assert.equal(status.failed_step, "open_mail_link");
    await ask(agent);
    assert.equal((await confirm(await mailbox.nextLink())).status, 200);
    assert.equal((await agent.client.agents.status()).status, "claimed");
  });

  it("refuses guessed, expired and used claim tokens, each in its own way", async () => {
    const agent = await network.agent();
    for (const claim_token of ["x", `moltbook_claim_${"A".repeat(43)}`, agent.key]) {
      const error = await refusal(network.anonymous.owners.verifyEmail({ ...someone(), claim_token }));
      assert.equal(error.code, "CLAIM_TOKEN_INVALID");
      assert.equal((await open(`/claim/${claim_token}`)).status, 404);
    }
    network.clock.advance(7 * DAY);
    assert.equal((await refusal(ask(agent))).code, "CLAIM_EXPIRED");
    assert.equal((await open(new URL(agent.claimUrl).pathname)).status, 410);
    assert.match((await agent.client.agents.status()).next_step ?? "", /agents\/me\/claim/);
    const done = await claimed();
    assert.equal((await refusal(ask(done.agent))).code, "ALREADY_CLAIMED");
    assert.match((await refusal(ask(done.agent))).message, /already been claimed/);
    assert.equal((await open(`/confirm/moltlink_${"A".repeat(43)}`)).status, 410);
  });

  it("gives a new claim link on demand and ends the old one with the mail that was under way", async () => {
    const agent = await network.agent();
    await ask(agent);
    const oldLink = await mailbox.nextLink();
    const fresh = await agent.client.owners.newClaim();
    assert.equal((await refusal(ask(agent))).code, "CLAIM_EXPIRED");
    assert.equal((await confirm(oldLink)).status, 410);
    assert.match(fresh.verification_code, /^[a-z]+-[A-Z2-9]{4}$/);
    await ask({ ...agent, claimUrl: fresh.claim_url });
    assert.equal((await confirm(await mailbox.nextLink())).status, 200);
    assert.equal((await refusal(agent.client.owners.newClaim())).code, "ALREADY_CLAIMED");
  });

  it("finds one winner among a thousand confirmations, a hundred at once", async () => {
    const agent = await network.agent();
    await ask(agent);
    const token = (await mailbox.nextLink()).split("/").pop() ?? "";
    const press = async (): Promise<number> => {
      const body = new URLSearchParams({ token });
      const answer = await fetch(`${network.url}/confirm`, { method: "POST", body, redirect: "manual" });
      await answer.text();
      // A machine that is too slow for all at once asks some to come again.
      return answer.status === 503 ? press() : answer.status;
    };
    const answers: number[] = [];
    const pressTen = async () => {
      for (let i = 0; i < 10; i++) answers.push(await press());
    };
    await Promise.all(Array.from({ length: 100 }, pressTen));
    assert.equal(answers.filter((status) => status === 303).length, 1);
    assert.equal(answers.filter((status) => status === 409).length, 999);
  });

  it("gives an agent to one of two who confirm different mails, and to the other nothing", async () => {
    const agent = await network.agent();
    await ask(agent);
    const links = [await mailbox.nextLink()];
    await ask(agent);
    links.push(await mailbox.nextLink());
    const statuses = (await Promise.all(links.map((link) => confirm(link)))).map((page) => page.status);
    assert.deepEqual(statuses.sort(), [200, 409]);
  });

  it("recognises an owner by the address whatever its case, and adds the second agent", async () => {
    const first = await claimed({ email: "Mia@Example.org", username: "mia" });
    const agent = await network.agent();
    await ask(agent, { email: "mia@example.ORG", username: "somebody_else" });
    const page = await confirm(await mailbox.nextLink());
    assert.ok(page.html.includes(first.agent.name) && page.html.includes(agent.name));
    assert.match(page.html, /value="mia"/);
  });

  it("gives a new owner whose name is taken another name instead of failing at the last step", async () => {
    await claimed({ email: "first@example.org", username: "wanted" });
    const { page } = await claimed({ email: "second@example.org", username: "Wanted" });
    assert.match(page.html, /value="Wanted-\d{5}"/);
  });

  it("lets a signed-in owner claim without another mail", async () => {
    const { browser } = await claimed();
    const agent = await network.agent();
    const page = await browser.get(new URL(agent.claimUrl).pathname);
    const home = await browser.submit(page, "/claim/own");
    assert.equal(home.path, "/owner");
    assert.ok(home.html.includes(agent.name));
    assert.match(home.html, /The agent is yours/);
    assert.equal((await agent.client.agents.status()).status, "claimed");
  });

  it("answers the same for known and unknown addresses, and mails a sign-in link only to owners", async () => {
    const { who } = await claimed();
    await jobsDone();
    const before = mailbox.mails.length;
    const shape = async (email: string) => {
      const answer = await fetch(`${network.url}/login`, {
        method: "POST",
        body: new URLSearchParams({ email }),
        redirect: "manual",
      });
      return [answer.status, answer.headers.get("location"), await answer.text()];
    };
    assert.deepEqual(await shape("stranger@example.org"), await shape(who.email));
    await mailbox.nextLink();
    await jobsDone();
    assert.equal(mailbox.mails.length, before + 1);
    const [one, two] = [await network.agent(), await network.agent()];
    assert.deepEqual(await ask(one, { ...someone(), email: who.email }), await ask(two));
    await mailbox.next();
    await mailbox.next();
  });

  it("keeps addresses and tokens out of the database in any readable form", async () => {
    const { agent, who } = await claimed();
    const agent2 = await network.agent();
    await ask(agent2, { ...someone(), email: who.email });
    const link = await mailbox.nextLink();
    await jobsDone();
    const client = new pg.Client(network.database.admin);
    await client.connect();
    const { rows } = await client.query<{ name: string }>(
      "select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('public', 'graphile_worker')",
    );
    assert.ok(rows.length > 30);
    const secrets = [who.email, tokenOf(agent), agent.key, link.split("/").pop() ?? ""];
    for (const { name } of rows) {
      const { rows: found } = await client.query(
        `select coalesce(string_agg(t::text, ' '), '') as dump from ${name} t`,
      );
      const dump: string = found[0].dump;
      for (const secret of secrets) {
        assert.ok(!dump.includes(secret), `${name} holds ${secret}`);
        assert.ok(!dump.includes(Buffer.from(secret).toString("hex")), `${name} holds ${secret} as bytes`);
      }
    }
    await client.end();
  });

  it("refuses forms that another site sends, and leaves the link usable", async () => {
    const agent = await network.agent();
    await ask(agent);
    const link = await mailbox.nextLink();
    const page = await open(link);
    const attacks: Record<string, string>[] = [
      { origin: "https://evil.example", "sec-fetch-site": "cross-site" },
      { origin: "https://evil.example", "sec-fetch-site": "same-origin" },
      { origin: "null" },
      { origin: network.url, "sec-fetch-site": "same-site" },
    ];
    for (const headers of attacks) {
      const browser = new Browser(network.url);
      browser.headers = headers;
      const answer = await browser.submit(page, "/confirm");
      assert.equal(answer.status, 403, JSON.stringify(headers));
      assert.equal(browser.cookies.size, 0);
    }
    const asText = await fetch(`${network.url}/confirm`, {
      method: "POST",
      headers: { "content-type": "text/plain", origin: "https://evil.example" },
      body: JSON.stringify({ token: link.split("/").pop() }),
    });
    assert.equal(asText.status, 403);
    assert.equal((await confirm(link)).status, 200);
  });

  it("names the methods on offer when a tweet is brought", async () => {
    const error = await refusal(network.anonymous.owners.verifyTweet({ token: "x", tweet_url: "https://x.example/1" }));
    assert.equal(error.status, 400);
    assert.equal(error.code, "CLAIM_METHOD_NOT_OFFERED");
    assert.deepEqual(error.body.claim_methods, ["email", "operator"]);
  });

  it("refuses addresses that could reach more than one person", async () => {
    const agent = await network.agent();
    const bad = [
      "a@b.c,d@e.f",
      "Jo <jo@example.org>",
      "jo@example.org\r\nBcc: x@y.z",
      "no-at-sign",
      "a b@c.d",
      "@",
      "a@",
    ];
    for (const email of bad) {
      assert.equal((await refusal(ask(agent, { email, username: "jo_2" }))).code, "VALIDATION_ERROR", email);
    }
  });

  it("tries again when the mail server refuses, and says so in the status meanwhile", async () => {
    const agent = await network.agent();
    mailbox.refuse = true;
    const refused = mailbox.refused;
    await ask(agent);
    let status = await agent.client.agents.status();
    while (status.failed_step !== "send_mail") status = await agent.client.agents.status();
    assert.ok(mailbox.refused > refused);
    assert.match(status.next_step ?? "", /tried again/);
    mailbox.refuse = false;
    assert.equal((await confirm(await mailbox.nextLink())).status, 200);
    assert.equal((await agent.client.agents.status()).failed_step, null);
  });
});

describe("claims within limits", () => {
  it("hold an owner to the operator's number of agents, also when two are claimed at once", async () => {
    const mailbox = await startMailbox();
    const network = await startTestServer({ claimMethods: ["email"], smtpUrl: mailbox.url, agentsPerOwner: 2 });
    try {
      const agents = [await network.agent(), await network.agent(), await network.agent()];
      const links: string[] = [];
      for (const agent of agents) {
        const claim_token = agent.claimUrl.split("/").pop() ?? "";
        await network.anonymous.owners.verifyEmail({ email: "jo@example.org", username: "jojo", claim_token });
        links.push(await mailbox.nextLink());
      }
      const pages = await Promise.all(
        links.map(async (link) => {
          const browser = new Browser(network.url);
          return browser.submit(await browser.get(link), "/confirm");
        }),
      );
      assert.deepEqual(pages.map((page) => page.status).sort(), [200, 200, 403]);
      const loser = agents[pages.findIndex((page) => page.status === 403)];
      assert.equal((await loser?.client.agents.status())?.failed_step, "owner_limit");
    } finally {
      await network.close();
      await mailbox.close();
    }
  });

  it("send one recipient few mails an hour, whoever asks, and say how long to wait", async () => {
    const mailbox = await startMailbox();
    const network = await startTestServer({ claimMethods: ["email"], smtpUrl: mailbox.url, limits: true });
    try {
      const agent = await network.agent();
      const claim_token = agent.claimUrl.split("/").pop() ?? "";
      const ask = (email: string) => network.anonymous.owners.verifyEmail({ email, username: "jojo", claim_token });
      for (let i = 0; i < 5; i++) await ask("jo@example.org");
      const tooMany = await refusal(ask("JO@example.org"));
      assert.equal(tooMany.status, 429);
      assert.ok(Number(tooMany.body.retry_after_seconds) > 0);
      assert.equal(tooMany.headers.get("retry-after"), String(tooMany.body.retry_after_seconds));
      for (let i = 6; i < 10; i++) await ask(`other${i}@example.org`);
      assert.equal((await refusal(ask("last@example.org"))).status, 429);
    } finally {
      await network.close();
      await mailbox.close();
    }
  });

  it("keep a mail in a private file when there is no mail server, and its link works", async () => {
    const network = await startTestServer({ claimMethods: ["email"] });
    const shown: string[] = [];
    const { log } = console;
    console.log = (text: string) => void shown.push(text);
    try {
      const agent = await network.agent();
      const claim_token = agent.claimUrl.split("/").pop() ?? "";
      await network.anonymous.owners.verifyEmail({ email: "jo@example.org", username: "jojo", claim_token });
      const outbox = join(network.server.services.config.dataDir, "outbox");
      while (shown.length === 0) await agent.client.agents.status();
      const [file = ""] = readdirSync(outbox);
      assert.equal(statSync(join(outbox, file)).mode & 0o777, 0o600);
      const link = linkIn(readFileSync(join(outbox, file), "utf8"));
      assert.ok(shown.join().includes(link));
      assert.ok(!shown.join().includes("jo@example.org"));
      const browser = new Browser(network.url);
      const page = await browser.submit(await browser.get(link), "/confirm");
      assert.ok(page.html.includes(agent.name));
    } finally {
      console.log = log;
      await network.close();
    }
  });

  it("offer only what the operator configured", async () => {
    const network = await startTestServer({ claimMethods: ["operator"] });
    try {
      const agent = await network.agent();
      const claim_token = agent.claimUrl.split("/").pop() ?? "";
      const error = await refusal(
        network.anonymous.owners.verifyEmail({ email: "jo@example.org", username: "jojo", claim_token }),
      );
      assert.equal(error.code, "CLAIM_METHOD_NOT_OFFERED");
      assert.deepEqual(error.body.claim_methods, ["operator"]);
      const page = await new Browser(network.url).get(`/claim/${claim_token}`);
      assert.doesNotMatch(page.html, /verify-email/);
    } finally {
      await network.close();
    }
  });
});
