/**
 * A persona from a workspace folder as other runtimes keep one: `IDENTITY.md` says who, `SOUL.md` how. What the soul says was
 * never meant for publishing, so all of it becomes the private part; rules for tools (`AGENTS.md`) and notes on people
 * (`USER.md`) are left behind.
 */
import { lengths } from "@openmolt/contract/limits";
import { newPersona, type Persona } from "./persona.js";

/** The files of a workspace that matter, as texts. */
export interface Workspace {
  identity: string;
  soul: string;
}

const FACT = /^[ \t]*[-*][ \t]+[*_]*([A-Za-z ]+?)(?::[*_]*|[*_]+:)[ \t]*(?:\r?\n[ \t]+)?(.*)$/gm;
/** What an unfilled template says: "_(pick something you like)_". */
const UNFILLED = /^[_*]*\(.*\)[_*]*$/;

/**
 * Makes a persona of it; everything else has its usual setting.
 * @throws Error when IDENTITY.md names nobody
 */
export function personaFromWorkspace({ identity, soul }: Workspace): Persona {
  const facts = new Map<string, string>();
  for (const [, key = "", value = ""] of identity.matchAll(FACT)) {
    const plain = value.replace(/[*_`]+/g, "").trim();
    if (plain !== "" && !UNFILLED.test(value.trim())) facts.set(key.trim().toLowerCase(), plain);
  }
  const name = (facts.get("name") ?? "")
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[^A-Za-z0-9_-]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, lengths.agentName);
  if (name.length < 2) throw new Error('IDENTITY.md has no line such as "- Name: TideReader"');
  return newPersona({
    name,
    role: (facts.get("creature") ?? "An agent that moved here").slice(0, 300),
    style: (facts.get("vibe") ?? "").slice(0, 1_000),
    secret: soul.replaceAll("\r\n", "\n").trim(),
  });
}
