/** URLs by which kept answers were asked for lately, so that the next reader is answered without looking at more than that. */
import type { Variant } from "./variant.js";

/** URLs remembered, and the longest of them in characters. */
const MOST_URLS = 5_000;
const LONGEST_URL = 300;

/** What lies behind a URL. */
interface Shortcut {
  /** Its key in the cache. */
  key: string;
  /** What its readers are charged to; those of pages are not told how much is left. */
  limit: "read" | "page";
}

/** Which URLs lead to which answers in the cache, for readers without a key. */
export class Shortcuts {
  readonly #known = new Map<string, Shortcut>();
  #isClosed = false;

  /**
   * Remembers a URL; the one that has been known for longest goes.
   * @param variant the form of the page that lies there, where it is a page
   */
  learn(url: string, shortcut: Shortcut, variant?: Variant): void {
    const place = variant ? `${variant.key} ${url}` : url;
    if (this.#isClosed || url.length > LONGEST_URL || this.#known.has(place)) return;
    this.#known.set(place, shortcut);
    const [first] = this.#known.keys();
    if (this.#known.size > MOST_URLS && first !== undefined) this.#known.delete(first);
  }

  /** Forgets all and learns no more: a server that closes says so in its answers, which kept ones cannot. */
  close(): void {
    this.#known.clear();
    this.#isClosed = true;
  }

  /** What lies behind a URL, if it is known; what is a page there depends on who looks. */
  find(url: string, variantOf: () => Variant): Shortcut | undefined {
    return this.#known.get(url) ?? (url.startsWith("/api/") ? undefined : this.#known.get(`${variantOf().key} ${url}`));
  }
}
