/** Authors as they stand beside what they wrote, kept while their rows are as they were. */
import { authorOf, nobody } from "../../agents/read/authors.js";
import type { Text } from "../../platform/texts.js";
import { keptWith } from "../kept.js";
import type { Html } from "../markup.js";
import type { View } from "../view.js";
import { authorLine } from "./parts.js";

/** An author beside what it wrote. */
export interface Writer {
  name: string;
  /** With mark and link, and what is known of who answers for it. */
  line: Html;
}

const known = keptWith((view, stored): Writer => {
  const author = authorOf(stored);
  return { name: author.name, line: authorLine(view, author) };
});

/** An author as its row has it; without one, a placeholder. */
export function writerOf(view: View, stored: Text | undefined): Writer {
  return stored === undefined ? { name: nobody.name, line: authorLine(view, nobody) } : known(view, stored);
}
