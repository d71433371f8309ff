import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { allEndpoints, type NamedEndpoint } from "@openmolt/contract/api";
import type { Endpoint } from "@openmolt/contract/endpoint";
import pg from "pg";
import { choresOf } from "../../src/jobs.js";
import { formsOf, type Page } from "../browser.js";
import { newCertificate } from "../certificates.js";
import { startTestServer, type TestServer } from "../harness.js";
import { type Mailbox, startMailbox } from "../mailbox.js";
import { newPerson, type Person } from "../people.js";
import { newSigningKey } from "../signing.js";

const ORGANISATIONS = "/owner/organisations";
/** Changed by every request of a session, also by one that is refused; and what recurs in the background. */
const PASSING = ["access_ledger", "access_ledger_heads", "owner_sessions", "pulse_figures"];
/** What a field is filled with that no victim's thing belongs into. */
const PLAIN: Record<string, string> = {
  role: "admin",
  decision: "revoke",
  state: "x",
  require: "none",
  public_key: "A".repeat(43),
  email: "mallory@example.org",
  username: "mallory",
  token: "nothing",
  claim_token: "nothing",
};
/** What every member may do. */
const READS = [
  "organisations.page",
  "organisations.leave",
  "reviews.organisationPage",
  "reviews.list",
  "reviews.record",
  "activity.page",
  "activity.csv",
  "activity.json",
];
/** What a member may do with the organisation's own ids, by the role held. */
const ALLOWED: Record<string, readonly string[]> = {
  viewer: READS,
  reviewer: [...READS, "reviews.decide", "reviews.sign"],
};

describe("privilege escalation between organisations and roles: refused", () => {
  let mailbox: Mailbox;
  let network: TestServer;
  let database: pg.Client;
  /** Ids and names of the organisation under attack, by the field they go into. */
  let victim: Record<string, string>;
  const people: Record<string, Person> = {};
  let otherOrganisation = "";

  const found = async (by: Person) => {
    const page = await by.browser.submit(await by.browser.get(ORGANISATIONS), ORGANISATIONS, { name: "Reef" });
    await by.browser.submit(page, `${ORGANISATIONS}/agents/add`, { agent_name: by.agent.name });
    return page;
  };
  const join = async (admin: Person, page: Page, member: Person, role: string) => {
    const { html } = await admin.browser.submit(page, `${ORGANISATIONS}/invite`, { role });
    const [link = ""] = /\/owner\/organisations\/join\/\w+/.exec(html) ?? [];
    return member.browser.submit(await member.browser.get(link), `${ORGANISATIONS}/join`);
  };
  const one = async (text: string, ...values: string[]): Promise<string> => {
    const { rows } = await database.query({ text, values, rowMode: "array" });
    assert.ok(rows[0]?.[0], text);
    return String(rows[0][0]);
  };

  before(async () => {
    mailbox = await startMailbox();
    network = await startTestServer({ claimMethods: ["email"], smtpUrl: mailbox.url });
    database = new pg.Client(network.database.admin);
    await database.connect();
    const names = ["admin", "member", "viewer", "reviewer", "stranger", "removed", "other"];
    for (const name of names) people[name] = await newPerson(network, mailbox);
    const { admin, member, viewer, reviewer, removed, other } = people as Record<string, Person>;
    assert.ok(admin && member && viewer && reviewer && removed && other);
    const page = await found(admin);
    const joined = await join(admin, page, member, "viewer");
    await member.browser.submit(joined, `${ORGANISATIONS}/agents/add`, { agent_name: member.agent.name });
    await join(admin, page, viewer, "viewer");
    await join(admin, page, reviewer, "reviewer");
    await join(admin, page, removed, "admin");
    otherOrganisation = (await found(other)).path.split("/").pop() ?? "";
    const proof = await admin.browser.get(`/owner/proof/${admin.agent.id}`);
    await admin.browser.submit(proof, "/owner/proof/keys", { public_key: newSigningKey().x });
    await admin.browser.submit(proof, "/owner/proof/certificates", { certificate: newCertificate().cert });
    const review = `${page.path}/review`;
    const listed = await admin.browser.get(review);
    const rows = [...new Set([...listed.html.matchAll(/name="rows" value="([^"]+)"/g)].map(([, row = ""]) => row))];
    const fields = Object.entries(
      formsOf(listed).find(({ action }) => action === "/owner/review/decide")?.fields ?? {},
    );
    const kept = fields.filter(([name]) => name !== "rows");
    await admin.browser.post("/owner/review/decide", [
      ...kept,
      ["decision", "confirm"],
      ...rows.map((row): [string, string] => ["rows", row]),
    ]);
    await admin.browser.submit(await admin.browser.get(review), "/owner/review/sign");
    await admin.browser.submit(page, `${ORGANISATIONS}/invite`, { role: "viewer" });
    const present = await admin.browser.get(page.path);
    const removal = present.html.split("<tr>").find((row) => row.startsWith(`<td>${removed.username}<`)) ?? "";
    const gone = await admin.browser.submit({ ...present, html: removal }, `${ORGANISATIONS}/remove`);
    assert.match(gone.html, /is no member any more/);
    victim = {
      organisation_id: page.path.split("/").pop() ?? "",
      agent_id: admin.agent.id,
      of: admin.agent.id,
      agent_name: admin.agent.name,
      name: admin.agent.name,
      key_id: await one("select id from agent_keys where agent_id = $1", admin.agent.id),
      thumbprint: await one("select thumbprint from agent_certificates where agent_id = $1", admin.agent.id),
      keyid: await one("select keyid from agent_signing_keys where agent_id = $1", admin.agent.id),
      owner_id: await one("select owner_id from agents where id = $1", member.agent.id),
      invitation_id: await one("select id from organisation_invitations"),
      review_id: await one("select id from access_reviews"),
      app_id: await one(
        `with app as (insert into identity_apps (id, name, key_hash, created_at)
          values (gen_random_uuid(), 'Tide', '', now()) returning id)
        insert into identity_apps_told (agent_id, app_id) select $1, id from app returning app_id`,
        admin.agent.id,
      ),
      rows: rows[0] ?? "",
    };
  });
  after(async () => {
    await database.end();
    await network.close();
    await mailbox.close();
  });

  /** Every row of every table, and every job that does not recur, as one text. */
  const everything = async () => {
    const tables = await database.query(
      "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1",
    );
    const names: string[] = tables.rows.map(({ relname }) => relname).filter((name) => !PASSING.includes(name));
    const digests = names.map(
      (name) => `select '${name}' as name, md5(string_agg(t::text, ',' order by t::text)) as rows from ${name} t`,
    );
    const jobs = "select 'jobs', count(*)::text from graphile_worker.jobs where task_identifier <> all($1)";
    const chores = choresOf(network.server.services).map(({ name }) => name);
    return (await database.query(`${[...digests, jobs].join(" union all ")} order by name`, [chores])).rows;
  };
  /** The same after what earlier requests left to be written a moment later. */
  const everythingSettled = async () => {
    await network.server.services.activity.flush();
    await network.settle();
    return everything();
  };
  const isForm = ({ method }: Endpoint) => method === "POST";
  const fieldsOf = ({ params, query, body }: Endpoint) => ({ ...params, ...query, ...body });
  /** Endpoints of people in which something of the victims' can be named. */
  const targets = () =>
    allEndpoints.filter(({ name, endpoint }) => {
      if (endpoint.auth !== "session") return false;
      const fields = Object.keys(fieldsOf(endpoint)).filter((field) => field !== "name" || name === "owned.agentPage");
      return fields.some((field) => field in victim);
    });
  const csrfOf = async ({ browser }: Person) => formsOf(await browser.get(ORGANISATIONS))[0]?.fields.csrf ?? "";

  const attack = async (by: Person, { endpoint }: NamedEndpoint, things: Record<string, string>) => {
    const filling = ([field, schema]: [string, object]) => {
      const value = things[field] ?? (mayBe(PLAIN[field], schema) ? PLAIN[field] : plain(schema));
      return value === undefined ? [] : [[field, value] as [string, string]];
    };
    const filled = Object.fromEntries(Object.entries(fieldsOf(endpoint)).flatMap(filling));
    const path = endpoint.path.slice(1).replace(/:(\w+)/g, (_, name: string) => filled[name] ?? "");
    if (isForm(endpoint)) return by.browser.post(path, { ...filled, csrf: await csrfOf(by) });
    const query = new URLSearchParams(
      Object.keys(endpoint.query).map((name): [string, string] => [name, filled[name] ?? ""]),
    );
    query.delete("format");
    return by.browser.get(`${path}?${query}`);
  };

  for (const who of ["viewer", "reviewer", "stranger", "removed", "other"]) {
    it(`as ${who}, with every id of an organisation at every form and page`, async () => {
      const person = people[who];
      assert.ok(person);
      const tried = targets().filter(({ name }) => !(ALLOWED[who] ?? []).includes(name));
      assert.ok(tried.length > 15, `only ${tried.length} were found`);
      const before = await everythingSettled();
      for (const named of tried) {
        const { status, html } = await attack(person, named, victim);
        assert.ok(status === 403 || status === 404, `${named.name} answered ${status}: ${html.slice(-400)}`);
        assert.deepEqual(await everything(), before, `${named.name} left something`);
      }
    });
  }

  it("as admin of another organisation, who names that one and things of this", async () => {
    const { other } = people;
    assert.ok(other);
    const before = await everythingSettled();
    const tried = targets().filter(({ endpoint }) => {
      const fields = Object.keys(fieldsOf(endpoint));
      return (
        fields.includes("organisation_id") && fields.some((field) => field !== "organisation_id" && field in victim)
      );
    });
    assert.ok(tried.length >= 5, `only ${tried.length} were found`);
    for (const named of tried) {
      const { status } = await attack(other, named, { ...victim, organisation_id: otherOrganisation });
      assert.ok([403, 404, 409].includes(status), `${named.name} answered ${status}`);
      assert.deepEqual(await everything(), before, `${named.name} left something`);
    }
  });

  it("while the very same requests are carried out for an admin", async () => {
    const { admin } = people;
    assert.ok(admin);
    for (const name of ["organisations.withdraw", "organisations.setRole", "owned.pause", "account.revokeKey"]) {
      const named = allEndpoints.find((candidate) => candidate.name === name);
      assert.ok(named);
      assert.equal((await attack(admin, named, victim)).status, 200, name);
    }
  });

  it("costs agents nothing: their own statements never look for organisations", async () => {
    const { agent } = people.viewer as Person;
    const app = new pg.Client(network.database.app);
    await app.connect();
    for (const actor of [agent.id, "00000000-0000-0000-0000-000000000000"]) {
      await app.query(`begin; set local app.actor = '${actor}'`);
      for (const text of [
        `select id from agent_keys where agent_id = '${agent.id}'`,
        `update agent_keys set last_used_at = now() where agent_id = '${agent.id}'`,
      ]) {
        const { rows } = await app.query(`explain (analyze, format json) ${text}`);
        const plans =
          JSON.stringify(rows[0]?.["QUERY PLAN"]).match(/"Node Type":"ProjectSet".*?"Actual Loops":\d+/g) ?? [];
        assert.ok(plans.length > 0, "the plan shows no policy of organisations");
        for (const plan of plans) assert.match(plan, /"Actual Loops":0$/, text);
      }
      await app.query("rollback");
    }
    await app.end();
  });
});

/** Whether a field takes a value, as far as it lists those it takes. */
function mayBe(value: string | undefined, schema: object): boolean {
  const { enum: words } = schema as { enum?: string[] };
  return value !== undefined && (words === undefined || words.includes(value));
}

/** A value that fits a field nothing is known about; a text that may be left out is left out. */
function plain(schema: object): string | undefined {
  const { type, enum: words, anyOf } = schema as { type?: string; enum?: string[]; anyOf?: { const?: string }[] };
  if (type === "integer") return "1";
  if (type === "boolean") return "on";
  return words?.[0] ?? anyOf?.[0]?.const ?? ("~optional" in schema ? undefined : "general");
}
