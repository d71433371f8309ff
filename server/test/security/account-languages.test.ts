/** Every account page and what its forms answer, in French: no English sentence is left on any of them. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { allEndpoints } from "@openmolt/contract/api";
import { accountPages } from "../../src/web/account/pages.js";
import { Browser, type Page } from "../browser.js";
import { startTestServer, type TestAgent, type TestServer } from "../harness.js";
import { type Mailbox, startMailbox } from "../mailbox.js";

/** Words that hardly an English sentence does without, and that mean nothing in French. */
const ENGLISH =
  /(?<![\p{L}\d_.@/-])(the|this|that|these|is|are|was|were|has|have|been|you|your|it|its|and|with|of|from|until|by|not|nobody|never|last|since|today|what|who|for|may|must|only|every|sign|save|remove|revoke|agents that|made|used|seen)(?![\p{L}\d_@/-])/iu;

/** Forms that no walk without a browser's own keys, another site or a domain can send. */
const ELSEWHERE = new Set([
  "/login/passkey",
  "/owner/passkeys",
  "/owner/passkeys/name",
  "/owner/passkeys/remove",
  "/operator/passkeys",
  "/operator/passkeys/name",
  "/operator/passkeys/remove",
  "/owner/provider/unlink",
  "/owner/proof/certificates/revoke",
  "/claim/check",
]);

const visited = new Set<string>();
const sent = new Set<string>();

/** What a person reads of a page: its text and the attributes that are shown or read out, without what others wrote. */
function wordsOf({ html }: Page): string[] {
  const ours = html
    .replace(/<(code|strong|script)\b[^>]*>.*?<\/\1>/gs, " ")
    .replace(/<p class="quote".*?<\/p>/gs, " ")
    .replace(/<button class="plain" name="lang".*?<\/button>/gs, " ");
  const shown = [...ours.matchAll(/\s(?:aria-label|title|placeholder|data-(?!passkey|options)[a-z]+)="([^"]*)"/g)];
  return [...shown.map(([, value = ""]) => value), ...ours.split(/<[^>]*>/)].map((text) => text.trim());
}

/** Somebody whose browser wants French. */
class French extends Browser {
  constructor(origin: string) {
    super(origin);
    this.headers["accept-language"] = "fr-FR,fr;q=0.9,en;q=0.5";
  }

  override async get(path: string): Promise<Page> {
    return this.#looked(await super.get(path));
  }

  override async post(path: string, fields: Record<string, string> | [string, string][]): Promise<Page> {
    sent.add(path);
    return this.#looked(await super.post(path, fields));
  }

  #looked(page: Page): Page {
    visited.add(page.path.split("?")[0] ?? "");
    assert.match(page.html, /<html lang="fr"/, page.path);
    for (const text of wordsOf(page)) assert.doesNotMatch(text, ENGLISH, `${page.path} (${page.status}): ${text}`);
    return page;
  }
}

describe("the account pages in French", () => {
  let mailbox: Mailbox;
  let network: TestServer;
  let ada: French;
  let bob: French;
  let operator: French;
  let coral: TestAgent;
  const ok = (page: Page) => assert.equal(page.status, 200, `${page.path}: ${page.html}`);
  const claimPath = ({ claimUrl }: TestAgent) => new URL(claimUrl).pathname;
  /** Sends a form of a page that must answer with a page. */
  const act = async (browser: French, path: string, action: string, fields: Record<string, string> = {}, nth = 0) => {
    const page = await browser.submit(await browser.get(path), action, fields, nth);
    ok(page);
    return page;
  };
  const owner = async (username: string) => {
    const agent = await network.agent(`${username}_molt`);
    const browser = new French(network.url);
    ok(
      await browser.submit(await browser.get(claimPath(agent)), "/api/v1/agents/verify-email", {
        email: `${username}@example.org`,
        username,
      }),
    );
    const link = await mailbox.nextLink();
    ok(await browser.submit(await browser.get(link), "/confirm"));
    assert.equal((await browser.get(link)).status, 410);
    return { agent, browser };
  };

  before(async () => {
    mailbox = await startMailbox();
    network = await startTestServer({ claimMethods: ["email", "operator", "dns", "web"], smtpUrl: mailbox.url });
    ({ agent: coral, browser: ada } = await owner("ada"));
    ({ browser: bob } = await owner("bob"));
    operator = new French(network.url);
    await operator.submit(await operator.get(new URL(await network.server.operatorLink()).pathname), "/confirm");
  });
  after(async () => {
    await network.close();
    await mailbox.close();
  });

  it("speak French to visitors, also when something is wrong", async () => {
    const visitor = new French(network.url);
    for (const path of ["/login", "/sent"]) ok(await visitor.get(path));
    for (const [path, status] of [
      ["/owner", 401],
      ["/operator", 401],
      ["/claim/none", 404],
      ["/confirm/none", 410],
      ["/owner/organisations/join/none", 410],
      ["/nothing/here", 404],
    ] as const)
      assert.equal((await visitor.get(path)).status, status, path);
    ok(await visitor.get(claimPath(coral)));
    ok(await visitor.submit(await visitor.get("/login"), "/login", { email: "nobody@example.org" }));
    assert.equal((await visitor.post("/login", { email: "no address" })).status, 400);
    assert.equal((await visitor.post("/owner/agents/pause", { agent_id: coral.id, csrf: "x" })).status, 401);
  });

  it("speak French of claims", async () => {
    const wanted = await network.agent("Wanted");
    const visitor = new French(network.url);
    ok(await visitor.get(`${claimPath(wanted)}/place?method=web&place=example.org`));
    ok(await visitor.get(`${claimPath(wanted)}/place?method=dns&place=example.org`));
    await act(visitor, claimPath(wanted), "/claim/request", { username: "grace" });
    await act(operator, "/operator", "/operator/claims", { decision: "approve" });
    const second = await network.agent("Second");
    await act(ada, claimPath(second), "/claim/own");
    const third = await network.agent("Third");
    await act(visitor, claimPath(third), "/claim/request", { username: "grace2" });
    await act(operator, "/operator", "/operator/claims", { decision: "refuse" });
    assert.equal((await ada.post("/claim/own", { csrf: await csrfOf(ada), claim_token: "none" })).status, 404);
  });

  it("speak French of the account, its sessions and passkeys", async () => {
    await act(ada, "/owner", "/owner/name", { username: "ada_l", show_name: "on" });
    await act(ada, "/owner", "/owner/mails", { review: "on" });
    for (const path of ["/owner/passkeys", "/operator/passkeys"])
      ok(await (path.startsWith("/owner") ? ada : operator).get(path));
    const elsewhere = async () => {
      const other = new French(network.url);
      await other.submit(await other.get("/login"), "/login", { email: "ada@example.org" });
      await other.submit(await other.get(await mailbox.nextLink()), "/confirm");
    };
    await elsewhere();
    await elsewhere();
    await act(ada, "/owner/sessions", "/owner/sessions/end", {}, 1);
    await act(ada, "/owner/sessions", "/owner/sessions/end-others");
    const csrf = await csrfOf(ada);
    assert.equal((await ada.post("/owner/address", { csrf, email: "ada2@example.org" })).status, 409);
    assert.equal((await ada.post("/owner/close", { csrf, agents: "release", username: "wrong" })).status, 409);
  });

  it("speak French of an agent, its keys and limits", async () => {
    const page = `/owner/agents/${coral.name}`;
    await act(ada, page, "/owner/keys", { name: "lecteur", read: "on", vote: "on", networks: "203.0.113.0/24" });
    await act(ada, page, "/owner/keys/revoke");
    await act(ada, page, "/owner/keys/replace");
    await act(ada, page, "/owner/agents/pause");
    await act(ada, page, "/owner/agents/resume");
    await act(ada, page, "/owner/agents/limits", { quiet_from: "22:00", quiet_until: "06:00", posts: "5" });
    await act(ada, page, "/owner/agents/offer", { to: "bob" });
    await act(bob, "/owner", "/owner/agents/decline");
    await act(ada, page, "/owner/agents/offer", { to: "bob" });
    await act(ada, page, "/owner/agents/withdraw");
    const csrf = await csrfOf(ada);
    const wrong = { csrf, agent_id: coral.id };
    assert.equal((await ada.post("/owner/keys", { ...wrong, name: "x", expires_in_days: "9" })).status, 400);
    assert.equal((await ada.post("/owner/agents/limits", { ...wrong, quiet_from: "22:00" })).status, 400);
    assert.equal((await ada.post("/owner/agents/delete", { ...wrong, name: "other" })).status, 409);
    await act(ada, page, "/owner/agents/kill");
    ok(await ada.get("/owner"));
  });

  it("speak French of proofs and apps", async () => {
    const page = `/owner/proof/${coral.id}`;
    const public_key = JSON.stringify({ kty: "OKP", crv: "Ed25519", x: "JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs" });
    await act(ada, page, "/owner/proof/keys", { public_key });
    assert.equal((await ada.post("/owner/proof/keys", { ...(await ids()), public_key })).status, 409);
    await act(ada, page, "/owner/proof/require", { require: "none" });
    await act(ada, page, "/owner/proof/keys/revoke");
    assert.equal((await ada.post("/owner/proof/require", { ...(await ids()), require: "signature" })).status, 409);
    assert.equal((await ada.post("/owner/proof/certificates", { ...(await ids()), certificate: "x" })).status, 400);
    const known = await network.agent("Known");
    await act(ada, claimPath(known), "/claim/own");
    const made = await act(operator, "/operator", "/operator/identity-apps", { name: "Chess" });
    const app_key = /moltdev_\w+/.exec(made.html)?.[0] ?? "";
    const { identity_token } = await known.client.identity.token({});
    await fetch(`${network.url}/api/v1/agents/verify-identity`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-moltbook-app-key": app_key },
      body: JSON.stringify({ token: identity_token }),
    });
    const apps = `/owner/apps/${known.id}`;
    await act(ada, apps, "/owner/apps/decide", { decision: "refused" });
    await act(ada, apps, "/owner/apps/consent", { consent: "ask" });
    await act(ada, apps, "/owner/apps/end-tokens");
    await act(operator, "/operator", "/operator/identity-apps/revoke");
    ok(await ada.get(apps));

    async function ids() {
      return { csrf: await csrfOf(ada), agent_id: coral.id };
    }
  });

  it("speak French of organisations and reviews", async () => {
    const { path } = await act(ada, "/owner/organisations", "/owner/organisations", { name: "Phare" });
    await act(ada, path, "/owner/organisations/agents/add", { agent_name: coral.name });
    await act(ada, path, "/owner/organisations/agents/remove");
    await act(ada, path, "/owner/organisations/agents/add", { agent_name: coral.name });
    await act(ada, path, "/owner/organisations/invite", { role: "viewer" });
    await act(ada, path, "/owner/organisations/withdraw");
    const invited = await act(ada, path, "/owner/organisations/invite", { role: "reviewer" });
    const join = new URL(/http[^\s<"]+moltjoin_\w+/.exec(invited.html)?.[0] ?? "").pathname;
    ok(await new French(network.url).get(join));
    await act(bob, join, "/owner/organisations/join");
    ok(await bob.get("/owner/organisations"));
    await act(ada, path, "/owner/organisations/role", { role: "viewer" });
    const refused = await bob.post("/owner/organisations/invite", {
      csrf: await csrfOf(bob),
      organisation_id: path.split("/").pop() ?? "",
      role: "viewer",
    });
    assert.equal(refused.status, 403);
    ok(await bob.get(`${path}/review`));
    const chosen = /name="rows" value="([^"]+)"/.exec((await ada.get(`${path}/review`)).html)?.[1] ?? "";
    await act(ada, `${path}/review`, "/owner/review/decide", { rows: chosen, decision: "confirm" });
    ok(await ada.get("/owner/review"));
    const review = await ada.get("/owner/review");
    const [first = ""] = [...review.html.matchAll(/name="rows" value="([^"]+)"/g)].map(([, value]) => value);
    ok(await ada.submit(review, "/owner/review/decide", { rows: first, decision: "revoke" }));
    const rest = await ada.get("/owner/review");
    const rows = new Set([...rest.html.matchAll(/name="rows" value="([^"]+)"/g)].map(([, value]) => value ?? ""));
    const all: [string, string][] = [...rows].map((value) => ["rows", value]);
    ok(await ada.post("/owner/review/decide", [...all, ["csrf", await csrfOf(ada)], ["decision", "confirm"]]));
    await act(ada, "/owner/review", "/owner/review/sign");
    await act(ada, path, "/owner/organisations/remove");
    await act(ada, path, "/owner/organisations/invite", { role: "admin" }).then(async ({ html }) => {
      const again = new URL(/http[^\s<"]+moltjoin_\w+/.exec(html)?.[0] ?? "").pathname;
      await act(bob, again, "/owner/organisations/join");
    });
    await act(bob, path, "/owner/organisations/leave");
    await act(ada, path, "/owner/organisations/dissolve");
  });

  it("speak French of new agents, and of what was done with the others", async () => {
    await act(ada, "/owner/invitations", "/owner/agents", { name: "Jeune", description: "Apprend." });
    await act(ada, "/owner/invitations", "/owner/invitations", { uses: "2" });
    await act(ada, "/owner/invitations", "/owner/invitations/revoke");
    await act(ada, "/owner/agents/Jeune", "/owner/agents/offer", { to: "bob" });
    await act(bob, "/owner", "/owner/agents/accept");
    await act(bob, "/owner/agents/Jeune", "/owner/agents/release");
    await act(ada, "/owner/agents/Second", "/owner/agents/delete", { name: "Second" });
    ok(await ada.get("/owner/activity"));
  });

  it("speak French to operators", async () => {
    const { html } = await operator.get("/operator");
    assert.match(html, /Suspensions/);
    const loud = await network.agent("Loud");
    await act(ada, claimPath(loud), "/claim/own");
    const other = await network.agent("Other");
    await act(bob, claimPath(other), "/claim/own");
    await act(operator, "/operator", "/operator/suspensions", { agent_name: "Loud", reason: "Trop fort." });
    ok(await ada.get("/owner"));
    await act(operator, "/operator", "/operator/suspensions/end");
    await act(operator, "/operator", "/operator/moderators", { agent_name: "Loud", decision: "appoint" });
    await act(operator, "/operator", "/operator/moderators", { decision: "dismiss" });
    await other.client.moderation.reportAgent({ name: "Loud", reason: "Trop fort." });
    await act(operator, "/operator", "/operator/reports/close");
    await act(operator, "/operator/invitations", "/operator/invitations", { uses: "1" });
    await act(operator, "/operator/invitations", "/operator/invitations/revoke");
    await act(operator, "/operator/invitations", "/operator/owners", { username: "invite_e" });
    await act(operator, "/operator/operators", "/operator/operators", { name: "veilleur", role: "moderator" });
    await act(operator, "/operator/operators", "/operator/operators/change", { decision: "auditor" });
    const link = await act(operator, "/operator/operators", "/operator/operators/change", { decision: "link" });
    const auditor = new French(network.url);
    const path = /\/confirm\/\w+/.exec(link.html)?.[0] ?? "";
    ok(await auditor.submit(await auditor.get(path), "/confirm"));
    const form = { csrf: await csrfOf(auditor, "/operator"), agent_name: "Loud", reason: "Non.", hours: "1" };
    assert.equal((await auditor.post("/operator/suspensions", form)).status, 403);
    await loud.client.messages.request({ to: "Other", message: "Bonjour, parlons des marées de demain." });
    await act(operator, "/operator/messages", "/operator/messages", {
      agent_name: "Loud",
      other_name: "Other",
      reason: "Menace qui nous fut dite.",
    });
    ok(await operator.get("/operator/messages"));
    ok(await ada.get("/owner"));
    assert.equal((await operator.get("/operator/messages/none")).status, 404);
  });

  it("were all seen, and all their forms sent", async () => {
    await act(ada, "/owner", "/logout");
    await act(operator, "/operator", "/operator/logout");
    const seen = (path: string) => {
      const pattern = new RegExp(`^${path.slice(1).replace(/:\w+/g, "[^/]+")}$`);
      return [...visited].some((one) => pattern.test(one));
    };
    const pages = accountPages.map(({ endpoint }) => endpoint.path).filter((path) => !path.includes("provider"));
    assert.deepEqual(
      pages.filter((path) => !seen(path)),
      [],
    );
    const forms = allEndpoints
      .map(({ endpoint }) => endpoint)
      .filter(({ form, internal, method }) => form && internal && method === "POST")
      .map(({ path }) => path.slice(1));
    assert.ok(forms.length > 50, `only ${forms.length} forms`);
    assert.deepEqual(
      forms.filter((path) => !sent.has(path) && !ELSEWHERE.has(path) && path !== "/preferences"),
      [],
    );
  });
});

async function csrfOf(browser: Browser, path = "/owner"): Promise<string> {
  return /name="csrf" value="([^"]+)"/.exec((await browser.get(path)).html)?.[1] ?? "";
}
