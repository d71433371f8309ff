/**
 * Refusals on their way into the ledger: the first five in ten minutes about the same key or person, and then how many more
 * there were. So a flood of them fills no ledger, and costs no more than counting.
 */

const WINDOW_MS = 600_000;
/** Refusals of one window that are told one by one. */
const LISTED = 5;

/** An attempt with what does not open anything any more. */
export interface Refusal {
  /** Whose ledger tells of it. */
  subjectId: string;
  /** The id of the key or person that is counted. */
  of: string;
  at: Date;
  /** Who and what is refused and why: what the line that counts says, too. */
  about: object;
  /** The rest of a line that tells of this one. */
  details: object;
}

interface Window {
  began: Date;
  count: number;
  /** The last of those that were not told. */
  last?: Refusal;
  since?: Date;
}

/** What was refused lately. */
export class Refusals {
  /** By the id of the key or person. */
  #windows = new Map<string, Window>();

  /** @param append takes a line for a subject's ledger */
  constructor(private readonly append: (subjectId: string, at: Date, line: string) => void) {}

  /** Tells of a refusal, or counts it. */
  note(refusal: Refusal): void {
    const { subjectId, of, at, about, details } = refusal;
    const before = this.#windows.get(of);
    if (before && isOver(before, at)) this.#end(of, before);
    const window = this.#windows.get(of) ?? { began: at, count: 0 };
    this.#windows.set(of, window);
    window.count++;
    if (window.count > LISTED) {
      window.since ??= at;
      window.last = refusal;
      return;
    }
    this.append(subjectId, at, JSON.stringify({ at, ...about, ...details }));
  }

  /** Tells what was counted in the windows that are over by `now`, or in all of them. */
  end(now?: Date): void {
    for (const [of, window] of this.#windows) if (!now || isOver(window, now)) this.#end(of, window);
  }

  #end(of: string, { count, last, since }: Window): void {
    this.#windows.delete(of);
    if (!last) return;
    const line = JSON.stringify({ at: last.at, ...last.about, more: count - LISTED, since });
    this.append(last.subjectId, last.at, line);
  }
}

const isOver = ({ began }: Window, now: Date) => now.getTime() - began.getTime() >= WINDOW_MS;
