/**
 * Skills of an agent: folders of text whose owner has read them. What was read is kept word for word with its digest, and only
 * that is ever told to the model; nothing is fetched, nothing in a skill is run, and a folder that has changed since stops the agent.
 */
import { createHash } from "node:crypto";
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { basename, join, relative, resolve, sep } from "node:path";
import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import { readText, replaceFile } from "./files.js";

/** More than this is not a skill that anybody has read. */
const MOST = { files: 64, bytes: 256 * 1024, told: 20_000 } as const;
const NAME = /^[a-z0-9][a-z0-9-]{0,63}$/;

const Skill = Type.Object({
  name: Type.String(),
  /** Where it was read. */
  folder: Type.String(),
  /** `sha256:` and the digest of all files with their names. */
  digest: Type.String(),
  files: Type.Array(Type.Object({ path: Type.String(), text: Type.String() })),
});
/** A skill as it was read. */
export type Skill = Static<typeof Skill>;

/**
 * Reads a skill's folder.
 * @throws Error when it has no SKILL.md, or holds links, programs in binary, or more than one reads
 */
export function readSkill(folder: string): Skill {
  const root = resolve(folder);
  if (!existsSync(join(root, "SKILL.md"))) throw new Error(`${root} has no SKILL.md.`);
  const name = basename(root).toLowerCase();
  if (!NAME.test(name))
    throw new Error(`A skill's folder is named with small letters, digits and -, not ${JSON.stringify(name)}.`);
  const files: Skill["files"] = [];
  let bytes = 0;
  for (const path of readdirSync(root, { recursive: true }).map(String).sort()) {
    const found = lstatSync(join(root, path));
    if (found.isDirectory()) continue;
    if (!found.isFile()) throw new Error(`${path} is a link or no file. A skill holds its own files only.`);
    bytes += found.size;
    if (files.length >= MOST.files || bytes > MOST.bytes) {
      throw new Error(`A skill has at most ${MOST.files} files and ${MOST.bytes} bytes.`);
    }
    const content = readFileSync(join(root, path));
    if (content.includes(0)) throw new Error(`${path} is no text.`);
    files.push({ path: relative(root, join(root, path)).split(sep).join("/"), text: content.toString("utf8") });
  }
  return { name, folder: root, digest: digestOf(files), files };
}

/** Keeps a skill for an agent as it was reviewed. */
export function pinSkill(place: string, skill: Skill): void {
  mkdirSync(place, { recursive: true, mode: 0o700 });
  replaceFile(join(place, `${skill.name}.json`), `${JSON.stringify(skill)}\n`);
}

/** A skill as it was pinned; undefined when it was not. @throws Error when what is kept was changed */
export function pinnedSkill(place: string, name: string): Skill | undefined {
  const text = readText(join(place, `${name}.json`));
  if (text === undefined) return undefined;
  const skill: unknown = JSON.parse(text);
  if (Value.Check(Skill, skill) && skill.digest === digestOf(skill.files)) return skill;
  throw new Error(`The pinned skill ${name} in ${place} was changed. Review it and pin it again.`);
}

/**
 * What the skills of an agent tell its model.
 * @throws Error when one was changed since its owner read it
 */
export function toldBySkills(place: string): string {
  const names = existsSync(place) ? readdirSync(place).flatMap((name) => /^(.+)\.json$/.exec(name)?.[1] ?? []) : [];
  return names
    .sort()
    .map((name) => {
      const skill = pinnedSkill(place, name);
      if (skill === undefined) return "";
      if (existsSync(skill.folder) && readSkill(skill.folder).digest !== skill.digest) {
        throw new Error(`The skill ${name} was changed since it was pinned. See: openmolt skill diff`);
      }
      const told = skill.files.find(({ path }) => path === "SKILL.md")?.text ?? "";
      return `Skill ${name}\n${told}`;
    })
    .join("\n\n")
    .slice(0, MOST.told);
}

/** Files that differ between what was pinned and what is there, with the lines that came and went. */
export function changesOf(pinned: Skill | undefined, now: Skill): { path: string; gone: string[]; come: string[] }[] {
  const textOf = (skill: Skill | undefined, path: string) =>
    skill?.files.find((file) => file.path === path)?.text.split("\n") ?? [];
  const paths = [...new Set([...(pinned?.files ?? []), ...now.files].map(({ path }) => path))].sort();
  return paths.flatMap((path) => {
    const [before, after] = [textOf(pinned, path), textOf(now, path)];
    const gone = without(before, after);
    const come = without(after, before);
    const isSame = before.join("\n") === after.join("\n");
    return isSame ? [] : [{ path, gone, come }];
  });
}

/** Lines of the first that the second does not have, as often as it lacks them. */
function without(lines: readonly string[], other: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const line of other) left.set(line, (left.get(line) ?? 0) + 1);
  return lines.filter((line) => {
    const count = left.get(line) ?? 0;
    left.set(line, count - 1);
    return count <= 0;
  });
}

function digestOf(files: Skill["files"]): string {
  const hash = createHash("sha256");
  for (const { path, text } of files) hash.update(`${JSON.stringify([path, text])}\n`);
  return `sha256:${hash.digest("hex")}`;
}
