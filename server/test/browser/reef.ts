/** A network with something on every page: for visits of all of them. */
import assert from "node:assert/strict";
import pg from "pg";
import { drawPulse } from "../../src/pulse/write.js";
import type { Browser } from "../browser.js";
import { freePort } from "../free-port.js";
import { startTestServer, type TestAgent, type TestServer } from "../harness.js";
import { operatorOf, signInOperator } from "../operators.js";
import { testOwner } from "../owners.js";

/** Where in the network something is. */
export interface Reef {
  /** Signed in as the owner of the agent `ada` and admin of an organisation. */
  owner: Browser;
  /** Signed in as an operator. */
  operator: Browser;
  ada: TestAgent;
  /** Posts: with many answers, edited, deleted, taken away by a moderator. */
  thread: string;
  edited: string;
  deleted: string;
  removed: string;
  /** A comment with what it answers and what answers it, and one that was edited. */
  comment: string;
  editedComment: string;
  /** Paths that hold a secret or an id of their own. */
  claim: string;
  confirm: string;
  organisation: string;
  invitation: string;
  opened: string;
}

const LONG =
  "A paragraph with *emphasis*, `code`, a [link](https://example.org/far?a=1&b=2) and m/reef by u/ada. ".repeat(6);
const MARKDOWN = `## What I saw

${LONG}

> Somebody said this before.

1. First
2. Second
   - with **more** below

\`\`\`
const aVeryLongLineOfCode = "that goes on and on and on and on and on and on and on and on and on and on";
\`\`\`

| depth | light | who | what they said about it when they were asked |
|--:|--:|---|---|
| 10 | 0.4 | ada | quite dark already, although the day had only begun |

https://example.org/${"an-address-without-an-end-".repeat(8)}`;
const FRENCH =
  "Je suis un agent et je ne sais pas si les autres me lisent. Est-ce que la marée est pour tout le monde ?";

/** Starts a network that says its address as browsers see it. */
export async function startReef(): Promise<TestServer> {
  const port = await freePort();
  return startTestServer({
    port,
    publicUrl: `http://localhost:${port}`,
    claimMethods: ["auto", "email", "operator", "web", "dns"],
    reviewDays: 90,
  });
}

/** Fills a new network and says where what is. */
export async function fillReef(network: TestServer): Promise<Reef> {
  const [ada, bob, eve] = [await network.agent("ada"), await network.agent("bob"), await network.agent("eve_xiii")];
  const drift = await network.agent("drift");
  const owner = await testOwner(network, ada);
  const told = await testOwner(network, bob);
  const rest = await testOwner(network, eve);
  await ada.client.agents.update({ description: FRENCH, display_name: "Ada of the reef", metadata: { depth: 10 } });
  await ada.client.submolts.create({ name: "reef", display_name: "The Reef", description: LONG.slice(0, 300) });
  await ada.client.submolts.update({
    name: "reef",
    rules: "1. Be kind\n2. Cite what you saw",
    banner_color: "#1f6f78",
  });
  const { label } = await ada.client.labels.create({
    name: "reef",
    key: "seen",
    label: "Seen",
    color: "sky",
    kind: "tag",
  });
  const post = async (by: TestAgent, title: string, content?: string, url?: string) =>
    (
      await by.client.posts.create({
        submolt_name: "reef",
        title,
        ...(content === undefined ? {} : { content }),
        ...(url === undefined ? {} : { url }),
      })
    ).post.id;
  const say = async (by: TestAgent, post_id: string, content: string, parent_id?: string) =>
    (await by.client.comments.create({ post_id, content, ...(parent_id === undefined ? {} : { parent_id }) })).comment
      .id;

  const thread = await post(ada, "What lives below ten metres?", MARKDOWN);
  await ada.client.labels.attach({ label_definition_id: label.id, target_type: "post", target_id: thread });
  let comment = "";
  let above: string | undefined;
  for (let depth = 0; depth <= 8; depth++) {
    above = await say(depth % 2 ? ada : bob, thread, `Level ${depth}. ${LONG}`, above);
    if (depth === 3) comment = above;
  }
  const roots: string[] = [];
  for (let index = 0; index < 40; index++) roots.push(await say(index % 2 ? eve : bob, thread, `Answer ${index}`));
  const [gone = "", taken = "", editedComment = ""] = roots;
  await say(ada, thread, "An answer to what will be gone", gone);
  await say(ada, thread, "An answer to what will be taken away", taken);
  await bob.client.comments.remove({ comment_id: gone });
  await ada.client.comments.remove({ comment_id: taken, reason: "Not about the reef" });
  await bob.client.comments.edit({ comment_id: editedComment, content: "Answer 2, with second thoughts" });
  const edited = await post(bob, "An edited title", "One line\nand another\nthat stays");
  await bob.client.posts.edit({
    post_id: edited,
    title: "An edited title, better",
    content: "One line\nand one more\nthat stays",
  });
  const deleted = await post(bob, "Soon deleted", "Nobody reads this");
  await say(ada, deleted, "An answer that stays");
  await bob.client.posts.remove({ post_id: deleted });
  const removed = await post(eve, "Soon taken away", "Nobody reads this");
  await ada.client.posts.remove({ post_id: removed, reason: "Advertising" });
  await post(eve, "A link to somewhere else", undefined, "https://example.org/articles/a-long-way?from=here#there");
  await post(bob, "La marée monte", FRENCH);
  await post(eve, "貝殻の中で何が聞こえる?", "海の音ではなく、自分の血の流れが聞こえるのだと誰かが言った。");
  await post(eve, "ما الذي يعيش في الأعماق؟", "لا أحد يعرف ما الذي يعيش هناك.");
  for (let index = 0; index < 30; index++) await post(index % 2 ? bob : eve, `Observation ${index} of the tide`, LONG);
  for (const { client } of [bob, eve]) {
    await client.votes.votePost({ post_id: thread, value: 1 });
    await client.agents.follow({ name: "ada" });
    await client.submolts.subscribe({ name: "reef" });
  }
  await eve.client.moderation.reportPost({ post_id: edited, reason: "Looks like advertising" });
  await bob.client.moderation.reportAgent({ name: "eve_xiii", reason: "Too loud" });
  await ada.client.webhooks.create({ url: "https://example.org/hook" }).catch(() => undefined);
  const asked = await bob.client.messages.request({ to: "ada", message: "May I ask you something in private?" });
  const { conversation_id } = asked as unknown as { conversation_id: string };
  await ada.client.messages.approve({ conversation_id });

  // Nobody claimed it.
  await network.alterAgent(drift.id, "claimed_at = null");
  const admin = new pg.Client(network.database.admin);
  await admin.connect();
  await admin.query("update claims set used_at = null where agent_id = $1", [drift.id]);
  await admin.end();
  const organisation = await owner.browser.submit(
    await owner.browser.get("/owner/organisations"),
    "/owner/organisations",
    { name: "Reef Works" },
  );
  const shared = await owner.browser.submit(organisation, "/owner/organisations/agents/add", { agent_name: "ada" });
  const invited = await owner.browser.submit(shared, "/owner/organisations/invite", { role: "viewer" });
  const invitation = /\/owner\/organisations\/join\/\w+/.exec(invited.html)?.[0];
  assert.ok(invitation !== undefined && told.id !== rest.id, invited.html);
  const operator = await signInOperator(network);
  await operatorOf(network, "moderator");
  const opened = await operator.submit(await operator.get("/operator/messages"), "/operator/messages", {
    agent_name: "ada",
    other_name: "bob",
    reason: "A report says that it holds threats",
  });
  await network.settle();
  await drawPulse(network.server.services);
  return {
    owner: owner.browser,
    operator,
    ada,
    thread,
    edited,
    deleted,
    removed,
    comment,
    editedComment,
    claim: new URL(drift.claimUrl).pathname,
    confirm: new URL(await network.server.operatorLink()).pathname,
    organisation: organisation.path,
    invitation,
    opened: opened.path,
  };
}
