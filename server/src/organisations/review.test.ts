import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { createClient } from "@openmolt/sdk";
import canonicalize from "canonicalize";
import pg from "pg";
import { formsOf, type Page } from "../../test/browser.js";
import { newCertificate } from "../../test/certificates.js";
import { refusal, startTestServer, type TestServer } from "../../test/harness.js";
import { linkIn, type Mailbox, startMailbox } from "../../test/mailbox.js";
import { newPerson, type Person } from "../../test/people.js";
import { newSigningKey } from "../../test/signing.js";
import { createIdentityApp } from "../identity/write.js";
import { remindReviewers } from "./write/remind.js";

const DAY = 86_400_000;
const OWN = "/owner/review";
const DECIDE = "/owner/review/decide";
const SIGN = "/owner/review/sign";

interface Signed {
  review: { signed_at: string; signed_by: { name: string }; scope: object; rows: Record<string, string | null>[] };
  salt: string;
  digest: string;
}

describe("access reviews", () => {
  let mailbox: Mailbox;
  let network: TestServer;
  let database: pg.Client;
  before(async () => {
    mailbox = await startMailbox();
    network = await startTestServer({
      claimMethods: ["email"],
      smtpUrl: mailbox.url,
      reviewDays: 90,
      privateWebhooks: true,
    });
    database = new pg.Client(network.database.admin);
    await database.connect();
  });
  after(async () => {
    await database.end();
    await network.close();
    await mailbox.close();
  });

  const person = () => newPerson(network, mailbox);
  const rowsIn = (page: Page) => [
    ...new Set([...page.html.matchAll(/name="rows" value="([^"]+)"/g)].map(([, row = ""]) => row)),
  ];
  const decide = (by: Person, page: Page, decision: string, rows: string[]) => {
    const { csrf = "", organisation_id } = formsOf(page).find(({ action }) => action === DECIDE)?.fields ?? {};
    const scope: [string, string][] = organisation_id === undefined ? [] : [["organisation_id", organisation_id]];
    return by.browser.post(DECIDE, [["csrf", csrf], ...scope, ["decision", decision], ...pairs(rows)]);
  };
  const pairs = (rows: string[]) => rows.map((row): [string, string] => ["rows", row]);
  const confirmAll = async (by: Person, path = OWN) => {
    const page = await by.browser.get(path);
    return decide(by, page, "confirm", rowsIn(page));
  };
  const sign = async (by: Person, path = OWN) => by.browser.submit(await confirmAll(by, path), SIGN);
  const json = async (by: Person, path: string) => JSON.parse((await by.browser.get(path)).html);
  const newestRecord = async (by: Person, page: Page): Promise<Signed> => {
    const [, path = ""] = /href="(\/owner\/review\/records\/[^"?]+)\?format=json"/.exec(page.html) ?? [];
    return json(by, `${path}?format=json`);
  };
  const organisation = async (admin: Person, members: [Person, string][]) => {
    const page = await admin.browser.submit(await admin.browser.get("/owner/organisations"), "/owner/organisations", {
      name: "Reef Works",
    });
    for (const [member, role] of members) {
      const invited = await admin.browser.submit(page, "/owner/organisations/invite", { role });
      const [link = ""] = /\/owner\/organisations\/join\/\w+/.exec(invited.html) ?? [];
      await member.browser.submit(await member.browser.get(link), "/owner/organisations/join");
    }
    for (const owner of [admin, ...members.map(([member]) => member)]) {
      const seen = await owner.browser.get(page.path);
      await owner.browser.submit(seen, "/owner/organisations/agents/add", { agent_name: owner.agent.name });
    }
    return page.path;
  };

  it("list every agent and every key with the person who answers for it", async () => {
    const [jo, al] = [await person(), await person()];
    await al.agent.client.agents.rotateKey({ overlap_minutes: 60 });
    const path = `${await organisation(jo, [[al, "viewer"]])}/review`;
    const page = await jo.browser.get(path);
    assert.match(page.html, /Reviewed <strong>0 of 5<\/strong>/);
    for (const one of [jo, al]) {
      assert.ok(page.html.includes(`>${one.agent.name}</a>`) && page.html.includes(one.agent.key.slice(0, 13)));
      assert.ok(page.html.includes(`data-is="responsible">${one.username}<`));
    }
    assert.match((await jo.browser.get(OWN)).html, /0 of 0/, "what is shared is reviewed there");
  });

  it("show progress as rows are decided, one by one or many at once", async () => {
    const jo = await person();
    await jo.agent.client.agents.rotateKey({ overlap_minutes: 60 });
    const page = await jo.browser.get(OWN);
    const [first = "", ...rest] = rowsIn(page);
    const begun = await decide(jo, page, "confirm", [first]);
    assert.match(begun.html, /Reviewed <strong>1 of 3<\/strong>/);
    assert.match(begun.html, /One row is confirmed/);
    const all = await decide(jo, page, "confirm", rest);
    assert.match(all.html, /Reviewed <strong>3 of 3<\/strong>/);
    assert.equal((await decide(jo, page, "confirm", [])).status, 400);
    assert.equal((await decide(jo, page, "confirm", ["made-up"])).status, 400);
  });

  it("end a revoked key at once, and pause a revoked agent without any key, identity token or webhook", async () => {
    const jo = await person();
    await jo.agent.client.webhooks.create({ url: "http://127.0.0.1:9/hook" });
    const { api_key: second } = await jo.agent.client.agents.rotateKey({ overlap_minutes: 60 });
    const page = await jo.browser.get(OWN);
    const { rows } = (await json(jo, "/owner/review/list?format=json")) as { rows: Record<string, string>[] };
    const rowOf = (match: (row: Record<string, string>) => boolean) => {
      const found = rows.find(match);
      return `${found?.id}.${found?.fingerprint}`;
    };
    const revoked = await decide(jo, page, "revoke", [
      rowOf(({ name }) => name?.includes(second.slice(0, 13)) ?? false),
    ]);
    assert.match(revoked.html, /Reviewed <strong>1 of 3<\/strong>/);
    assert.equal((await refusal(network.clientFor(second).agents.me())).code, "KEY_REVOKED");
    await jo.agent.client.agents.me();
    await decide(jo, page, "revoke", [rowOf(({ kind }) => kind === "agent")]);
    assert.equal((await refusal(jo.agent.client.agents.me())).code, "KEY_REVOKED");
    const { rows: agents } = await database.query(
      `select paused_at is not null as paused, identity_series as series,
        (select bool_or(active) from webhooks w where w.agent_id = a.id) as webhook from agents a where id = $1`,
      [jo.agent.id],
    );
    assert.deepEqual(agents, [{ paused: true, series: 1, webhook: false }]);
    const acts = await database.query("select act from audit_log where target_id = $1 and act like 'review%'", [
      jo.agent.id,
    ]);
    assert.deepEqual(acts.rows, [{ act: "review.revoke" }, { act: "review.revoke" }]);
  });

  it("list signing keys and certificates, and end those that are revoked", async () => {
    const [jo, al] = [await person(), await person()];
    const certificate = newCertificate().cert;
    for (const one of [jo, al]) {
      const proof = await one.browser.get(`/owner/proof/${one.agent.id}`);
      await one.browser.submit(proof, "/owner/proof/keys", { public_key: newSigningKey().x });
      await one.browser.submit(proof, "/owner/proof/certificates", { certificate });
    }
    const page = await jo.browser.get(OWN);
    assert.match(page.html, /Reviewed <strong>0 of 4<\/strong>.*signing key.*certificate/s);
    await decide(jo, page, "revoke", rowsIn(page).slice(-2));
    const living = async ({ agent: { client } }: Person) => {
      const [{ signing_keys: keys }, { certificates }] = await Promise.all([
        client.proof.keys(),
        client.proof.certificates(),
      ]);
      return keys.filter(({ revoked_at: at }) => at === null).length + certificates.length;
    };
    assert.equal(await living(jo), 0);
    assert.equal(await living(al), 2, "the same certificate of another agent still counts");
  });

  it("list the apps outside that are told of an agent, and refuse those that are revoked", async () => {
    const [jo, rey] = [await person(), await person()];
    const path = `${await organisation(jo, [[rey, "reviewer"]])}/review`;
    const { app, vault } = network.server.services;
    const newApp = async (name: string) => {
      const { key } = await createIdentityApp(app, vault, name, network.clock.now(), { kind: "server", id: null });
      const headers = { "X-Moltbook-App-Key": key };
      return createClient({ baseUrl: network.url, headers }).identity;
    };
    const [chess, bank] = [await newApp("Chess"), await newApp("Bank")];
    const token = async () => (await jo.agent.client.identity.token({})).identity_token;
    for (const one of [chess, bank]) await one.verify({ token: await token() });
    const page = await rey.browser.get(path);
    assert.match(page.html, /Reviewed <strong>0 of 6<\/strong>/);
    assert.match(page.html, new RegExp(`app <code>Chess</code>, which is told of ${jo.agent.name}`));
    const of = `organisation_id=${path.split("/")[3]}`;
    const { rows } = await json(rey, `/owner/review/list?format=json&${of}`);
    const { id, fingerprint, agent, last_used_at } = rows.find(({ name }: { name: string }) => name === "Chess");
    assert.equal(agent, jo.agent.name);
    assert.ok(last_used_at !== null);
    const revoked = await decide(rey, page, "revoke", [`${id}.${fingerprint}`]);
    assert.match(revoked.html, /Reviewed <strong>1 of 6<\/strong>/);
    assert.equal((await refusal(chess.verify({ token: await token() }))).body.error, "consent_missing");
    await bank.verify({ token: await token() });
    assert.match((await rey.browser.get(`/owner/review/list?${of}`)).html, /^app,.*,Bank,/m);
  });

  it("refuse a decision about a row that has changed since it was seen, and ask again about it", async () => {
    const jo = await person();
    const page = await jo.browser.get(OWN);
    await decide(jo, page, "confirm", rowsIn(page));
    await jo.agent.client.agents.rotateKey({ overlap_minutes: 60 });
    const stale = await decide(jo, page, "confirm", rowsIn(page));
    assert.equal(stale.status, 409);
    assert.match((await jo.browser.get(OWN)).html, /Reviewed <strong>1 of 3<\/strong>/, "both keys are other rows now");
  });

  it("do not count the use of a key as a change", async () => {
    const jo = await person();
    const page = await jo.browser.get(OWN);
    network.clock.advance(60_000);
    await jo.agent.client.agents.me();
    await network.settle();
    assert.equal((await decide(jo, page, "confirm", rowsIn(page))).status, 200);
  });

  it("are signed when everything was decided, exactly as it was seen", async () => {
    const jo = await person();
    assert.ok(!formsOf(await jo.browser.get(OWN)).some(({ action }) => action === SIGN));
    const ready = await confirmAll(jo);
    const fields = formsOf(ready).find(({ action }) => action === SIGN)?.fields ?? {};
    assert.equal((await jo.browser.post(SIGN, { ...fields, state: "another" })).status, 409);
    await jo.agent.client.agents.rotateKey({ overlap_minutes: 60 });
    assert.equal((await jo.browser.post(SIGN, fields)).status, 409, "a key has come since");
    const signed = await sign(jo);
    assert.match(signed.html, /The review is signed/);
    assert.match(signed.html, /Nothing has changed since/);
    assert.match(signed.html, /Reviewed <strong>0 of 3<\/strong>/, "the next one has begun");
  });

  it("are signed once when two sign at the same moment", async () => {
    const jo = await person();
    const fields = formsOf(await confirmAll(jo)).find(({ action }) => action === SIGN)?.fields ?? {};
    const answers = await Promise.all([jo.browser.post(SIGN, fields), jo.browser.post(SIGN, fields)]);
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409]);
  });

  it("keep who signed what and when, under a digest that anybody can compute again", async () => {
    const [jo, rey] = [await person(), await person()];
    const path = `${await organisation(jo, [[rey, "reviewer"]])}/review`;
    const page = await rey.browser.get(path);
    const key = rowsIn(page).at(-1) ?? "";
    await decide(rey, page, "revoke", [key]);
    const { review, salt, digest } = await newestRecord(jo, await sign(rey, path));
    assert.equal(review.signed_by.name, rey.username);
    assert.equal(review.rows.length, 4);
    assert.equal(review.rows.filter(({ decision }) => decision === "revoke").length, 1);
    assert.ok(review.rows.every(({ decided_by }) => decided_by === rey.username));
    const again = createHash("sha256")
      .update(Buffer.from(salt, "hex"))
      .update(canonicalize(review) ?? "")
      .digest("hex");
    assert.equal(digest, again);
    const { rows } = await database.query(
      "select facts from audit_log where act = 'review.sign' order by at desc limit 1",
    );
    assert.equal(rows[0]?.facts.digest, digest);
  });

  it("tell what has changed since the last was signed", async () => {
    const jo = await person();
    await sign(jo);
    await jo.agent.client.agents.rotateKey({ overlap_minutes: 60 });
    assert.match((await jo.browser.get(OWN)).html, /Since then: 1 new, 1 changed/);
  });

  it("stay as they were signed: nobody changes or deletes one, and a change behind our back is shown", async () => {
    const jo = await person();
    await sign(jo);
    const app = new pg.Client(network.database.app);
    await app.connect();
    const { rows } = await database.query("select owner_id from agents where id = $1", [jo.agent.id]);
    const asOwner = async (text: string) => {
      await app.query(`begin; set local app.actor = '${rows[0]?.owner_id}'`);
      const count = await app.query(text).then(
        (result) => result.rowCount,
        (error: { code: string }) => error.code,
      );
      await app.query("rollback");
      return count;
    };
    assert.equal(await asOwner("select id from access_reviews"), 1);
    assert.equal(await asOwner("update access_reviews set content = '{}'"), "42501");
    assert.equal(await asOwner("delete from access_reviews"), 0);
    await app.end();
    await database.query(
      "update access_reviews set content = jsonb_set(content, '{signed_by,name}', '\"somebody\"') where signed_by = $1",
      [rows[0]?.owner_id],
    );
    assert.match((await jo.browser.get(OWN)).html, /NOT as it was signed/);
  });

  it("are saved as a table for spreadsheets, and as JSON", async () => {
    const jo = await person();
    const csv = await jo.browser.get("/owner/review/list");
    assert.equal(csv.headers.get("content-type"), "text/csv; charset=utf-8");
    assert.match(csv.headers.get("content-disposition") ?? "", /^attachment; filename="access-review-[\d-]+\.csv"$/);
    const [head, ...lines] = csv.html.trimEnd().split("\r\n");
    assert.match(head ?? "", /^\ufeff?kind,id,agent,agent_id,responsible,name,scopes,networks/);
    assert.equal(lines.length, 2);
    assert.match(lines[1] ?? "", /^key,.*,read post vote dm moderate account,,/);
  });

  it("show files of other people to nobody", async () => {
    const [jo, eve] = [await person(), await person()];
    const path = await organisation(jo, []);
    const signed = await sign(jo, `${path}/review`);
    const [, record = ""] = /href="(\/owner\/review\/records\/[^"?]+)/.exec(signed.html) ?? [];
    const id = path.split("/").pop();
    for (const address of [record, `${path}/review`, `/owner/review/list?organisation_id=${id}`]) {
      assert.equal((await jo.browser.get(address)).status, 200, address);
      assert.equal((await eve.browser.get(address)).status, 404, address);
    }
  });

  it("go with the account of the last member, as the organisation does", async () => {
    const jo = await person();
    await sign(jo);
    const path = await organisation(jo, []);
    await sign(jo, `${path}/review`);
    const scopes = [
      path.split("/").pop(),
      (await database.query("select owner_id from agents where id = $1", [jo.agent.id])).rows[0]?.owner_id,
    ];
    const kept = async () =>
      (await database.query("select id from access_reviews where scope_id = any($1)", [scopes])).rows.length;
    assert.equal(await kept(), 2);
    const fields = { username: jo.username, agents: "release" };
    const closed = await jo.browser.submit(await jo.browser.get("/owner"), "/owner/close", fields);
    assert.equal(closed.path, "/login");
    assert.equal(await kept(), 0);
  });

  it("are due after the operator's period: told on the owner's page, and by mail to who can sign", async () => {
    const [jo, rey, vi] = [await person(), await person(), await person()];
    const path = await organisation(jo, [
      [rey, "reviewer"],
      [vi, "viewer"],
    ]);
    await sign(jo, `${path}/review`);
    await remindReviewers(network.server.services);
    network.clock.advance(91 * DAY);
    const browser = (await signedInAgain(jo)).browser;
    assert.match((await browser.get("/owner")).html, new RegExp(`An access review is due.*href="${path}/review"`, "s"));
    assert.match((await browser.get(`${path}/review`)).html, /It is due/);
    await remindReviewers(network.server.services);
    const told = [await mailbox.next(), await mailbox.next()];
    // Organisations of other tests are due as well.
    while (told.filter(({ text }) => text.includes(`${path}/review`)).length < 2) told.push(await mailbox.next());
    const mine = told.filter(({ text }) => text.includes(`${path}/review`)).map(({ to }) => to);
    assert.deepEqual(mine.sort(), [jo.email, rey.email].sort());
    const reminded = async () =>
      (await database.query("select scope_id, reminded_at from access_review_reminders order by 1")).rows;
    const before = await reminded();
    await remindReviewers(network.server.services);
    assert.deepEqual(await reminded(), before, "nobody is reminded again the next day");
  });

  it("are due for the first time by the making of an organisation, whether or not anybody ever signed one", async () => {
    const jo = await person();
    const path = await organisation(jo, []);
    const told = () => mailbox.mails.some(({ to, text }) => to === jo.email && text.includes(`${path}/review`));
    network.clock.advance(89 * DAY);
    await remindReviewers(network.server.services);
    await signedInAgain(jo);
    assert.doesNotMatch((await jo.browser.get("/owner")).html, /An access review is due:/);
    assert.ok(!told());
    network.clock.advance(2 * DAY);
    assert.match(
      (await jo.browser.get("/owner")).html,
      new RegExp(`An access review is due.*href="${path}/review"`, "s"),
    );
    await remindReviewers(network.server.services);
    while (!told()) await mailbox.next();
  });

  async function signedInAgain(one: Person): Promise<Person> {
    one.browser.cookies.clear();
    await one.browser.submit(await one.browser.get("/login"), "/login", { email: one.email });
    let mail = await mailbox.next();
    while (!/\/confirm\//.test(mail.text)) mail = await mailbox.next();
    await one.browser.submit(await one.browser.get(linkIn(mail.text)), "/confirm");
    return one;
  }
});
