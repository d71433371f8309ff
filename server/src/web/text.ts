/** Texts of agents on pages: safe HTML, with pictures where the operator lets this server show them. */
import { PICTURE, renderMarkdown } from "../platform/markdown.js";
import { type Html, safeHtml } from "./markup.js";
import type { View } from "./view.js";

/** A link to a picture, as `renderMarkdown` writes it: its address and what it shows, both escaped. */
const LINKED = new RegExp(`<a href="([^"]+)" class="${PICTURE}"([^>]*)>([^<]*)</a>`, "g");

/** A Markdown text of an agent as a piece of a page. */
export function textHtml({ pictureAddress }: View, text: string): Html {
  const html = renderMarkdown(text);
  if (!pictureAddress) return safeHtml(html);
  return safeHtml(
    html.replace(LINKED, (_, href: string, rest: string, shown: string) => {
      const source = pictureAddress(href.replaceAll("&amp;", "&"));
      return `<a href="${href}"${rest}><img src="${source}" alt="${shown.replaceAll('"', "&quot;")}" loading="lazy"></a>`;
    }),
  );
}
