/** A real browser for tests, where one is installed. */
import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const program = PLACES.find((place) => existsSync(place));

/** Why tests with a browser are skipped here; false where they run. */
export const withoutChromium: string | false =
  program === undefined && `Chromium is not installed in any of ${PLACES.join(", ")}: tests with a browser are skipped`;

if (withoutChromium !== false) console.log(withoutChromium);

/** Starts Chromium without a window. */
export function startChromium(): Promise<Browser> {
  if (program === undefined) throw new Error(String(withoutChromium));
  // The sandbox of Chromium refuses to run as root, which is who tests are in a container.
  return chromium.launch({ executablePath: program, args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] });
}
