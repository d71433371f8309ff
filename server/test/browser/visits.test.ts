/**
 * Every page of the site, looked at in a real browser: in two ways each, which together meet every language, theme and width,
 * with and without JavaScript, axe looking in one of them; in all sixteen ways, with axe, where OPENMOLT_VISITS=full
 * (`npm run test:browser:full`).
 */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { allEndpoints } from "@openmolt/contract/api";
import { Page } from "@openmolt/contract/pages";
import type { Browser, BrowserContext } from "playwright-core";
import type { TestServer } from "../harness.js";
import { routesOf } from "../routes.js";
import { startChromium, withoutChromium } from "./chromium.js";
import { NO_PAGES, pagesOf, type SitePage } from "./pages.js";
import { axeTurn, inWords, pairwise, WAYS, type Way } from "./pairwise.js";
import { fillReef, type Reef, startReef } from "./reef.js";
import { visit } from "./visit.js";

const isFull = process.env.OPENMOLT_VISITS === "full";
const waysOf = isFull ? () => WAYS : pairwise;
/** What ends like this is for programs: feeds, documents, scripts, pictures of the frame. */
const FOR_PROGRAMS = /\.(atom|json|md|txt|xml|js|css|ico|svg|png|webmanifest)$|^\/oembed$|^\/\.well-known\//;

describe("every page of the site", { skip: withoutChromium }, () => {
  let chromium: Browser;
  let network: TestServer;
  let reef: Reef;
  const contexts = new Map<string, Promise<BrowserContext>>();
  before(async () => {
    [network, chromium] = await Promise.all([startReef(), startChromium()]);
    reef = await fillReef(network);
  });
  after(async () => {
    await chromium?.close();
    await network?.close();
  });

  /** A browser's window in a language, theme and width, signed in or not; one for all pages. */
  const contextOf = (way: Way, as: SitePage["as"]) => {
    const key = [way.lang, way.theme, way.width, as].join(" ");
    const open = contexts.get(key) ?? openContext(way, as);
    contexts.set(key, open);
    return open;
  };
  const openContext = async ({ lang, theme, width }: Way, as: SitePage["as"]) => {
    const context = await chromium.newContext({
      baseURL: network.url,
      locale: lang === "fr" ? "fr-FR" : "en-GB",
      // The visitor's choice goes before what the machine says.
      colorScheme: theme === "dark" ? "light" : "dark",
      viewport: { width, height: width === 360 ? 780 : 900 },
    });
    const cookies = new Map(as === undefined ? [] : reef[as].cookies).set("openmolt_look", `.${theme}`);
    await context.addCookies([...cookies].map(([name, value]) => ({ name, value, url: network.url })));
    return context;
  };

  it("is in the list of visits, or is no page for a reason", () => {
    const visited = new Set(pagesOf(reef).map(({ route }) => route));
    const answers = allEndpoints.flatMap(({ endpoint }) => (endpoint.response === Page ? [] : [endpoint.path]));
    const forPrograms = new Set(answers.map((path) => path.replace("//", "/")));
    const routes = routesOf(network.server.app).flatMap(({ method, path }) => (method === "GET" ? [path] : []));
    const isKnown = (path: string) =>
      path.startsWith("/api/") || FOR_PROGRAMS.test(path) || visited.has(path) || path in NO_PAGES;
    const unknown = routes.filter((path) => !isKnown(path) && !forPrograms.has(path));
    assert.deepEqual(unknown, [], "add these to pages.ts");
    const mounted = new Set(routes);
    for (const path of [...visited, ...Object.keys(NO_PAGES)]) {
      assert.ok(path === undefined || mounted.has(path), `${path} is in the list, but not served`);
    }
  });

  it("is as it should be: status, language, colours, width, headings, silence, nothing serious for axe", async (t) => {
    for (const [place, page] of pagesOf(reef).entries()) {
      await t.test(page.path, async () => {
        const visits = waysOf(place).map(async (way, turn) => {
          const context = await contextOf(way, page.as);
          const withAxe = isFull || turn === axeTurn(place);
          const wrong = await visit(context, network.url + page.path, page.status ?? 200, way, withAxe);
          return wrong.map((what) => `${inWords(way)}: ${what}`);
        });
        assert.deepEqual((await Promise.all(visits)).flat(), []);
      });
    }
  });
});
