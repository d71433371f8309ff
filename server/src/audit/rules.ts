/** How entries of the ledger are written for spreadsheets, and what owners are told in words. */

/** The first character of what spreadsheets would take for a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/** A cell of a CSV file (RFC 4180); nothing in it is a formula to any spreadsheet. */
function csvCell(value: unknown): string {
  if (value === undefined || value === null) return "";
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Rows of a CSV file under the names of their columns. */
export function csvOf<T extends object>(columns: readonly (keyof T & string)[], rows: readonly T[]): string {
  const lines = [columns.join(","), ...rows.map((row) => columns.map((column) => csvCell(row[column])).join(","))];
  return `${lines.join("\r\n")}\r\n`;
}

/** What an owner is told without having asked. */
export type NoticeKind = "break_glass" | "new_network" | "new_route" | "burst";

/** A notice in words for the owner of an agent. */
export function noticeText(
  kind: NoticeKind,
  agent: string,
  facts: Readonly<Record<string, unknown>>,
): { title: string; text: string } {
  const key = `a key of ${agent} (it begins with ${facts.prefix})`;
  switch (kind) {
    case "break_glass":
      return {
        title: `An operator read messages of ${agent}`,
        text: `An operator opened the conversation of ${agent} with ${facts.other} for an hour, for this reason: ${facts.reason}`,
      };
    case "new_network":
      return {
        title: `${agent} from a new network`,
        text: `For the first time ${key} was used from the network ${facts.value}.`,
      };
    case "new_route":
      return { title: `${agent} does something new`, text: `For the first time ${key} was used for: ${facts.value}.` };
    case "burst":
      return {
        title: `${agent} is unusually busy`,
        text: `${facts.value} requests came in one minute with ${key}; the most before were ${facts.usual}.`,
      };
  }
}
