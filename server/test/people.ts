/** People with a browser in tests: owners who are signed in, each with an agent. */
import assert from "node:assert/strict";
import { Browser, type Page } from "./browser.js";
import type { TestAgent, TestServer } from "./harness.js";
import type { Mailbox } from "./mailbox.js";

/** A signed-in owner. */
export interface Person {
  username: string;
  email: string;
  browser: Browser;
  /** The agent the person claimed first. */
  agent: TestAgent;
  /** The page the person arrived at. */
  home: Page;
}

let count = 0;

/** Somebody who has just become an agent's owner by e-mail and is therefore signed in; it may have been claimed already. */
export async function newPerson(
  network: TestServer,
  mailbox: Mailbox,
  username = `person_${++count}`,
): Promise<Person> {
  const agent = await network.agent();
  const email = `${username}@example.org`;
  if (network.server.services.config.claimMethods.includes("auto")) {
    await agent.client.owners.setupEmail({ email, username });
  } else {
    const claim_token = agent.claimUrl.split("/").pop() ?? "";
    await network.anonymous.owners.verifyEmail({ email, username, claim_token });
  }
  const browser = new Browser(network.url);
  const home = await browser.submit(await browser.get(await mailbox.nextLink()), "/confirm");
  assert.equal(home.path, "/owner");
  return { username, email, browser, agent, home };
}
