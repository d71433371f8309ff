/** Owners for tests that are not about how somebody becomes one: made and signed in without mail. */
import { sessionCookie } from "../src/platform/http/cookies.js";
import { newId } from "../src/platform/ids.js";
import { openSession } from "../src/platform/sessions.js";
import { SYSTEM, transaction } from "../src/platform/transaction.js";
import { Browser, type Page } from "./browser.js";
import type { TestAgent, TestServer } from "./harness.js";

/** An owner, signed in. */
export interface TestOwner {
  id: string;
  username: string;
  browser: Browser;
  /** Opens the console's page of an agent. */
  page(agent: TestAgent): Promise<Page>;
  /** Sends a form of that page, filled in as given. */
  act(agent: TestAgent, action: string, fields?: Record<string, string>): Promise<Page>;
}

let owners = 0;

/** Makes a new owner of these agents and signs it in. */
export async function testOwner(network: TestServer, ...agents: TestAgent[]): Promise<TestOwner> {
  const { services } = network.server;
  const id = newId();
  const username = `keeper_${++owners}`;
  const ticket = await transaction(services.app, { actor: SYSTEM }, async (tx) => {
    await tx.query({
      text: "insert into owners (id, username, username_key, created_at) values ($1, $2, $2, $3)",
      values: [id, username, services.clock.now()],
    });
    return openSession(tx, services.vault, { ownerId: id }, { device: "", network: "" }, services.clock.now());
  });
  for (const agent of agents) await network.alterAgent(agent.id, `owner_id = '${id}'`);
  const browser = new Browser(network.url);
  const [, name = "", value = ""] =
    /^([^=]+)=([^;]*)/.exec(sessionCookie(services, ticket, services.clock.now())) ?? [];
  browser.cookies.set(name, value);
  const page = (agent: TestAgent) => browser.get(`/owner/agents/${agent.name}`);
  return {
    id,
    username,
    browser,
    page,
    act: async (agent, action, fields = {}) => browser.submit(await page(agent), action, fields),
  };
}
