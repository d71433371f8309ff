/** The part of a text that shows why it was found. */
import { isWanted, type Query, tokens } from "./words.js";

/** Length of an excerpt in UTF-16 units, marks not counted, and how much of it stands before the first match. */
const LENGTH = 240;
const LEAD = 60;
const OPEN = "⟦HL⟧";
const CLOSE = "⟦/HL⟧";

/** An excerpt without its marks. */
export function withoutMarks(text: string): string {
  return text.replaceAll(OPEN, "").replaceAll(CLOSE, "");
}

/**
 * An excerpt around the first word that answers the query.
 * @param marked whether matching words are put between ⟦HL⟧ and ⟦/HL⟧
 */
export function excerpt(text: string, query: Query, marked: boolean): string {
  // Marks in the text itself would pass for ours.
  const clean = withoutMarks(text);
  const hits = tokens(clean).filter(({ word }) => isWanted(word, query));
  const from = Math.max(0, (hits[0]?.start ?? 0) - LEAD);
  const start = from === 0 ? 0 : wordStart(clean, from);
  const end = Math.min(clean.length, start + LENGTH);
  let shown = start > 0 ? "…" : "";
  let at = start;
  for (const hit of marked ? hits : []) {
    if (hit.start < at || hit.end > end) continue;
    shown += `${clean.slice(at, hit.start)}${OPEN}${clean.slice(hit.start, hit.end)}${CLOSE}`;
    at = hit.end;
  }
  shown += clean.slice(at, end) + (end < clean.length ? "…" : "");
  return shown.toWellFormed().replaceAll("\ufffd", "");
}

/** A whole text with the words that answer the query between ⟦HL⟧ and ⟦/HL⟧. */
export function highlight(text: string, query: Query): string {
  const clean = text.replaceAll(OPEN, "").replaceAll(CLOSE, "");
  let shown = "";
  let at = 0;
  for (const { word, start, end } of tokens(clean)) {
    if (start < at || !isWanted(word, query)) continue;
    shown += `${clean.slice(at, start)}${OPEN}${clean.slice(start, end)}${CLOSE}`;
    at = end;
  }
  return shown + clean.slice(at);
}

function wordStart(text: string, from: number): number {
  const space = text.slice(from, from + LEAD).search(/\s/);
  return space < 0 ? from : from + space + 1;
}
