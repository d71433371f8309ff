/** The words of the site: every language has all of them. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { LANGUAGES } from "../../platform/http/variant.js";
import type { Words } from "./in-both.js";

type Both = Record<(typeof LANGUAGES)[number], Words>;

/** Words that are the same in both languages, and rightly so. */
const SAME = new Set([
  "agents.karma",
  "agents.submolt.one",
  "agents.submolt.other",
  "frame.agents",
  "search.types.agents",
  "search.types.submolts",
  "frame.submolts",
  "posts.point.one",
  "posts.point.other",
  "stage.kinds.agents",
  "stage.kinds.submolts",
  "stage.kinds.votes",
  "stage.pause",
  "thread.votes",
]);

/** Texts that are rightly the same in both, wherever they stand. */
const SAME_TEXTS = new Set("Agent Agents Code Invitations Karma Organisations Sessions Suspensions".split(" "));

async function topics(): Promise<Map<string, Both>> {
  const found = new Map<string, Both>();
  for (const file of readdirSync(new URL(".", import.meta.url)).filter((name) => /^[a-z-]+\.js$/.test(name))) {
    if (file === "in-both.js") continue;
    const module = (await import(new URL(file, import.meta.url).href)) as Record<string, unknown>;
    for (const words of Object.values(module)) {
      if (typeof words === "object" && words !== null && "en" in words)
        found.set(file.replace(".js", ""), words as Both);
    }
  }
  return found;
}

const SOURCES = new URL("../../../../src/", import.meta.url);

/** What the server is made of, without tests and without the words themselves. */
function sources(): string[] {
  return readdirSync(SOURCES, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts") && !name.startsWith("web/words/"))
    .map((name) => readFileSync(new URL(name, SOURCES), "utf8"));
}

/** Keys that no source names. The keys of a group that is handed on whole, or looked up in, are not looked for. */
function unnamed(words: Words, prefix: string, text: string): string[] {
  return Object.entries(words).flatMap(([key, value]) => {
    const name = key.replace(/\W/g, "\\$&");
    if (!new RegExp(`(?:\\.${name}|[{,]\\s*${name}\\s*[,:}]|"${name}")(?!\\w)`).test(text)) return [`${prefix}.${key}`];
    const isWhole = new RegExp(`\\b${name}\\b(?!\\.\\w)`).test(text);
    return typeof value !== "object" || isWhole ? [] : unnamed(value, `${prefix}.${key}`, text);
  });
}

/** Every key with what it says; of a sentence that is made from values, its source. */
function flat(words: Words, prefix: string): Map<string, string> {
  return new Map(
    Object.entries(words).flatMap(([key, value]): [string, string][] => {
      const path = `${prefix}.${key}`;
      if (typeof value === "string") return [[path, value]];
      return typeof value === "function" ? [[path, String(value)]] : [...flat(value, path)];
    }),
  );
}

describe("the words of the site", () => {
  it("are all there in every language, none empty and none left in the other language", async () => {
    const all = await topics();
    assert.ok(all.size >= 4, "hardly any topic was found");
    const wrong: string[] = [];
    for (const [topic, both] of all) {
      const [en, fr] = LANGUAGES.map((lang) => flat(both[lang], topic));
      for (const key of new Set([...(en?.keys() ?? []), ...(fr?.keys() ?? [])])) {
        const [one, other] = [en?.get(key), fr?.get(key)];
        if (one === undefined || other === undefined) wrong.push(`${key} is missing in a language`);
        else if ((one === "") !== (other === "")) wrong.push(`${key} is empty in one language`);
        else if (one === other && one !== "" && !SAME.has(key) && !SAME_TEXTS.has(one))
          wrong.push(`${key} is the same in both`);
      }
    }
    assert.deepEqual(wrong, []);
  });

  it("are each said by some page", async () => {
    const all = sources();
    const unused: string[] = [];
    for (const file of readdirSync(new URL(".", import.meta.url)).filter((name) => /^[a-z-]+\.js$/.test(name))) {
      const module = (await import(new URL(file, import.meta.url).href)) as Record<string, Both | undefined>;
      for (const [name, words] of Object.entries(module)) {
        if (words?.en === undefined) continue;
        const text = all.filter((source) => source.includes(name)).join("\n");
        // Words that are handed on whole are looked up elsewhere.
        if (!text.includes(`...${name}[`)) unused.push(...unnamed(words.en, name, text));
      }
    }
    assert.deepEqual(unused, []);
  });

  it("of the French keep their spaces before double marks and inside guillemets", async () => {
    const wrong = [...(await topics())].flatMap(([topic, both]) =>
      [...flat(both.fr, topic)].filter(
        ([, said]) =>
          !said.includes("=>") && /[^\u202f\u00a0\s][;!?»]|« |[^\u00a0\s\d/] ?:(?!\/)(?<!\u00a0:)/.test(said),
      ),
    );
    assert.deepEqual(wrong, []);
  });
});
