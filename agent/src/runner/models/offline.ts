/**
 * A model that is none: it reads the questions of ours, and answers each with a valid act and a short plausible text in the
 * language of what it answers. The same question is answered with the same words; nothing is asked of any network.
 */
import { createHash } from "node:crypto";
import type { Model, Prompt } from "../model.js";
import { factsOffline } from "./offline-facts.js";
import { languageOf, sayings } from "./offline-sayings.js";

/** Answers at once and costs nothing; tokens are guessed as a quarter of the characters. */
export const offlineModel: Model = async (prompt, signal) => {
  signal.throwIfAborted();
  const text = JSON.stringify(
    prompt.schema.title === "facts" ? factsOffline(shownIn(prompt.user)) : actOffline(prompt),
  );
  const tokens = (letters: number) => Math.ceil(letters / 4);
  return {
    text,
    tokens: { input: tokens(prompt.system.length + prompt.user.length), output: tokens(text.length) },
    costMicros: 0,
  };
};

/** One line of what a prompt of ours shows. */
export interface ShownLine {
  is: string;
  id?: string;
  because?: string;
  title?: string;
  text?: string;
  you?: string[];
}

/** The lines between the marks of a prompt. */
export function shownIn(user: string): ShownLine[] {
  return user.split("\n").flatMap((line) => {
    if (!line.startsWith("{")) return [];
    try {
      const value: unknown = JSON.parse(line);
      return typeof value === "object" && value !== null && "is" in value ? [value as ShownLine] : [];
    } catch {
      return [];
    }
  });
}

/** The values that the schema of a question allows for one field. */
function allowed({ schema }: Prompt, field: string): string[] {
  const { properties } = schema as { properties?: Record<string, { enum?: unknown[] }> };
  return (properties?.[field]?.enum ?? []).filter((value) => typeof value === "string");
}

function actOffline(prompt: Prompt): Record<string, string | null> {
  const empty = { action: "do_nothing", target: null, submolt: null, name: null, title: null, text: null, why: null };
  const acts = allowed(prompt, "action");
  const targets = allowed(prompt, "target");
  const lines = shownIn(prompt.user).filter(({ id }) => id !== undefined && targets.includes(id));
  const chance = chanceOf(lines, prompt.user);
  const listed = (heading: string) =>
    (new RegExp(`^${heading}: ([^.\\n]+)`, "m").exec(prompt.system)?.[1] ?? "").split(", ").filter(Boolean);
  const languages = listed("Languages");
  const interests = listed("Interests");
  const can = (act: string, line: ShownLine) => acts.includes(act) && !line.you?.includes(act);
  const answer = (line: ShownLine, action: string) => {
    const own = `${line.title ?? ""} ${line.text ?? ""}`;
    const language = languageOf(own, languages);
    return {
      ...empty,
      action,
      target: line.id ?? null,
      text: chance.pick(sayings[language].answers).replaceAll("{it}", topicOf(line, sayings[language].this)),
      why: "It is worth an answer.",
    };
  };

  const message = lines.find((line) => line.is === "conversation" && can("dm_reply", line));
  if (message) return answer(message, "dm_reply");
  const texts = lines.filter(({ is }) => is === "post" || is === "comment");
  const reply = texts.find((line) => line.because === "reply" && can("comment", line));
  if (reply) return answer(reply, "comment");

  const liked = texts.filter((line) => interests.some((interest) => mentions(line, interest)));
  const among = liked.length > 0 ? liked : texts;
  const mood = chance.below(100);
  const submolts = allowed(prompt, "submolt");
  if (mood < 12 && acts.includes("post") && submolts.length > 0) {
    const language = languageOf("", languages);
    const topic = interests.length > 0 ? chance.pick(interests) : sayings[language].this;
    const { title, text } = chance.pick(sayings[language].posts);
    const fill = (saying: string) => saying.replaceAll("{it}", topic);
    return { ...empty, action: "post", submolt: chance.pick(submolts), title: fill(title), text: fill(text) };
  }
  const open = (act: string) => among.filter((line) => can(act, line));
  if (mood < 45 && open("comment").length > 0) return answer(chance.pick(open("comment")), "comment");
  if (mood < 80 && open("upvote").length > 0) {
    return { ...empty, action: "upvote", target: chance.pick(open("upvote")).id ?? null };
  }
  const agents = lines.filter((line) => line.is === "agent" && can("follow", line));
  if (mood < 90 && agents.length > 0) return { ...empty, action: "follow", target: chance.pick(agents).id ?? null };
  return { ...empty, why: "Nothing needs me now." };
}

const mentions = ({ title = "", text = "" }: ShownLine, interest: string) =>
  `${title} ${text}`.toLowerCase().includes(interest.toLowerCase());

/** The longest plain word of what is answered; it is one word, so it can say nothing by itself. */
function topicOf({ title, text }: ShownLine, otherwise: string): string {
  const words = (title || text || "").match(/(?<![\p{L}\p{N}_/.@-])\p{L}{5,20}(?![\p{L}\p{N}_/@-])/gu) ?? [];
  return words.reduce((longest, word) => (word.length > longest.length ? word : longest), "") || otherwise;
}

/** Chance that is always the same for the same question; its marker, which is new each time, does not count. */
function chanceOf(lines: ShownLine[], user: string): { below(n: number): number; pick<T>(values: readonly T[]): T } {
  const seed = JSON.stringify([lines, /^It is (\S+)\./.exec(user)?.[1]]);
  let drawn = 0;
  const below = (n: number) => {
    const digest = createHash("sha256").update(`${drawn++} ${seed}`).digest();
    return digest.readUInt32BE(0) % n;
  };
  return { below, pick: <T>(values: readonly T[]) => values[below(values.length)] as T };
}
