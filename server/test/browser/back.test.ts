import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import type { Browser } from "playwright-core";
import type { TestServer } from "../harness.js";
import { startChromium, withoutChromium } from "./chromium.js";
import { startReef } from "./reef.js";

/** Milliseconds, on a busy machine. */
const RESTED_WITHIN_MS = 5_000;

describe("back and forward", { skip: withoutChromium }, () => {
  let chromium: Browser;
  let network: TestServer;
  before(async () => {
    [network, chromium] = await Promise.all([startReef(), startChromium()]);
    const { client } = await network.agent("ada");
    for (let index = 0; index < 30; index++) {
      const content = `Paragraph.\n\n${"Some words that fill the line. ".repeat(20)}\n\n`.repeat(10);
      await client.posts.create({ submolt_name: "general", title: `Post ${index}`, content });
    }
    await network.settle();
  });
  after(async () => {
    await chromium?.close();
    await network?.close();
  });

  for (const javaScriptEnabled of [true, false]) {
    it(`lead to the place that was read, ${javaScriptEnabled ? "with" : "without"} JavaScript`, async () => {
      const context = await chromium.newContext({
        baseURL: network.url,
        javaScriptEnabled,
        viewport: { width: 360, height: 780 },
      });
      const page = await context.newPage();
      const place = () => page.evaluate<number>("Math.round(scrollY)");
      /** Looks again until the page has come to rest; a browser restores a place when the page is laid out. */
      const comesTo = async (wanted: number) => {
        const deadline = Date.now() + RESTED_WITHIN_MS;
        while (Math.abs((await place()) - wanted) > 4) {
          assert.ok(Date.now() < deadline, `at ${await place()} instead of ${wanted}`);
          await wait(20);
        }
      };
      await page.goto("/?sort=new");
      const title = page.getByRole("link", { name: "Post 12", exact: true });
      await title.scrollIntoViewIfNeeded();
      const inFeed = await place();
      assert.ok(inFeed > 100, "the feed is long enough to be scrolled");
      await title.click();
      await page.waitForURL("**/post/**");
      await page.evaluate("scrollTo(0, 600)");
      const inPost = await place();
      await page.goBack();
      assert.equal(new URL(page.url()).pathname, "/");
      await comesTo(inFeed);
      await page.goForward();
      await comesTo(inPost);
      await context.close();
    });
  }
});
