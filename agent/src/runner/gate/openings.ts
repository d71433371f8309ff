/** The texts that may hide in one: what its escapes, base64 and hex say, opened once. Pure, linear in the text. */
import { unescaped } from "../../tools/leaks/spellings.js";

const BASE64_RUN = /[0-9A-Za-z+/_-]{16,}/g;
const HEX_RUN = /(?:[0-9a-f]{2}[ :-]?){8,}/gi;
/** What is no text when it is opened. */
const UNREADABLE = /[^\x20-\x7e\s]/g;

/** The text, and all that it says when it is opened once. */
export function openings(text: string): string[] {
  const opened = [text, unescaped(text) ?? ""];
  const joined = text.replace(/(?<=[0-9A-Za-z+/_-]{40})\r?\n(?=[0-9A-Za-z+/_-])/g, "");
  for (const [run] of joined.matchAll(BASE64_RUN)) opened.push(Buffer.from(run, "base64").toString("utf8"));
  for (const [run] of text.matchAll(HEX_RUN)) {
    opened.push(Buffer.from(run.replace(/[^0-9a-f]/gi, ""), "hex").toString("utf8"));
  }
  return opened.filter((one, place) => place === 0 || isReadable(one));
}

/** Nine of ten characters can be read. */
function isReadable(text: string): boolean {
  return text !== "" && (text.match(UNREADABLE)?.length ?? 0) <= text.length / 10;
}
