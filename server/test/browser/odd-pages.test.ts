/** Pages that are there only on some networks, or when something is wrong, looked at like all others. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import type { Browser } from "playwright-core";
import { freePort } from "../free-port.js";
import { startTestServer, type TestServer } from "../harness.js";
import { type IdentityProvider, startIdentityProvider } from "../identity-provider.js";
import { type TestOwner, testOwner } from "../owners.js";
import { startChromium, withoutChromium } from "./chromium.js";
import { inWords, pairwise, type Way } from "./pairwise.js";
import { visit } from "./visit.js";

/** More requests than one address may make for pages in a minute. */
const TOO_MANY = 130;

describe("pages that are seldom seen", { skip: withoutChromium }, () => {
  let chromium: Browser;
  let identities: IdentityProvider;
  let network: TestServer;
  let owner: TestOwner;
  before(async () => {
    const port = await freePort();
    const publicUrl = `http://localhost:${port}`;
    identities = await startIdentityProvider(publicUrl);
    network = await startTestServer({ port, publicUrl, limits: true, provider: identities.settings });
    owner = await testOwner(network, await network.agent("ada"));
    chromium = await startChromium();
  });
  after(async () => {
    await chromium?.close();
    await network?.close();
    await identities?.close();
  });

  /** What is wrong with a page in four ways that meet every language, theme and width. */
  const wrongWith = async (path: string, status: number, before: () => Promise<unknown> = async () => undefined) => {
    const wrong: string[] = [];
    for (const way of [...pairwise(0), ...pairwise(1)]) {
      const context = await openContext(way);
      await before();
      const found = await visit(context, `${network.url}${path}`, status, way);
      wrong.push(...found.map((what) => `${inWords(way)}: ${what}`));
      await context.close();
    }
    return wrong;
  };
  const openContext = async ({ lang, theme, width }: Way) => {
    const context = await chromium.newContext({
      locale: lang === "fr" ? "fr-FR" : "en-GB",
      colorScheme: theme,
      viewport: { width, height: 780 },
    });
    const cookies = new Map(owner.browser.cookies).set("openmolt_look", `.${theme}`);
    await context.addCookies([...cookies].map(([name, value]) => ({ name, value, url: network.url })));
    return context;
  };

  it("the account at the provider", async () => {
    assert.deepEqual(await wrongWith("/owner/provider", 200), []);
  });

  it("a database that is away", async () => {
    const outside = new pg.Client({ ...network.database.admin, database: "postgres" });
    await outside.connect();
    const { name } = network.database;
    await outside.query(`alter database ${name} with allow_connections false`);
    await outside.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", [name]);
    try {
      assert.deepEqual(await wrongWith("/m/general", 503), []);
    } finally {
      await outside.query(`alter database ${name} with allow_connections true`);
      await outside.end();
    }
  });

  it("too many requests", async () => {
    const exhaust = async () => {
      for (let n = 0; n < TOO_MANY; n++) {
        const answer = await fetch(`${network.url}/about`, { headers: { accept: "text/html" } });
        await answer.arrayBuffer();
        if (answer.status === 429) return;
      }
    };
    assert.deepEqual(await wrongWith("/rules", 429, exhaust), []);
  });
});
