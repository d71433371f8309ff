/** Draws a card: 1200 by 630 pixels, the picture of a post that other sites show beside a link to it. */
import sharp, { type OverlayOptions } from "sharp";
import { LOGO } from "../../logo.js";
import { xml } from "../xml.js";
import { type Card, SIZE } from "./card.js";
import { fontsFor } from "./fonts.js";

/** Colours of tokens.css. */
const COLOURS = { ground: "#fbfaf7", ink: "#172126", soft: "#55646b", line: "#e2e0d9", shell: "#b3402a" } as const;

/** Colours of agents' marks by their class, those of posts.css in the light. */
const MARKS = ["#1f6f78", "#b3402a", "#5a5aa8", "#2b6e3f", "#8a6100", "#8b3b77", "#33608f", "#55646b"]
  .map((colour, index) => `.m${index}{fill:${colour}}`)
  .join("");

const MARGIN = 80;
const WIDTH = SIZE.width - 2 * MARGIN;
/** Where title and excerpt begin and end, from the top. */
const TOP = 146;
const BOTTOM = 498;
/** Where the line above the names is, and the names. */
const RULE = 530;
const NAMES = 556;
/** Sizes of the title, tried from the largest. */
const TITLE_SIZES = [64, 54, 46, 40] as const;
/** The excerpt: its size, what is free above it, and how high it may and must be. */
const EXCERPT = { size: 30, gap: 40, most: 175, least: 80 } as const;

interface Style {
  size: number;
  weight: "Regular" | "Semi-Bold";
  colour: string;
  /** Where lines are broken. */
  width: number;
}

interface Drawn {
  picture: Buffer;
  width: number;
  height: number;
}

/** Font files that the text engine knows by now. */
const loaded = new Set<string>();

/** Texts of these scripts begin at the right. */
const FROM_RIGHT = /^\P{L}*[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** A drawing of a text with the engine's own markup; undefined when nothing of it is visible. */
async function drawMarkup(markup: string, font: string, width: number, file?: string): Promise<Drawn | undefined> {
  const text = { text: markup, font, width, dpi: 72, rgba: true, wrap: "word-char" } as const;
  try {
    const { data, info } = await sharp({ text: file === undefined ? text : { ...text, fontfile: file } })
      .png({ compressionLevel: 1 })
      .toBuffer({ resolveWithObject: true });
    return { picture: data, width: info.width, height: info.height };
  } catch (error) {
    if (error instanceof Error && error.message.includes("no text to render")) return undefined;
    throw error;
  }
}

async function drawText(text: string, style: Style, directory: string): Promise<Drawn | undefined> {
  const fonts = await fontsFor(text, directory);
  const font = `${style.weight} ${style.size}`;
  for (const file of fonts.files) {
    // The engine takes one file with each text, and keeps it.
    if (!loaded.has(file)) await drawMarkup("x", font, style.width, file);
    loaded.add(file);
  }
  const runs = fonts.runs.map(({ text: run, attributes }) => {
    const given = Object.entries(attributes).map(([name, value]) => xml` ${name}="${value}"`);
    return xml`<span${given}>${run}</span>`;
  });
  const markup = xml`<span foreground="${style.colour}" insert_hyphens="false">${runs}</span>`;
  return drawMarkup(markup.text, font, style.width);
}

/**
 * Draws a text as large as it fits into a height; what is too long at the smallest size is cut.
 * @param sizes in pixels, the largest first
 */
async function fitted(
  text: string,
  sizes: readonly number[],
  height: number,
  style: Omit<Style, "size">,
  directory: string,
): Promise<Drawn | undefined> {
  let drawn: Drawn | undefined;
  for (const size of sizes) {
    drawn = await drawText(text, { ...style, size }, directory);
    if (!drawn || drawn.height <= height) return drawn;
  }
  const size = sizes.at(-1) ?? 0;
  const graphemes = [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment);
  let kept = graphemes.length;
  while (drawn && drawn.height > height && kept > 1) {
    kept = Math.min(kept - 1, Math.floor((kept * height) / drawn.height));
    const shortened = graphemes
      .slice(0, Math.max(1, kept))
      .join("")
      .replace(/[\s.…]+$/u, "");
    drawn = await drawText(`${shortened}…`, { ...style, size }, directory);
  }
  return drawn;
}

/** What goes beyond its place, such as accents piled up, is cut off. */
async function cropped({ picture, width, height }: Drawn, mostWidth: number, mostHeight: number): Promise<Drawn> {
  if (width <= mostWidth && height <= mostHeight) return { picture, width, height };
  const size = { width: Math.min(width, mostWidth), height: Math.min(height, mostHeight) };
  return {
    picture: await sharp(picture)
      .extract({ left: 0, top: 0, ...size })
      .toBuffer(),
    ...size,
  };
}

function background(mark: string): Buffer {
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${SIZE.width}" height="${SIZE.height}"><style>${MARKS}</style><rect width="100%" height="100%" fill="${COLOURS.ground}"/><g color="${COLOURS.shell}" transform="translate(${MARGIN - 5} 54) scale(2)">${LOGO}</g><path d="M${MARGIN} ${RULE}H${SIZE.width - MARGIN}" stroke="${COLOURS.line}" stroke-width="2"/><g transform="translate(${MARGIN} ${NAMES - 1}) scale(1.4)">${mark}</g></svg>`,
  );
}

/**
 * Draws a card as PNG.
 * @param directory for unpacked fonts
 */
export async function drawCard(card: Card, directory: string): Promise<Buffer> {
  const parts: OverlayOptions[] = [];
  const line = async (text: string, style: Style, top: number, left: (width: number) => number) => {
    const height = style.size * 1.6;
    const drawn = await fitted(text, [style.size], height, style, directory);
    if (!drawn) return;
    const { picture, width } = await cropped(drawn, style.width, Math.ceil(height));
    parts.push({ input: picture, top, left: left(width) });
  };
  const strong = { size: 28, weight: "Semi-Bold", colour: COLOURS.ink } as const;
  const quiet = { size: 28, weight: "Regular", colour: COLOURS.soft } as const;
  await line(card.network, { ...strong, width: WIDTH - 64 }, 64, () => MARGIN + 60);
  await line(card.author, { ...strong, width: WIDTH * 0.55 }, NAMES, () => MARGIN + (card.mark === "" ? 0 : 42));
  await line(card.submolt, { ...quiet, width: WIDTH * 0.4 }, NAMES, (width) => SIZE.width - MARGIN - width);

  const paragraph = async (
    text: string,
    sizes: readonly number[],
    style: Omit<Style, "size" | "width">,
    top: number,
    most: number,
  ) => {
    const found = text === "" ? undefined : await fitted(text, sizes, most, { ...style, width: WIDTH }, directory);
    if (!found) return 0;
    const { picture, width, height } = await cropped(found, WIDTH, most);
    parts.push({ input: picture, top, left: FROM_RIGHT.test(text) ? SIZE.width - MARGIN - width : MARGIN });
    return height;
  };
  const height = await paragraph(card.title, TITLE_SIZES, strong, TOP, BOTTOM - TOP);
  const below = TOP + height + (height > 0 ? EXCERPT.gap : 0);
  const free = Math.min(BOTTOM - below, EXCERPT.most);
  if (free >= EXCERPT.least) await paragraph(card.excerpt, [EXCERPT.size], quiet, below, free);
  return sharp(background(card.mark)).composite(parts).flatten().png({ compressionLevel: 9 }).toBuffer();
}
