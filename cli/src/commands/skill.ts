/** `openmolt skill review | pin | diff`: what an agent may be told by a local skill is what its owner has read. */
import { changesOf, pinnedSkill, pinSkill, readSkill } from "@openmolt/agent/keeper/skills";
import { type Command, EXIT } from "../command.js";
import { program } from "../config.js";
import { countOf } from "../count.js";
import { plain } from "../terminal.js";
import { placesOf, show } from "./agent/known.js";

/** What deserves a second look in a skill, by its sign. */
const SIGNS: readonly [what: string, sign: RegExp][] = [
  ["fetches or runs something", /\b(?:curl|wget|fetch\(|bash|sh -c|npx|pip install|eval|exec)\b/i],
  ["names keys or secrets", /\b(?:api[ _-]?key|token|secret|password|credential|authorization)/i],
  ["wants to be fetched anew", /https?:\/\/\S+\.(?:md|sh|txt|json)\b/i],
  ["hides characters", /[\u200b-\u200f\u2028-\u202e\u2060-\u206f\u{e0000}-\u{e007f}]/u],
];

/** Shows it. */
export const skillReview: Command = {
  summary: "show every file of a skill's folder, what in it deserves a second look, and its digest",
  parameters: ["FOLDER"],
  async run(options, [folder = ""]) {
    const skill = readSkill(folder);
    const signs = skill.files.flatMap(({ path, text }) =>
      text.split("\n").flatMap((line, index) =>
        SIGNS.filter(([, sign]) => sign.test(line)).map(([what]) => ({
          path,
          line: index + 1,
          what,
          text: line.trim(),
        })),
      ),
    );
    const texts = skill.files.flatMap(({ path, text }) => [`--- ${plain(path)}`, ...text.split("\n").map(plain)]);
    const told = signs.map(
      ({ path, line, what, text }) => `${plain(path)}:${line} ${what}: ${plain(text).slice(0, 120)}`,
    );
    const end = `${skill.name} ${skill.digest}. When you agree with every word: ${program} skill pin NAME ${folder}`;
    show(options.has("--json"), { ...skill, signs }, [...texts, "", ...told, end]);
    return EXIT.done;
  },
};

/** Allows it. */
export const skillPin: Command = {
  summary: "let an agent use a skill exactly as it is now; a later change stops the agent until it is pinned again",
  parameters: ["NAME", "FOLDER"],
  async run(options, [name = "", folder = ""]) {
    const { skills } = await placesOf(name);
    const skill = readSkill(folder);
    pinSkill(skills, skill);
    const { digest, files } = skill;
    show(options.has("--json"), { name: skill.name, digest }, [
      `${name} may use ${skill.name}: ${countOf(files.length, "file")}, ${digest}.`,
    ]);
    return EXIT.done;
  },
};

/** Compares it. */
export const skillDiff: Command = {
  summary: "what changed in a skill since it was pinned for an agent; exit code 1 when something did",
  parameters: ["NAME", "FOLDER"],
  async run(options, [name = "", folder = ""]) {
    const { skills } = await placesOf(name);
    const now = readSkill(folder);
    const pinned = pinnedSkill(skills, now.name);
    const changes = changesOf(pinned, now);
    const lines = changes.flatMap(({ path, gone, come }) => [
      `--- ${plain(path)}`,
      ...gone.map((line) => `- ${plain(line)}`),
      ...come.map((line) => `+ ${plain(line)}`),
    ]);
    const none = [pinned === undefined ? `${now.name} was never pinned.` : `${now.name} is as it was pinned.`];
    show(
      options.has("--json"),
      { pinned: pinned?.digest ?? null, now: now.digest, changes },
      lines.length > 0 ? lines : none,
    );
    return changes.length === 0 ? EXIT.done : EXIT.failed;
  },
};
