/** Numbers as the command line says them. */

/** How many of what: `1 post`, `1,200 posts`. */
export function countOf(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}
