/** Privilege escalation among operators: every endpoint of theirs, with every role and with none. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { allEndpoints, type NamedEndpoint } from "@openmolt/contract/api";
import type { OperatorRole } from "@openmolt/contract/endpoint";
import type { Browser } from "../browser.js";
import { startTestServer, type TestServer } from "../harness.js";
import { operatorOf, signInOperator } from "../operators.js";
import { testOwner } from "../owners.js";

const NOBODY = "00000000-0000-7000-8000-000000000000";
const ROLES: readonly OperatorRole[] = ["auditor", "moderator", "admin"];
/** What moderators do beside looking. Everything else that changes something takes an admin; a new endpoint too. */
const OF_MODERATORS = new Set([
  "account.decideClaim",
  "moderation.suspend",
  "moderation.unsuspend",
  "moderation.appoint",
  "moderation.closeReports",
]);
/** What concerns nobody but the operator who does it. */
const OWN = new Set([
  "account.operatorLogout",
  "operatorPasskeys.add",
  "operatorPasskeys.rename",
  "operatorPasskeys.remove",
]);
/** Private messages. */
const OF_ADMINS = new Set(["breakGlass.conversation"]);

const theirs = allEndpoints.filter(({ endpoint }) => endpoint.auth === "operator");

/** The least role that may call an endpoint, as this test understands it. */
function leastRole({ name, endpoint }: NamedEndpoint): OperatorRole {
  if (OF_ADMINS.has(name)) return "admin";
  if (endpoint.method === "GET" || OWN.has(name)) return "auditor";
  return OF_MODERATORS.has(name) ? "moderator" : "admin";
}

describe("an operator's endpoint", () => {
  let network: TestServer;
  const operators = new Map<OperatorRole, Browser>();
  before(async () => {
    network = await startTestServer();
    for (const role of ROLES) operators.set(role, await operatorOf(network, role));
  });
  after(() => network.close());

  const call = ({ endpoint }: NamedEndpoint, browser: Browser | undefined, headers: Record<string, string> = {}) =>
    fetch(`${network.url}${endpoint.path.slice(1).replace(/:\w+/g, NOBODY)}`, {
      method: endpoint.method,
      redirect: "manual",
      headers: {
        cookie: [...(browser?.cookies ?? [])].map(([name, value]) => `${name}=${value}`).join("; "),
        accept: "application/json",
        ...headers,
      },
    });

  it("is looked at by this test at all", () => {
    assert.ok(theirs.length >= 20, String(theirs.length));
    const known = new Set(theirs.map(({ name }) => name));
    for (const name of [...OF_MODERATORS, ...OWN, ...OF_ADMINS]) assert.ok(known.has(name), name);
  });

  for (const named of theirs) {
    it(`${named.name} takes ${leastRole(named)} and nobody less`, async () => {
      const least = ROLES.indexOf(leastRole(named));
      for (const role of ROLES) {
        const answer = await call(named, operators.get(role));
        const body = await answer.text();
        if (ROLES.indexOf(role) < least) {
          assert.equal(answer.status, 403, `${role}: ${body}`);
          assert.match(body, /This takes an? (admin|moderator)/, role);
        } else assert.doesNotMatch(body, /This takes an? (admin|moderator)/, role);
      }
    });
  }

  it("is closed to strangers, agents and owners, whatever cookie holds their session", async () => {
    const agent = await network.agent();
    const { browser: owner } = await testOwner(network, agent);
    owner.cookies.set("openmolt_operator", owner.cookies.get("openmolt_owner") ?? "");
    for (const named of theirs) {
      assert.equal((await call(named, undefined)).status, 401, named.name);
      assert.equal((await call(named, undefined, { authorization: `Bearer ${agent.key}` })).status, 401, named.name);
      assert.equal((await call(named, owner)).status, 401, named.name);
    }
  });

  it("opens no owner's page", async () => {
    const admin = operators.get("admin");
    admin?.cookies.set("openmolt_owner", admin.cookies.get("openmolt_operator") ?? "");
    assert.equal((await admin?.get("/owner"))?.status, 401);
    admin?.cookies.delete("openmolt_owner");
  });

  it("is told by nobody to do more: a role changes in another's hands alone, and at once", async () => {
    const console_ = await signInOperator(network);
    const climber = await operatorOf(network, "moderator", "climber");
    const page = await console_.get("/operator/operators");
    const id = /value="([^"]+)">\s*<button[^>]*value="admin">Make it admin/.exec(
      page.html.split("climber")[1] ?? "",
    )?.[1];
    const csrf = /name="csrf" value="([^"]+)"/.exec((await climber.get("/operator")).html)?.[1] ?? "";
    const own = { operator_id: id ?? "", decision: "admin", csrf };
    assert.equal((await climber.post("/operator/operators/change", own)).status, 403);
    assert.equal((await climber.post("/operator/operators", { name: "friend", role: "admin", csrf })).status, 403);
    const theirCsrf = /name="csrf" value="([^"]+)"/.exec(page.html)?.[1] ?? "";
    const changed = await console_.post("/operator/operators/change", { ...own, decision: "auditor", csrf: theirCsrf });
    assert.equal(changed.status, 200);
    assert.equal((await climber.get("/operator")).status, 401, "signed out at once");
  });
});
