/** Looks at one page in a real browser, as a visitor and with the eyes of axe, and says all that is wrong with it. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type axe from "axe-core";
import type { BrowserContext, CDPSession, Page } from "playwright-core";
import type { Way } from "./pairwise.js";

/** Rules of axe that are off by default, and are held here: targets of 24 by 24 pixels, or as much room around them. */
const MORE_RULES = { "target-size": { enabled: true } };
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What a page looks like from outside its words. */
interface Seen {
  lang: string;
  theme: string | undefined;
  /** Lightness of the ground, 0 to 255. */
  ground: number;
  title: string;
  headings: number;
  /** How far the page is wider than the window, and what sticks out. */
  tooWide: number;
  sticksOut: string[];
}

/** Everything a page complains of while it is open. */
export function listen(page: Page, origin: string): string[] {
  const complaints: string[] = [];
  page.on("console", (message) => {
    const isOwnStatus = /status of [45]\d\d/.test(message.text()) && message.location().url === page.url();
    const isComplaint = message.type() === "error" || /Content Security Policy/.test(message.text());
    if (isComplaint && !isOwnStatus) complaints.push(`the console says: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`a script failed: ${error.message}`));
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== origin) complaints.push(`it asks another host: ${request.url()}`);
  });
  page.on("dialog", (dialog) => {
    complaints.push(`it opens a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  return complaints;
}

/** Runs in the page: how far it is wider than its window, and the innermost elements that stick out. */
const WIDTH = `(() => {
  const { scrollWidth, clientWidth } = document.documentElement;
  const tooWide = scrollWidth - clientWidth;
  const isOut = (element) => element.getBoundingClientRect().right > clientWidth + 1;
  const out = tooWide > 0 ? [...document.querySelectorAll("body *")].filter(isOut) : [];
  const innermost = out.filter((element) => ![...element.children].some(isOut));
  return { tooWide, sticksOut: innermost.slice(0, 3).map((element) => element.outerHTML.slice(0, 150)) };
})()`;

/** Runs in the page: what it is. */
const LOOK = `(() => {
  const root = document.documentElement;
  const [red, green, blue] = getComputedStyle(document.body).backgroundColor.match(/[\\d.]+/g).map(Number);
  return {
    lang: root.lang,
    theme: root.dataset.theme,
    ground: (red + green + blue) / 3,
    title: document.title,
    headings: document.querySelectorAll("h1").length,
  };
})()`;

/** How far an open page is wider than its window, in pixels, and the innermost elements that stick out. */
export function widthOf(page: Page): Promise<{ tooWide: number; sticksOut: string[] }> {
  return page.evaluate(WIDTH);
}

/**
 * Opens a page and looks at it.
 * @param context in the language, theme and width of `way`
 * @param withAxe whether axe looks as well, which takes most of the time
 * @returns what is wrong, nothing when all is well
 */
export async function visit(
  context: BrowserContext,
  url: string,
  status: number,
  way: Way,
  withAxe = true,
): Promise<string[]> {
  const page = await context.newPage();
  try {
    const devTools = await context.newCDPSession(page);
    await devTools.send("Emulation.setScriptExecutionDisabled", { value: !way.javaScript });
    const complaints = listen(page, new URL(url).origin);
    const answer = await page.goto(url);
    if (answer?.status() !== status) complaints.push(`its status is ${answer?.status()}, not ${status}`);
    complaints.push(
      ...wrongIn(
        { ...(await page.evaluate<Omit<Seen, "tooWide" | "sticksOut">>(LOOK)), ...(await widthOf(page)) },
        way,
      ),
    );
    if (!withAxe) return complaints;
    // What was read without JavaScript stays as it is; axe needs it.
    await devTools.send("Emulation.setScriptExecutionDisabled", { value: false });
    complaints.push(...(await axeFinds(devTools)));
    return complaints;
  } finally {
    await page.close();
  }
}

function wrongIn(seen: Seen, way: Way): string[] {
  const wrong: string[] = [];
  if (seen.lang !== way.lang) wrong.push(`its language is "${seen.lang}"`);
  if (seen.theme !== way.theme) wrong.push(`its theme is "${seen.theme}"`);
  if (seen.ground < 128 !== (way.theme === "dark")) wrong.push(`its ground has a lightness of ${seen.ground}`);
  if (seen.title.trim() === "") wrong.push("it has no title");
  if (seen.headings !== 1) wrong.push(`it has ${seen.headings} headings of the first level`);
  if (seen.tooWide > 0) wrong.push(`it is ${seen.tooWide} px too wide: ${seen.sticksOut.join("\n")}`);
  return wrong;
}

/** What axe finds serious or critical, looking from a world of its own, which the page's policy does not concern. */
async function axeFinds(devTools: CDPSession): Promise<string[]> {
  const { frameTree } = await devTools.send("Page.getFrameTree");
  const world = { frameId: frameTree.frame.id, worldName: "axe" };
  const { executionContextId: contextId } = await devTools.send("Page.createIsolatedWorld", world);
  const settings = JSON.stringify({ preload: false, resultTypes: ["violations"], rules: MORE_RULES });
  const { result, exceptionDetails } = await devTools.send("Runtime.evaluate", {
    contextId,
    expression: `${AXE}; axe.run(document, ${settings}).then(({ violations }) => violations)`,
    awaitPromise: true,
    returnByValue: true,
  });
  if (exceptionDetails) return [`axe failed: ${exceptionDetails.exception?.description ?? exceptionDetails.text}`];
  const found = (result.value as axe.Result[]).filter(({ impact }) => impact === "serious" || impact === "critical");
  return found.map(({ id, help, nodes }) => {
    const where = nodes.slice(0, 4).map(({ html, failureSummary }) => `${html.slice(0, 200)} ${failureSummary}`);
    return `axe: ${id}, ${help} (${nodes.length} times):\n${where.join("\n")}`;
  });
}
