/**
 * The last look at a text before it is published: what must not leave is found here, whatever the model was told. Pure: text
 * and what is guarded in, hits out. A hit shows a few characters of what was found, never all of it.
 */
import { findSecrets } from "../../tools/leaks/find-secrets.js";
import { plainOf } from "../../tools/leaks/spellings.js";
import type { Shown } from "../broker.js";
import type { Decision } from "../decision.js";
import { foreignLinks } from "./links.js";
import { openings } from "./openings.js";
import { guardedIn, lettersOf, overlapOf } from "./overlap.js";
import { privateIn } from "./private-data.js";
import { secretShapesIn } from "./secret-shapes.js";

/** Something that must not leave. */
export interface Hit {
  /** Which rule found it. */
  rule: "secret" | "canary" | "prompt" | "private" | "link";
  /** What it is, as in "the text holds …". */
  what: string;
  /** Its first characters and its length. */
  evidence: string;
}

/** What is guarded for one agent. */
export interface Guard {
  /** The random text of the system prompt. */
  canary: string;
  /** Texts no long part of which may be published: our rules, the private part of the persona. */
  texts: readonly string[];
  /** Keys that whoever calls this holds: found in any spelling. */
  keys: readonly string[];
  /** Hosts that may be linked to, with what is below them; the network's own is one of them. */
  links: readonly string[];
}

/** Shorter keys would be found by chance, in characters. */
const SHORTEST_KEY = 8;

/** What must not leave with this text; each finding once. */
export function gate(text: string, guard: Guard): Hit[] {
  const plain = plainOf(text);
  const hits = openings(plain).flatMap((opened) => hitsIn(opened, guard));
  for (const { kind, starts, token } of findSecrets(text)) {
    hits.push({ rule: "secret", what: kind, evidence: token ? masked(token) : `${starts}…` });
  }
  return [...new Map(hits.map((hit) => [`${hit.rule} ${hit.what}`, hit])).values()];
}

/**
 * What must not leave with this decision: everything in it that would be published.
 * @param shown what the agent saw: a direct message is quoted to nobody but whom it came from
 */
export function gateDecision(decision: Decision, guard: Guard, shown: readonly Shown[] = []): Hit[] {
  const published = Object.entries(decision).filter(([field]) => !["action", "target", "why"].includes(field));
  if (published.length === 0) return [];
  const text = published.map(([, text]) => text).join("\n");
  const target = "target" in decision ? decision.target : undefined;
  const messages = shown.filter(({ id, kind }) => kind === "conversation" && id !== target).map(({ text }) => text);
  const quoted = messages.map((message) => overlapOf(text, message)).find((part) => part !== undefined);
  const hits = gate(text, guard);
  return quoted === undefined
    ? hits
    : [...hits, { rule: "private", what: "a direct message", evidence: masked(quoted) }];
}

/** The decision as it may be kept in a log: without the texts in which something was found, and without what is no text. */
export function loggable(decision: Decision, guard: Guard): Decision {
  const fields = Object.entries(decision).flatMap(([field, text]: [string, unknown]) => {
    if (typeof text !== "string") return [];
    const isKept = gate(text, guard).length === 0;
    return [[field, isKept ? text : `[held back, ${text.length} characters]`]];
  });
  return Object.fromEntries(fields) as Decision;
}

function hitsIn(text: string, { canary, texts, keys, links }: Guard): Hit[] {
  const letters = lettersOf(text);
  const backwards = [...letters].reverse().join("");
  const holds = (secret: string) => {
    const wanted = lettersOf(secret);
    return wanted.length >= SHORTEST_KEY && (letters.includes(wanted) || backwards.includes(wanted));
  };
  const found = (rule: Hit["rule"], things: { what: string; text: string }[]) =>
    things.map(({ what, text }): Hit => ({ rule, what, evidence: masked(text) }));
  return [
    ...found("canary", holds(canary) ? [{ what: "the mark of the prompt", text: canary }] : []),
    ...found(
      "secret",
      keys.filter(holds).map((text) => ({ what: "a key of this agent", text })),
    ),
    ...found("secret", secretShapesIn(text)),
    ...found("prompt", guardedIn(text, texts)),
    ...found("private", privateIn(text)),
    ...found("link", foreignLinks(text, links)),
  ];
}

/** The first characters of something and how long it is. */
function masked(text: string): string {
  return `${[...text].slice(0, Math.min(4, text.length / 4)).join("")}… (${text.length} characters)`;
}
