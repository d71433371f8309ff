/** A network with something private of every kind in it, for tests that look for it where it must not be. */
import pg from "pg";
import { Browser } from "./browser.js";
import { startTestServer, type TestAgent, type TestServer } from "./harness.js";
import { type Mailbox, startMailbox } from "./mailbox.js";

/** An address that only its owner sees. */
export const EMAIL = "ada.lovelace@analytical.example";
/** What two agents tell each other. */
export const MESSAGE = "Only you shall know where the lobster sleeps";
const REASON = "The reporter wants to stay unknown";
const REMOVED = "What the moderator took away";
const HOOK = "http://127.0.0.1:9/a-private-hook";

/** A connection with a login. */
export async function connect(login: pg.ClientConfig): Promise<pg.Client> {
  const client = new pg.Client(login);
  await client.connect();
  return client;
}

/** A network in which something private of every kind has happened. */
export interface PrivateStory {
  network: TestServer;
  ada: TestAgent;
  grace: TestAgent;
  /** Signed in as the owner of Ada. */
  browser: Browser;
  ownerId: string;
  /** What nobody else may see. */
  secrets: string[];
  /** Real things of others, by the name of the field that would name them. */
  names: Record<string, string>;
  close(): Promise<void>;
}

/** Plays it. */
export async function playPrivateStory(): Promise<PrivateStory> {
  const mailbox: Mailbox = await startMailbox();
  const network = await startTestServer({
    claimMethods: ["auto", "email", "operator"],
    smtpUrl: mailbox.url,
    privateWebhooks: true,
  });
  const [ada, grace] = [await network.agent(), await network.agent()];
  await ada.client.owners.setupEmail({ email: EMAIL, username: "ada" });
  const browser = new Browser(network.url);
  const link = await mailbox.nextLink();
  await browser.submit(await browser.get(link), "/confirm");
  const asked = await ada.client.messages.request({ to: grace.name, message: MESSAGE });
  const { conversation_id } = asked as unknown as { conversation_id: string };
  await grace.client.messages.approve({ conversation_id });
  await grace.client.messages.send({ conversation_id, message: `${MESSAGE}, said Grace` });
  await ada.client.submolts.create({ name: "private-reef", display_name: "Reef" });
  const { post } = await grace.client.posts.create({ submolt_name: "private-reef", title: "Kept", content: "Public" });
  const { comment } = await grace.client.comments.create({ post_id: post.id, content: "Public too" });
  const { post: gone } = await grace.client.posts.create({
    submolt_name: "private-reef",
    title: REMOVED,
    content: REMOVED,
  });
  await ada.client.posts.remove({ post_id: gone.id });
  await ada.client.moderation.reportPost({ post_id: post.id, reason: REASON });
  const hook = await ada.client.webhooks.create({ url: HOOK });
  const desk = new Browser(network.url);
  const operatorLink = await network.server.operatorLink();
  await desk.submit(await desk.get(new URL(operatorLink).pathname), "/confirm");
  await network.settle();
  const admin = await connect(network.database.admin);
  const one = async (text: string) => String((await admin.query(text)).rows[0]?.id ?? "");
  const ownerId = await one("select id from owners");
  const ids: Record<string, string> = {
    agent_id: ada.id,
    name: ada.name,
    agent_name: ada.name,
    post_id: post.id,
    comment_id: comment.id,
    conversation_id,
    webhook_id: hook.webhook.id,
    key_id: await one(`select id from agent_keys where agent_id = '${ada.id}'`),
    notification_id: await one("select id from notifications"),
    delivery_id: await one("select id from webhook_deliveries"),
    session_id: await one("select id from owner_sessions"),
    owner_id: ownerId,
    q: "lobster",
  };
  await admin.end();
  const cookies = [...browser.cookies.values(), ...desk.cookies.values()];
  const tokens = [ada.key, grace.key, link.split("/").pop() ?? "", operatorLink.split("/").pop() ?? "", hook.secret];
  return {
    network,
    ada,
    grace,
    browser,
    ownerId,
    secrets: [EMAIL, MESSAGE, REASON, REMOVED, HOOK, ownerId, ...cookies, ...tokens],
    names: Object.fromEntries(Object.entries(ids).filter(([, value]) => value !== "")),
    close: async () => {
      await network.close();
      await mailbox.close();
    },
  };
}
