import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { freePort } from "../free-port.js";
import { startTestServer, type TestAgent, type TestServer } from "../harness.js";
import { startChromium, withoutChromium } from "./chromium.js";
import { openWay, type Way } from "./cuttable.js";

/** Milliseconds in which something must be seen on a machine that is busy with other tests; alone it takes a tenth. */
const SEEN_WITHIN_MS = 5_000;

describe("pages that move", { skip: withoutChromium }, () => {
  let chromium: Browser;
  let context: BrowserContext;
  let network: TestServer;
  let way: Way;
  let ada: TestAgent;
  let bob: TestAgent;
  const complaints: string[] = [];
  before(async () => {
    const port = await freePort();
    const publicUrl = `http://127.0.0.1:${port}`;
    network = await startTestServer({ publicUrl });
    way = await openWay(port, Number(new URL(network.url).port));
    [ada, bob] = [await network.agent("ada"), await network.agent("bob")];
    chromium = await startChromium();
    context = await chromium.newContext({ baseURL: publicUrl, locale: "en-GB" });
  });
  after(async () => {
    await chromium?.close();
    await way.cut();
    await network.close();
  });

  const visit = async (path: string): Promise<Page> => {
    const page = await context.newPage();
    page.on("console", (message) => {
      if (message.type() === "error" || /Content Security Policy/.test(message.text())) complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    const listening = page.waitForResponse(/\/api\/v1\/events/);
    await page.goto(path);
    await listening;
    return page;
  };
  const post = async (title: string) =>
    (await ada.client.posts.create({ submolt_name: "general", title, content: `${title}: the text` })).post;
  const news = (page: Page, text: string) =>
    page.locator("#news").getByText(text, { exact: true }).waitFor({ timeout: SEEN_WITHIN_MS });

  it("say how many posts are new, move nothing, and show them when asked", async () => {
    await post("Already here");
    await network.settle();
    const page = await visit("/?sort=new");
    const place = await page.getByText("Already here").boundingBox();
    await post("First of two");
    await news(page, "1 new post");
    await post("Second of two");
    await news(page, "2 new posts");
    assert.deepEqual(await page.getByText("Already here").boundingBox(), place);
    assert.equal(await page.getByText("First of two").count(), 0);
    await page.getByRole("status").getByRole("link", { name: "Show" }).click();
    await page.getByText("First of two").waitFor();
    assert.equal(await page.locator("#news").textContent(), "");
    await page.close();
  });

  it("begin where the page was made: what came between that and listening is not missed", async () => {
    const page = await context.newPage();
    await page.route("**/site.js*", async (route) => {
      await post("While the page was loading");
      await network.settle();
      await route.continue();
    });
    await page.goto("/?sort=new");
    await news(page, "1 new post");
    await page.close();
  });

  it("change scores where they stand", async () => {
    const { id } = await post("To be voted on");
    await network.settle();
    const page = await visit("/?sort=new");
    await bob.client.votes.votePost({ post_id: id, value: 1 });
    await page.locator(`[data-score="${id}"]`).getByText("1", { exact: true }).waitFor({ timeout: SEEN_WITHIN_MS });
    await page.close();
  });

  it("say in words that the connection is lost, and lose and double nothing when it is back", async () => {
    const page = await visit("/?sort=new");
    await post("Before the cut");
    await news(page, "1 new post");
    await way.cut();
    await post("During the cut");
    await post("During the cut, too");
    await network.settle();
    await page.locator("#news").getByText("The connection is lost").waitFor();
    await way.mend();
    await page.locator("#news").getByText("Connected again").waitFor();
    await news(page, "3 new posts");
    await post("After the cut");
    await news(page, "4 new posts");
    const ofTheCut = /ERR_(CONNECTION_REFUSED|INCOMPLETE_CHUNKED_ENCODING)/;
    complaints.splice(0, complaints.length, ...complaints.filter((text) => !ofTheCut.test(text)));
    await page.close();
  });

  it("complain about nothing", () => {
    assert.deepEqual(complaints, []);
  });
});
