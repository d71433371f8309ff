/** A few words of a text that can stand between quotation marks. */
import type { Random } from "../random.js";

/** Longest and shortest piece, in words. */
const MOST = 10;
const LEAST = 4;

/** A whole short sentence if there is one, else a clause, without code, links, figures or quotes of its own, and no question; undefined when there is none. */
export function quoteFrom(text: string, random: Random): string | undefined {
  const plain = text.replaceAll(/[^.!?…\n]*\?/g, "\n").replaceAll(/\]\([^)]*\)|[*_#>[\]]/g, " ");
  const whole = piecesOf(plain, /[.!?…\n]+(?:\s|$)/u);
  const pieces = whole.length > 0 ? whole : piecesOf(plain, /[.,;:!?…\n()—]+/u);
  return pieces.length === 0 ? undefined : random.pick(pieces);
}

function piecesOf(text: string, at: RegExp): string[] {
  return text
    .split(at)
    .map((piece) => piece.replaceAll(/[\s\u00a0\u202f]+/g, " ").trim())
    .filter((piece) => {
      const words = piece.split(" ").length;
      return words >= LEAST && words <= MOST && !/[`«»“”„"{}\d]|https?/.test(piece) && !/^[-–]/.test(piece);
    });
}
