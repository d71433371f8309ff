import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { freePort } from "../free-port.js";
import { startTestServer, type TestServer } from "../harness.js";
import { type Mailbox, startMailbox } from "../mailbox.js";
import { startChromium, withoutChromium } from "./chromium.js";

describe("passkeys in a browser", { skip: withoutChromium }, () => {
  let chromium: Browser;
  let mailbox: Mailbox;
  let network: TestServer;
  let page: Page;
  let context: BrowserContext;
  const said: string[] = [];
  before(async () => {
    const port = await freePort();
    mailbox = await startMailbox();
    const publicUrl = `http://localhost:${port}`;
    network = await startTestServer({ claimMethods: ["email"], smtpUrl: mailbox.url, port, publicUrl });
    chromium = await startChromium();
    context = await chromium.newContext({ baseURL: publicUrl });
    page = await context.newPage();
    page.on("console", (message) => said.push(message.text()));
    page.on("pageerror", (error) => said.push(error.message));
  });
  after(async () => {
    await chromium?.close();
    await network.close();
    await mailbox.close();
  });

  const pathNow = () => new URL(page.url()).pathname;
  const click = async (button: string, path: string) => {
    await page.getByRole("button", { name: button, exact: true }).click();
    await page.waitForURL((url) => url.pathname === path);
  };

  it("are added on the account page and sign in on the sign-in page", async () => {
    const devtools = await context.newCDPSession(page);
    await devtools.send("WebAuthn.enable");
    const { authenticatorId } = await devtools.send("WebAuthn.addVirtualAuthenticator", {
      options: {
        protocol: "ctap2",
        transport: "internal",
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    const agent = await network.agent();
    const claim_token = agent.claimUrl.split("/").pop() ?? "";
    await network.anonymous.owners.verifyEmail({ email: "jo@example.org", username: "jojo", claim_token });
    await page.goto(await mailbox.nextLink());
    await click("I agree", "/owner");
    await page.getByRole("link", { name: "Passkeys", exact: true }).click();
    await page.getByLabel("What to call it").fill("This laptop");
    await page.getByRole("button", { name: "Add a passkey", exact: true }).click();
    await page.getByRole("heading", { name: "This laptop" }).waitFor();
    const { credentials } = await devtools.send("WebAuthn.getCredentials", { authenticatorId });
    assert.equal(credentials.length, 1);
    assert.equal(credentials[0]?.rpId, "localhost");
    assert.equal(credentials[0]?.isResidentCredential, true);
    await page
      .getByRole("navigation", { name: "Your account" })
      .getByRole("link", { name: "Agents", exact: true })
      .click();
    await click("Sign out", "/login");
    await click("Sign in with a passkey", "/owner");
    assert.ok((await page.content()).includes(agent.name));

    await devtools.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: false });
    await click("Sign out", "/login");
    await page.getByRole("button", { name: "Sign in with a passkey", exact: true }).click();
    await page.getByText("Nothing was done").waitFor();
    assert.equal(pathNow(), "/login");

    await devtools.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: true });
    await page.goto("/login?back=/owner/passkeys");
    await click("Sign in with a passkey", "/owner/passkeys");
    network.clock.advance(16 * 60_000);
    await page.getByRole("button", { name: "Add a passkey", exact: true }).click();
    await page.waitForURL((url) => url.pathname === "/login");
    await click("Sign in with a passkey", "/owner/passkeys");
    const refused = said.filter((text) => /Content Security Policy|Refused/i.test(text));
    assert.deepEqual(refused, [], "the policy of the pages lets their own scripts do their work");
  });
});
