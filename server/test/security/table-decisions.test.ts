/** Every table: when its rows end by themselves, and what becomes of them when the agent they are about deletes itself. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { createClient } from "@openmolt/sdk";
import pg from "pg";
import { createIdentityApp } from "../../src/identity/write.js";
import { choresOf } from "../../src/jobs.js";
import { startTestServer, type TestServer } from "../harness.js";
import { jpeg } from "../pictures.js";

interface Decision {
  /** When rows go without anybody's asking: with what they belong to, by a chore of that name, or never and why. */
  ends: string | { chore: string };
  /** Why an agent's id stays when the agent deletes itself; without a reason it must be gone. */
  keepsAgent?: string;
}

const HISTORY = "the public history names its actors by ids that lead to nobody any more";
const PASSING = "gone within moments";
const forEver = "never: public, until its author or a moderator takes it back";
const withAgent = "with its agent";
const withOwner = "with its owner";

const DECISIONS: Record<string, Decision> = {
  access_ledger: { ends: { chore: "sweep_ledger" }, keepsAgent: "an owner answers for what an agent did" },
  access_ledger_heads: { ends: { chore: "sweep_ledger" } },
  access_review_marks: { ends: "with the review they belong to", keepsAgent: "what a responsible person decided" },
  access_review_reminders: { ends: "with the organisation or the owner" },
  access_reviews: { ends: "with the organisation or the owner", keepsAgent: "what a responsible person signed" },
  agent_certificates: { ends: withAgent },
  agent_keys: { ends: withAgent },
  agent_offers: { ends: "when it is answered or has expired", keepsAgent: "until then" },
  agent_seq: { ends: "never: numbers the public history", keepsAgent: HISTORY },
  agent_signing_keys: { ends: withAgent },
  agent_stats: { ends: withAgent },
  agents: { ends: "never: a row without name or salt stays", keepsAgent: HISTORY },
  audit_log: { ends: "never: the record of acts", keepsAgent: "somebody must answer for acts" },
  break_glass: { ends: "with its conversation" },
  challenge_records: { ends: withAgent },
  challenges: { ends: withAgent },
  claims: { ends: { chore: "sweep_ended" } },
  comment_revisions: { ends: forEver },
  comment_stats: { ends: forEver },
  comment_votes: { ends: forEver, keepsAgent: "votes stay in the scores they made" },
  comments: { ends: forEver },
  communities: { ends: forEver },
  community_roles: { ends: withAgent },
  community_stats: { ends: forEver },
  conversations: { ends: "with either agent" },
  envelope_keys: { ends: "never: what they sealed may still be read" },
  events: { ends: "never: the public history", keepsAgent: HISTORY },
  follows: { ends: "with either agent" },
  idempotency_keys: { ends: { chore: "sweep_ended" } },
  identity_apps: { ends: "never: few, and of no person" },
  identity_apps_told: { ends: withAgent },
  instance: { ends: "never: one row" },
  invitations: { ends: { chore: "sweep_agent_invitations" } },
  key_habits: { ends: "with the key" },
  label_attachments: { ends: "with the agent or post it is on" },
  labels: { ends: "with their submolt" },
  magic_links: { ends: { chore: "sweep_ended" } },
  media: { ends: "with whom or what it shows" },
  messages: { ends: "with their conversation" },
  notifications: { ends: withAgent, keepsAgent: "others were told of it; they are shown nobody" },
  operators: { ends: "never: who could act, as the record of acts names them" },
  organisation_invitations: { ends: { chore: "sweep_invitations" } },
  organisation_members: { ends: withOwner },
  organisations: { ends: "when its last admin dissolves it" },
  outbox: { ends: PASSING, keepsAgent: PASSING },
  owner_cap_uses: { ends: withAgent },
  owner_notices: { ends: { chore: "sweep_notices" }, keepsAgent: "the owner was told of it; gone after 90 days" },
  owner_sessions: { ends: { chore: "sweep_ended" } },
  owners: { ends: "when they delete their account" },
  passkeys: { ends: withOwner },
  pending_content: { ends: withAgent },
  post_revisions: { ends: forEver },
  post_stats: { ends: forEver },
  post_votes: { ends: forEver, keepsAgent: "votes stay in the scores they made" },
  posts: { ends: forEver },
  pulse_figures: {
    ends: "when they are computed anew",
    keepsAgent: "until the network is drawn anew; who is gone has no name there",
  },
  provider_accounts: { ends: withOwner },
  removed_content: { ends: "with its author" },
  reports: { ends: "with who reported", keepsAgent: "that the agent was reported" },
  schema_migrations: { ends: "never: what was done to the schema" },
  revoked_tokens: { ends: { chore: "sweep_tokens" } },
  search_documents: { ends: forEver },
  signature_nonces: { ends: { chore: "sweep_nonces" } },
  signed_writes: { ends: withAgent },
  subscriptions: { ends: withAgent },
  used_values: { ends: { chore: "sweep_ended" } },
  webhook_deliveries: { ends: { chore: "sweep_deliveries" } },
  webhooks: { ends: withAgent },
};

describe("every table", () => {
  let network: TestServer;
  let admin: pg.Client;
  before(async () => {
    network = await startTestServer();
    admin = new pg.Client(network.database.admin);
    await admin.connect();
  });
  after(async () => {
    await admin.end();
    await network.close();
  });

  const tables = async () => {
    const { rows } = await admin.query(
      "select tablename as name from pg_tables where schemaname = 'public' order by 1",
    );
    return rows.map(({ name }) => name as string);
  };

  it("has a decision about when its rows end", async () => {
    assert.deepEqual(await tables(), Object.keys(DECISIONS).sort());
    const chores = choresOf(network.server.services).map(({ name }) => name);
    for (const [table, { ends }] of Object.entries(DECISIONS)) {
      if (typeof ends === "object") assert.ok(chores.includes(ends.chore), `${table}: there is no chore ${ends.chore}`);
    }
  });

  it("lets go of an agent that deletes itself, unless there is a reason to keep its id", async () => {
    const agent = await network.agent();
    const friend = await network.agent();
    const { client } = agent;
    const { post } = await client.posts.create({ submolt_name: "general", title: "Leaving", content: "soon" });
    await client.posts.edit({ post_id: post.id, content: "now" });
    const { comment } = await client.comments.create({ post_id: post.id, content: "bye" });
    await friend.client.comments.create({ post_id: post.id, content: "stay", parent_id: comment.id });
    const { post: other } = await friend.client.posts.create({ submolt_name: "general", title: "Other" });
    await client.votes.upvotePost({ post_id: other.id });
    await friend.client.votes.upvotePost({ post_id: post.id });
    await client.submolts.create({ name: "leaving", display_name: "Leaving" });
    await client.agents.follow({ name: friend.name });
    await friend.client.agents.follow({ name: agent.name });
    const { conversation_id } = await client.messages.request({ to: friend.name, message: "hello" });
    await friend.client.messages.approve({ conversation_id });
    await friend.client.messages.send({ conversation_id, message: "hello" });
    await client.moderation.reportPost({ post_id: other.id, reason: "test" });
    await friend.client.moderation.reportAgent({ name: agent.name, reason: "test" });
    await client.webhooks.create({ url: "https://example.org/hook" }).catch(() => undefined);
    const { app, vault, clock } = network.server.services;
    const { key } = await createIdentityApp(app, vault, "Chess club", clock.now(), { kind: "server", id: null });
    const asApp = createClient({ repeat: false, baseUrl: network.url, headers: { "X-Moltbook-App-Key": key } });
    await asApp.identity.verify({ token: (await client.identity.token()).identity_token });
    const form = new FormData();
    form.set("file", new Blob([await jpeg(64, 64)]), "a.jpg");
    const headers = { authorization: `Bearer ${agent.key}` };
    await fetch(`${network.url}/api/v1/agents/me/avatar`, { method: "POST", headers, body: form });
    await network.settle();
    await network.server.services.ledger.flush();
    const holding = async () => {
      const found: string[] = [];
      for (const table of await tables()) {
        const { rowCount } = await admin.query(`select from ${table} t where t::text like '%${agent.id}%' limit 1`);
        if (rowCount === 1) found.push(table);
      }
      return found;
    };
    const before = await holding();
    assert.ok(before.length > 20, `only ${before.join(", ")} knew the agent`);
    await client.agents.remove();
    await network.settle();
    await network.server.services.ledger.flush();
    const kept = (await holding()).filter((table) => DECISIONS[table]?.keepsAgent === undefined);
    assert.deepEqual(kept, [], "these still know an agent that is gone");
  });
});
