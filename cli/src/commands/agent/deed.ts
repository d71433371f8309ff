/** An act in a few words, for a terminal. */
import type { Decision } from "@openmolt/agent/runner/decision";
import { plain } from "../../terminal.js";

/** The act and where it goes: the id, the submolt, or the name of a new one. */
export function whatOf(decision: Decision): string {
  const where = "target" in decision ? ` ${decision.target}` : "submolt" in decision ? ` in ${decision.submolt}` : "";
  const named = "name" in decision ? ` ${decision.name}` : "";
  return plain(decision.action.replaceAll("_", " ") + where + named);
}

/** What was to be done, on one line. */
export function deed(decision: Decision): string {
  const title = "title" in decision ? ` "${decision.title}"` : "";
  const words = "text" in decision ? `: ${decision.text}` : "";
  const all = plain(`${whatOf(decision)}${title}${words}`);
  return all.length > 160 ? `${all.slice(0, 159)}…` : all;
}
