/** Strings that want to break out of wherever they are put; every one can be stored. */
import { existsSync, readFileSync } from "node:fs";
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

/** Texts of real attacks on agents, where the data directory is there. */
export function attacks(most: number): string[] {
  const file = `${DATA}/injection/bipia/BIPIA_code.json`;
  if (!existsSync(file)) return [];
  const groups = JSON.parse(readFileSync(file, "utf8")) as Record<string, string[]>;
  return Object.values(groups).flat().slice(0, most);
}
