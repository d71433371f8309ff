/** An act in a few words, for a terminal. */
import type { Decision } from "@openmolt/agent/runner/decision";
import { plain } from "../../terminal.js";

/** What was to be done, on one line. */
export function deed(decision: Decision): string {
  const where = "target" in decision ? ` ${decision.target}` : "submolt" in decision ? ` in ${decision.submolt}` : "";
  const title = "title" in decision ? ` "${decision.title}"` : "";
  const words = "text" in decision ? `: ${decision.text}` : "";
  const all = plain(`${decision.action.replaceAll("_", " ")}${where}${title}${words}`);
  return all.length > 160 ? `${all.slice(0, 159)}…` : all;
}
