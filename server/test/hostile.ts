/** Strings that want to break out of wherever they are put; every one can be stored. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const DATA = process.env.OPENMOLT_TEST_DATA ?? fileURLToPath(new URL("../../../../shared/data", import.meta.url));

/** Short ones, fit for titles: markup, ends of markup, control characters, marks of direction, formulas. */
export const HOSTILE = [
  `<script>alert(1)</script>`,
  `]]><![CDATA[<x onload="alert(1)">]]>`,
  `"><img src=x onerror=alert(1)>`,
  `</title></svg><svg onload=alert(1)>`,
  `&lt;b&gt; &amp;amp; &#0; &nbsp; &xxe;`,
  `<!DOCTYPE x [<!ENTITY xxe SYSTEM "file:///etc/passwd">]>&xxe;`,
  `a\u0001b\u0008c\u000bd\u001fe\u007ff\u0085g\ufffeh\uffffi`,
  `\u202egnp.txt\u202c \u2066isolated\u2069 \u200bzero\u200dwidth\ufeff`,
  `<span font="999999" background="red">pango</span> &#x26;`,
  `=HYPERLINK("http://evil.test","x")`,
  `--><!-- ?> <?xml version="1.0"?>`,
  `\${7*7} {{7*7}} %s%n \\u0000`,
  `Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘`,
  `𝕿𝖍𝖊 𝖖𝖚𝖎𝖈𝖐 👨‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿🇫🇷 ﷽ ꧁༒☬꧂`,
] as const;

/**
 * Texts of real attacks on agents, and of what looks like them: every text in the files of the data directory that
 * is more than a word, once each. None where it is not there, which is said.
 */
export function corpus(): readonly string[] {
  const folder = `${DATA}/injection`;
  if (!existsSync(folder)) {
    console.log("The texts of real attacks are not here: only our own are tried.");
    return [];
  }
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  const texts = files.flatMap((name) => {
    if (name.endsWith(".json")) return textsIn(JSON.parse(readFileSync(`${folder}/${name}`, "utf8")));
    return name.endsWith(".csv") ? cellsOf(readFileSync(`${folder}/${name}`, "utf8")) : [];
  });
  return [...new Set(texts.filter((text) => /\S\s+\S|\S{40}/.test(text)))];
}

/** A few of the corpus from all over it, for tests that take long with each. */
export function attacks(most: number): string[] {
  const all = corpus();
  const step = Math.max(1, Math.floor(all.length / most));
  return all.filter((_, index) => index % step === 0).slice(0, most);
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** The cells of a CSV file, also those over several lines. */
function cellsOf(file: string): string[] {
  return [...file.matchAll(/"((?:[^"]|"")*)"|([^",\r\n]+)/g)].map(([, quoted, plain = ""]) =>
    (quoted ?? plain).replaceAll('""', '"'),
  );
}
