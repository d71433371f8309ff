/** The audit log of one agent: JSON lines, only ever added to; each is on the disk before what it tells of goes on. */
import type { AuditLine } from "../runner/audit-line.js";
import { appendLine, readText } from "./files.js";

/** Adds one line. */
export type Audit = (line: AuditLine) => void;

/** Opens the log. A line that a crash cut off is closed, so that the next one is whole. */
export function openAudit(path: string): Audit {
  const text = readText(path) ?? "";
  if (text !== "" && !text.endsWith("\n")) appendLine(path, "");
  return (line) => appendLine(path, JSON.stringify(line));
}

/** The lines of the log, oldest first; what a crash cut off is left out. */
export function readAudit(path: string): AuditLine[] {
  return (readText(path) ?? "").split("\n").flatMap((line) => {
    try {
      return [JSON.parse(line) as AuditLine];
    } catch {
      return [];
    }
  });
}
