/** Pieces of pages: HTML that is escaped by default. */
import { html, raw } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";

/** A piece of a page. Values in the template are escaped unless they are pieces themselves. */
export type Html = HtmlEscapedString;

/** Makes a piece of a page from what is already there. */
export function markup(parts: TemplateStringsArray, ...values: unknown[]): Html {
  const made = html(parts, ...values);
  if (made instanceof Promise) throw new Error("A page is made from values, not from promises");
  return made;
}

/** A piece of a page from HTML that is safe already (rendered Markdown). */
export function safeHtml(text: string): Html {
  return raw(text) as Html;
}
