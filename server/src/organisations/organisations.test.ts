import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { formsOf, type Page } from "../../test/browser.js";
import { refusal, startTestServer, type TestServer } from "../../test/harness.js";
import { type Mailbox, startMailbox } from "../../test/mailbox.js";
import { newPerson, type Person } from "../../test/people.js";

const DAY = 86_400_000;
const FOUND = "/owner/organisations";
const INVITE = "/owner/organisations/invite";
const JOIN = "/owner/organisations/join";
const ROLE = "/owner/organisations/role";
const REMOVE = "/owner/organisations/remove";
const LEAVE = "/owner/organisations/leave";
const DISSOLVE = "/owner/organisations/dissolve";
const SHARE = "/owner/organisations/agents/add";
const UNSHARE = "/owner/organisations/agents/remove";

describe("organisations", () => {
  let mailbox: Mailbox;
  let network: TestServer;
  let database: pg.Client;
  before(async () => {
    mailbox = await startMailbox();
    network = await startTestServer({ claimMethods: ["email"], smtpUrl: mailbox.url });
    database = new pg.Client(network.database.admin);
    await database.connect();
  });
  after(async () => {
    await database.end();
    await network.close();
    await mailbox.close();
  });

  const person = () => newPerson(network, mailbox);
  const found = async (founder: Person, name = "Reef Works") => {
    const page = await founder.browser.submit(await founder.browser.get(FOUND), FOUND, { name });
    assert.equal(page.status, 200, page.html);
    return page;
  };
  const linkIn = (text: string) => {
    const link = /\/owner\/organisations\/join\/moltjoin_\w+/.exec(text)?.[0];
    assert.ok(link, "there is no invitation in it");
    return link;
  };
  const invited = async (admin: Person, page: Page, role: string) =>
    linkIn((await admin.browser.submit(page, INVITE, { role })).html);
  /** Makes a person a member and opens the organisation as that person sees it. */
  const join = async (admin: Person, page: Page, member: Person, role: string) => {
    const link = await invited(admin, page, role);
    const joined = await member.browser.submit(await member.browser.get(link), JOIN);
    assert.equal(joined.path, page.path);
    return joined;
  };
  const share = async (owner: Person, page: Page) => {
    const shared = await owner.browser.submit(page, SHARE, { agent_name: owner.agent.name });
    assert.equal(shared.status, 200, shared.html);
    return shared;
  };
  const memberForm = (page: Page, action: string, username: string) => {
    const row = page.html.split("<tr>").find((part) => part.startsWith(`<td>${username}</td>`)) ?? "";
    const form = formsOf({ ...page, html: row }).find((candidate) => candidate.action === action);
    assert.ok(form, `${username} has no form for ${action}`);
    return form.fields;
  };
  const pageOf = ({ agent }: Person) => `/owner/agents/${agent.name}`;
  const replaceKeys = async (by: Person, of: Person) => {
    const form = formsOf(await by.browser.get("/owner")).find(({ action }) => action === "/logout");
    return by.browser.post("/owner/keys/replace", { csrf: form?.fields.csrf ?? "", agent_id: of.agent.id });
  };

  it("are founded by an owner, who is their first admin", async () => {
    const jo = await person();
    const page = await found(jo, "Reef & Sons");
    assert.match(page.path, /^\/owner\/organisations\/[0-9a-f-]{36}$/);
    assert.match(page.html, /Reef &amp; Sons/);
    assert.match(page.html, /You are admin here/);
    assert.match((await jo.browser.get(FOUND)).html, new RegExp(`href="${page.path}"`));
  });

  it("have names that no mail shows as a link and that can be seen", async () => {
    const jo = await person();
    for (const name of ["see evil.example", "https://evil.example", "  ", "\u200b\u200b", "a\u202eb"]) {
      const page = await jo.browser.submit(await jo.browser.get(FOUND), FOUND, { name });
      assert.equal(page.status, 400, name);
    }
  });

  it("are seen by their members only", async () => {
    const [jo, al] = [await person(), await person()];
    const page = await found(jo, "Closed Shop");
    assert.equal((await al.browser.get(page.path)).status, 404);
    assert.ok(!(await al.browser.get(FOUND)).html.includes("Closed Shop"));
  });

  it("invite by a link that works once, for a week, for whoever is signed in", async () => {
    const [jo, al, eve] = [await person(), await person(), await person()];
    const page = await found(jo);
    const link = await invited(jo, page, "reviewer");
    const offer = await al.browser.get(link);
    assert.match(offer.html, new RegExp(`${jo.username}</strong> invites you as reviewer`));
    assert.match((await al.browser.submit(offer, JOIN)).html, /You are reviewer here/);
    assert.equal((await eve.browser.get(link)).status, 410);
    const token = link.split("/").pop() ?? "";
    const csrf = formsOf(eve.home)[0]?.fields.csrf ?? "";
    assert.equal((await eve.browser.post(JOIN, { token, csrf })).status, 410);
    const late = await invited(jo, page, "viewer");
    network.clock.advance(7 * DAY);
    assert.equal((await (await person()).browser.get(late)).status, 410);
  });

  it("lead who is not signed in to the sign-in and back to the invitation", async () => {
    const [jo, al] = [await person(), await person()];
    const link = await invited(jo, await found(jo), "viewer");
    al.browser.cookies.clear();
    const offer = await al.browser.get(link);
    assert.match(offer.html, new RegExp(`${jo.username}</strong> invites you.*Sign in first`, "s"));
    assert.ok(offer.html.includes(`href="/login?back=${link}"`));
    await al.browser.submit(await al.browser.get(`/login?back=${link}`), "/login", { email: al.email });
    const back = await al.browser.submit(await al.browser.get(await mailbox.nextLink()), "/confirm");
    assert.equal(back.path, link);
    assert.match((await al.browser.submit(back, JOIN)).html, /You are viewer here/);
  });

  it("ask for a fresh sign-in before power in them changes", async () => {
    const [jo, al] = [await person(), await person()];
    const page = await found(jo);
    await join(jo, page, al, "viewer");
    const present = await jo.browser.get(page.path);
    network.clock.advance(16 * 60_000);
    const attempts: [string, Record<string, string>][] = [
      [INVITE, { ...formsOf(present).find(({ action }) => action === INVITE)?.fields, role: "admin" }],
      [ROLE, { ...memberForm(present, ROLE, al.username), role: "admin" }],
      [REMOVE, memberForm(present, REMOVE, al.username)],
    ];
    for (const [path, fields] of attempts) {
      const refused = await jo.browser.post(path, fields);
      assert.equal(refused.status, 401, path);
      assert.ok(refused.html.includes(`/login?back=${page.path}`));
    }
    assert.match((await al.browser.get(page.path)).html, /You are viewer here/);
  });

  it("mail an invitation to whoever it names, and say the same whether or not the address is known", async () => {
    const [jo, al] = [await person(), await person()];
    const page = await found(jo, "Mail Order");
    const known = await jo.browser.submit(page, INVITE, { role: "viewer", email: al.email });
    const mail = await mailbox.next();
    const unknown = await jo.browser.submit(page, INVITE, { role: "viewer", email: "nobody@example.org" });
    const other = await mailbox.next();
    assert.equal(mail.to, al.email);
    assert.equal(other.to, "nobody@example.org");
    const noticeOf = ({ html }: Page) => /role="status">.*?<\/section>/s.exec(html)?.[0];
    assert.equal(noticeOf(known), noticeOf(unknown));
    assert.doesNotMatch(known.html, /moltjoin_/);
    assert.match(mail.text, /invites you to join "Mail Order"/);
    const joined = await al.browser.submit(await al.browser.get(linkIn(mail.text)), JOIN);
    assert.match(joined.html, /You are viewer here/);
  });

  it("keep neither the links nor the addresses of invitations in clear", async () => {
    const jo = await person();
    const page = await found(jo);
    const link = await invited(jo, page, "viewer");
    await jo.browser.submit(page, INVITE, { role: "viewer", email: "quiet.person@example.org" });
    await mailbox.next();
    const { rows } = await database.query("select t::text as line from organisation_invitations t");
    const rest = rows.map(({ line }) => line).join();
    assert.ok(rows.length > 0 && !rest.includes(link.slice(-43)) && !rest.includes("quiet.person"));
    assert.ok(!rest.includes(Buffer.from("quiet.person").toString("hex")));
  });

  it("end the open invitations of an admin who goes or is one no more, and those that are withdrawn", async () => {
    const [jo, al, eve] = [await person(), await person(), await person()];
    const page = await found(jo);
    const alPage = await join(jo, page, al, "admin");
    const first = await invited(al, alPage, "admin");
    await jo.browser.post(ROLE, { ...memberForm(await jo.browser.get(page.path), ROLE, al.username), role: "viewer" });
    assert.equal((await eve.browser.get(first)).status, 410);
    const second = await invited(jo, page, "admin");
    const withdrawn = await jo.browser.submit(await jo.browser.get(page.path), "/owner/organisations/withdraw");
    assert.match(withdrawn.html, /The invitation has ended/);
    assert.equal((await eve.browser.get(second)).status, 410);
  });

  it("let admins replace and revoke the keys of every shared agent, and no other member", async () => {
    const [jo, al, rey, vi] = [await person(), await person(), await person(), await person()];
    const page = await found(jo);
    await share(al, await join(jo, page, al, "viewer"));
    await join(jo, page, rey, "reviewer");
    await join(jo, page, vi, "viewer");
    for (const member of [rey, vi]) assert.equal((await replaceKeys(member, al)).status, 404);
    await al.agent.client.agents.me();
    for (const member of [rey, vi]) assert.equal((await member.browser.get(pageOf(al))).status, 404);
    assert.ok((await jo.browser.get(page.path)).html.includes(`href="${pageOf(al)}"`));
    const paused = await jo.browser.submit(await jo.browser.get(pageOf(al)), "/owner/agents/pause");
    assert.match(paused.html, /is paused/);
    const replaced = await replaceKeys(jo, al);
    const key = /moltbook_[A-Za-z0-9]{49}/.exec(replaced.html)?.[0] ?? "";
    assert.equal((await network.clientFor(key).agents.me()).agent.name, al.agent.name);
    assert.equal((await refusal(al.agent.client.agents.me())).code, "KEY_REVOKED");
    assert.equal((await replaceKeys(al, jo)).status, 404, "sharing gives no power over agents that are not shared");
  });

  it("show every member what was done with a shared agent's keys, and nothing else of its owner's ledger", async () => {
    const [jo, al, vi] = [await person(), await person(), await person()];
    const page = await found(jo);
    await share(al, await join(jo, page, al, "viewer"));
    await join(jo, page, vi, "viewer");
    await al.agent.client.agents.me();
    await al.browser.submit(await al.browser.get("/owner"), "/owner/name", { username: `${al.username}_x` });
    await network.server.services.ledger.flush();
    const path = `/owner/activity.json?of=${al.agent.id}`;
    assert.ok((await vi.browser.get(page.path)).html.includes(`href="/owner/activity?of=${al.agent.id}"`));
    assert.match((await vi.browser.get(`/owner/activity?of=${al.agent.id}`)).html, /agents\/me/);
    const { entries } = JSON.parse((await vi.browser.get(path)).html) as {
      entries: { agent?: string; target?: { id: string }; route?: string }[];
    };
    assert.ok(entries.some(({ route }) => route === "/api/v1/agents/me"));
    assert.ok(entries.every(({ agent, target }) => agent === al.agent.id || target?.id === al.agent.id));
    assert.equal((await vi.browser.get(`/owner/activity.json?of=${jo.agent.id}`)).status, 404, "it is not shared");
    await vi.browser.submit(await vi.browser.get(page.path), LEAVE);
    assert.equal((await vi.browser.get(path)).status, 404);
  });

  it("take an agent out again for its owner or an admin, and end the admins' power over it", async () => {
    const [jo, al, vi] = [await person(), await person(), await person()];
    const page = await found(jo);
    const shared = await share(al, await join(jo, page, al, "viewer"));
    const viPage = await join(jo, page, vi, "viewer");
    const [form] = formsOf(await jo.browser.get(page.path)).filter(({ action }) => action === UNSHARE);
    const csrf = formsOf(viPage)[0]?.fields.csrf ?? "";
    assert.equal((await vi.browser.post(UNSHARE, { ...form?.fields, csrf })).status, 403);
    assert.equal((await al.browser.submit(shared, UNSHARE)).status, 200);
    assert.equal((await replaceKeys(jo, al)).status, 404);
    await share(al, shared);
    assert.equal((await jo.browser.submit(await jo.browser.get(page.path), UNSHARE)).status, 200);
    await al.agent.client.agents.me();
  });

  it("share an agent with one organisation at a time", async () => {
    const jo = await person();
    const [one, two] = [await found(jo, "One"), await found(jo, "Two")];
    await share(jo, one);
    assert.equal((await jo.browser.submit(two, SHARE, { agent_name: jo.agent.name })).status, 409);
  });

  it("let a member leave or be removed with the agents the member brought, and end every power of it at once", async () => {
    const [jo, al, eve] = [await person(), await person(), await person()];
    const page = await found(jo);
    await share(jo, page);
    await share(al, await join(jo, page, al, "admin"));
    await share(eve, await join(jo, page, eve, "viewer"));
    await jo.browser.post(REMOVE, memberForm(await jo.browser.get(page.path), REMOVE, al.username));
    assert.equal((await al.browser.get(page.path)).status, 404);
    assert.equal((await replaceKeys(al, jo)).status, 404);
    assert.equal((await replaceKeys(jo, al)).status, 404);
    const left = await eve.browser.submit(await eve.browser.get(page.path), LEAVE);
    assert.match(left.html, /You have left/);
    const rest = await jo.browser.get(page.path);
    for (const gone of [al, eve]) assert.ok(!rest.html.includes(gone.username) && !rest.html.includes(gone.agent.name));
  });

  it("keep an admin: the last one neither leaves nor steps down", async () => {
    const [jo, al] = [await person(), await person()];
    const page = await found(jo);
    await join(jo, page, al, "reviewer");
    const present = await jo.browser.get(page.path);
    assert.equal((await jo.browser.submit(present, LEAVE)).status, 409);
    const { organisation_id = "", csrf = "" } = formsOf(present).find(({ action }) => action === LEAVE)?.fields ?? {};
    const { owner_id = "" } = memberForm(present, ROLE, al.username);
    const members = await database.query("select owner_id from organisation_members where organisation_id = $1", [
      organisation_id,
    ]);
    const mine = members.rows.find((row) => row.owner_id !== owner_id)?.owner_id;
    for (const [path, extra] of [
      [ROLE, { role: "viewer" }],
      [REMOVE, {}],
    ] as const) {
      assert.equal((await jo.browser.post(path, { organisation_id, csrf, owner_id: mine, ...extra })).status, 409);
    }
    await jo.browser.post(ROLE, { ...memberForm(present, ROLE, al.username), role: "admin" });
    assert.equal((await jo.browser.submit(present, LEAVE)).path, "/owner/organisations");
    assert.match((await al.browser.get(page.path)).html, /You are admin here/);
  });

  it("lose no admin when two of them remove each other at the same moment", async () => {
    const [jo, al] = [await person(), await person()];
    const page = await found(jo);
    await join(jo, page, al, "admin");
    const forms = await Promise.all([
      jo.browser.get(page.path).then((seen) => memberForm(seen, REMOVE, al.username)),
      al.browser.get(page.path).then((seen) => memberForm(seen, REMOVE, jo.username)),
    ]);
    const [first, second] = await Promise.all([
      jo.browser.post(REMOVE, forms[0] ?? {}),
      al.browser.post(REMOVE, forms[1] ?? {}),
    ]);
    assert.equal([first, second].filter(({ html }) => /is no member any more/.test(html)).length, 1);
    const rest = await Promise.all([jo, al].map(({ browser }) => browser.get(page.path)));
    assert.deepEqual(rest.map(({ status }) => status).sort(), [200, 404]);
  });

  it("are dissolved by a last admin who is alone, whose agents stay", async () => {
    const [jo, al] = [await person(), await person()];
    const page = await share(jo, await found(jo));
    const alone = formsOf(page).find(({ action }) => action === DISSOLVE)?.fields ?? {};
    await join(jo, page, al, "viewer");
    assert.equal((await jo.browser.post(DISSOLVE, alone)).status, 409);
    await al.browser.submit(await al.browser.get(page.path), LEAVE);
    assert.equal((await jo.browser.post(DISSOLVE, alone)).path, "/owner/organisations");
    assert.equal((await jo.browser.get(page.path)).status, 404);
    assert.ok((await jo.browser.get("/owner")).html.includes(jo.agent.name));
  });

  it("let a shared agent delete itself", async () => {
    const jo = await person();
    const page = await share(jo, await found(jo));
    await jo.agent.client.agents.remove();
    assert.ok(!(await jo.browser.get(page.path)).html.includes(jo.agent.name));
  });

  it("leave a record of every act", async () => {
    const [jo, al] = [await person(), await person()];
    const page = await share(jo, await found(jo));
    await join(jo, page, al, "viewer");
    await jo.browser.post(ROLE, {
      ...memberForm(await jo.browser.get(page.path), ROLE, al.username),
      role: "reviewer",
    });
    await jo.browser.post(REMOVE, memberForm(await jo.browser.get(page.path), REMOVE, al.username));
    await jo.browser.submit(await jo.browser.get(page.path), UNSHARE);
    await jo.browser.submit(await jo.browser.get(page.path), DISSOLVE);
    const id = page.path.split("/").pop();
    const { rows } = await database.query(
      "select act from audit_log where target_id = $1 or facts ->> 'organisation' = $2 order by id",
      [id, id],
    );
    const acts = "found add_agent invite join set_role remove_member remove_agent dissolve".split(" ");
    assert.deepEqual(
      rows.map(({ act }) => act),
      acts.map((act) => `organisation.${act}`),
    );
  });
});
