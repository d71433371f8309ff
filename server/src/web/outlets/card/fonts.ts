/**
 * The fonts of the cards, as npm ships them: sliced by characters, compressed. Only slices that a text needs are unpacked,
 * each once, into files that the text engine can open.
 */
import { readFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import decompress from "woff2-encoder/decompress";

/** A family by the name its files carry, and the stylesheet that lists its slices. */
interface Family {
  name: string;
  sheet: string;
  /** The characters it is for; its stylesheet claims more. */
  only: RegExp;
}

const OF_ANY = /./u;
const LATIN: Family = {
  name: "Noto Sans",
  sheet: import.meta.resolve("@fontsource-variable/noto-sans/wght.css"),
  only: OF_ANY,
};
const OTHERS: readonly Family[] = [
  {
    name: "Noto Sans Arabic",
    sheet: import.meta.resolve("@fontsource-variable/noto-sans-arabic/wght.css"),
    only: /\p{Script=Arabic}/u,
  },
  {
    name: "Noto Sans Hebrew",
    sheet: import.meta.resolve("@fontsource-variable/noto-sans-hebrew/wght.css"),
    only: /\p{Script=Hebrew}/u,
  },
  {
    name: "Noto Sans Thai",
    sheet: import.meta.resolve("@fontsource-variable/noto-sans-thai/wght.css"),
    only: /\p{Script=Thai}/u,
  },
];
const EASTERN = /[^\p{M}\p{Script=Latin}]/u;
/** These files name themselves after their lightest weight. */
const CHINESE: Family = {
  name: "Noto Sans SC Thin",
  sheet: import.meta.resolve("@fontsource-variable/noto-sans-sc/wght.css"),
  only: EASTERN,
};
const JAPANESE: Family = {
  name: "Noto Sans JP Thin",
  sheet: import.meta.resolve("@fontsource-variable/noto-sans-jp/wght.css"),
  only: EASTERN,
};
const KOREAN: Family = {
  name: "Noto Sans KR Thin",
  sheet: import.meta.resolve("@fontsource-variable/noto-sans-kr/wght.css"),
  only: EASTERN,
};
const EMOJI: Family = {
  name: "Noto Color Emoji",
  sheet: import.meta.resolve("@infolektuell/noto-color-emoji/index.css"),
  only: OF_ANY,
};

const BLOCK = /@font-face\s*\{([^}]*)\}/g;
const FILE = /url\(\.\/(files\/[\w.-]+\.woff2)\)/;
const RANGES = /unicode-range:\s*([^;]+);/;

interface Slice {
  file: URL;
  /** First and last code points. */
  ranges: readonly (readonly [number, number])[];
}

const sheets = new Map<Family, readonly Slice[]>();

function slicesOf(of: Family): readonly Slice[] {
  const known = sheets.get(of);
  if (known) return known;
  const sheet = new URL(of.sheet);
  const slices = [...readFileSync(sheet, "utf8").matchAll(BLOCK)].flatMap(([, block = ""]) => {
    const file = FILE.exec(block)?.[1];
    const ranges = RANGES.exec(block)?.[1];
    return file && ranges ? [{ file: new URL(file, sheet), ranges: ranges.split(",").map(rangeOf) }] : [];
  });
  sheets.set(of, slices);
  return slices;
}

function rangeOf(text: string): readonly [number, number] {
  const [first = "", last = first] = text.trim().slice(2).split("-");
  return [Number.parseInt(first, 16), Number.parseInt(last, 16)];
}

function holds({ ranges }: Slice, character: string): boolean {
  const point = character.codePointAt(0) ?? 0;
  return ranges.some(([first, last]) => first <= point && point <= last);
}

/** Families in the order in which they are asked for a character: the same one is drawn differently in each country. */
function orderFor(text: string): readonly Family[] {
  const eastern = /[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text)
    ? [JAPANESE, CHINESE, KOREAN]
    : /\p{Script=Hangul}/u.test(text)
      ? [KOREAN, CHINESE, JAPANESE]
      : [CHINESE, JAPANESE, KOREAN];
  return [LATIN, ...OTHERS, ...eastern];
}

const HAS_EMOJI = /\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f|\p{RI}|\u20e3/u;

/** A piece of a text that is drawn with the same fonts. */
interface Run {
  text: string;
  /** Attributes of the text engine's markup. */
  attributes: Readonly<Record<string, string>>;
}

/** What a text is drawn with. */
interface Fonts {
  runs: readonly Run[];
  /** Files with all of its characters that we have. */
  files: readonly string[];
}

const unpacked = new Map<string, Promise<string>>();

function unpack(file: URL, directory: string, weight?: number): Promise<string> {
  const path = unpacked.get(file.href) ?? write(file, join(directory, `${unpacked.size}.ttf`), weight);
  unpacked.set(file.href, path);
  return path;
}

async function write(file: URL, path: string, weight: number | undefined): Promise<string> {
  const font = Buffer.from(await decompress(await readFile(file)));
  if (weight !== undefined) setWeight(font, weight);
  await writeFile(path, font);
  return path;
}

/** Writes a weight class into a font: the third field of its table OS/2. */
function setWeight(font: Buffer, weight: number): void {
  for (let entry = 12; entry < 12 + 16 * font.readUInt16BE(4); entry += 16) {
    if (font.toString("latin1", entry, entry + 4) === "OS/2")
      font.writeUInt16BE(weight, font.readUInt32BE(entry + 8) + 4);
  }
}

/**
 * Gets the fonts for a text ready. Fancy characters that no font of ours has become the plain ones they stand for.
 * @param directory where unpacked slices go; always the same
 */
export async function fontsFor(text: string, directory: string): Promise<Fonts> {
  const order = orderFor(text);
  const attributes = { font_family: order.map(({ name }) => name).join(",") };
  const files = new Map<URL, number | undefined>();
  const find = (character: string): boolean => {
    for (const one of order) {
      const slice = one.only.test(character) && slicesOf(one).find((candidate) => holds(candidate, character));
      if (!slice) continue;
      files.set(slice.file, undefined);
      return true;
    }
    return false;
  };
  const plain = (character: string): string => {
    if (find(character)) return character;
    const simple = character.normalize("NFKC");
    if (simple !== character && [...simple].every(find)) return simple;
    // An accent that stands on everything is drawn on nothing.
    return /\p{Mn}/u.test(character) ? "" : character;
  };
  const runs: Run[] = [];
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    const last = runs.at(-1);
    if (HAS_EMOJI.test(segment)) {
      const { file, weight } = emojiFor(segment);
      files.set(file, weight);
      runs.push({ text: segment, attributes: { weight: String(weight) } });
    } else if (last?.attributes === attributes) last.text += [...segment].map(plain).join("");
    else runs.push({ text: [...segment].map(plain).join(""), attributes });
  }
  return { runs, files: await Promise.all([...files].map(([file, weight]) => unpack(file, directory, weight))) };
}

/**
 * The slice that has most of an emoji: a flag or a family of four is one glyph for several characters. The text engine
 * looks for emoji in all fonts it has, whatever family it is asked for; but it begins with the weight it is asked for.
 */
function emojiFor(emoji: string): { file: URL; weight: number } {
  const slices = slicesOf(EMOJI);
  const held = slices.map((slice) => [...emoji].filter((character) => holds(slice, character)).length);
  const best = held.indexOf(Math.max(...held));
  const { file } = slices[best] ?? { file: new URL(EMOJI.sheet) };
  return { file, weight: 100 + 75 * best };
}
