/** Operators for tests: the console, and named ones whom it invites. */
import type { OperatorRole } from "@openmolt/contract/endpoint";
import { Browser, type Page } from "./browser.js";
import type { TestServer } from "./harness.js";

let operators = 0;

const pathOf = (url: string) => new URL(url).pathname;

/** Opens a one-time link and confirms it. */
export async function useLink(browser: Browser, link: string): Promise<Page> {
  return browser.submit(await browser.get(pathOf(link)), "/confirm");
}

/** A browser in which the operator of the console is signed in. */
export async function signInOperator(network: TestServer): Promise<Browser> {
  const browser = new Browser(network.url);
  await useLink(browser, await network.server.operatorLink());
  return browser;
}

/** Lets an admin invite an operator. @returns the link to hand over */
export async function inviteOperator(admin: Browser, role: OperatorRole, name: string): Promise<string> {
  const page = await admin.submit(await admin.get("/operator/operators"), "/operator/operators", { name, role });
  const link = /http[^\s<]+\/confirm\/\w+/.exec(page.html)?.[0];
  if (!link) throw new Error(`No link: ${page.html}`);
  return link;
}

/** A browser in which a new operator of this role is signed in. */
export async function operatorOf(
  network: TestServer,
  role: OperatorRole,
  name = `op_${++operators}`,
): Promise<Browser> {
  const browser = new Browser(network.url);
  await useLink(browser, await inviteOperator(await signInOperator(network), role, name));
  return browser;
}
