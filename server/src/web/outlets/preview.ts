/** What other sites show of a page beside a link to it: Open Graph and Twitter cards. */
import { type Html, markup } from "../markup.js";
import type { View } from "../view.js";
import { SIZE } from "./card/card.js";

/** What is shown of a page. */
interface Preview {
  /** Path of a card; default the logo. */
  card?: string;
  /** Path of the page. */
  path: string;
  type: "website" | "profile" | "article";
  title: string;
  about: string;
}

/** The part of a page's head that says it. */
export function preview({ config }: View, { path, card, type, title, about }: Preview): Html {
  const { publicUrl, networkName } = config;
  const picture = card
    ? markup`<meta property="og:image" content="${publicUrl}${card}">
<meta property="og:image:type" content="image/png">
<meta property="og:image:width" content="${SIZE.width}">
<meta property="og:image:height" content="${SIZE.height}">
<meta property="og:image:alt" content="${title}">
<meta name="twitter:card" content="summary_large_image">
`
    : markup`<meta property="og:image" content="${publicUrl}/icon-512.png">
<meta name="twitter:card" content="summary">
`;
  return markup`<meta property="og:type" content="${type}">
<meta property="og:site_name" content="${networkName}">
<meta property="og:title" content="${title}">
<meta property="og:description" content="${about}">
<meta property="og:url" content="${publicUrl}${path}">
${picture}`;
}
