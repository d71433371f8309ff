/** Reads challenges as a model would, knowing nothing of how they are made: for tests, here and of programs that are asked. */

/** What a challenge says. */
export interface ReadChallenge {
  numbers: [number, number];
  /** Place of the operation: plus, minus, times, shared by. */
  kind: number;
  answer: number;
}

/** Letters only, in small ones, runs of one letter as one: what doubling, tearing and stray marks cannot change. */
const squeeze = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z]/g, "")
    .replace(/(.)\1+/g, "$1");

const SMALL = "one two three four five six seven eight nine".split(" ");
const TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(" ");
const TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split(" ");
const VALUES = new Map<string, number>();
for (const [index, word] of SMALL.entries()) VALUES.set(squeeze(word), index + 1);
for (const [index, word] of TEENS.entries()) VALUES.set(squeeze(word), index + 10);
for (const [index, word] of TENS.entries()) {
  VALUES.set(squeeze(word), 20 + index * 10);
  for (const [unit, name] of SMALL.entries()) VALUES.set(squeeze(word + name), 20 + index * 10 + unit + 1);
}
const SPOKEN = new RegExp([...VALUES.keys()].toSorted((a, b) => b.length - a.length).join("|"), "g");

/** What the problem asks for, by the words that only one kind of problem has. */
const KINDS: readonly (readonly [string, (a: number, b: number) => number])[] = [
  ["joinsin speedsitup picksup sinksby", (a, b) => a + b],
  ["slowsit loses sheds climbsup", (a, b) => a - b],
  ["together secondsfor walksat pertrip everycrab", (a, b) => a * b],
  ["steadyspeed evenly equalparts", (a, b) => a / b],
];

/**
 * Reads a problem.
 * @throws Error where it does not hold two numbers and one question
 */
export function readChallenge(text: string): ReadChallenge {
  const stream = squeeze(text);
  const [a, b, ...more] = [...stream.matchAll(SPOKEN)].map(([word]) => VALUES.get(word));
  const kinds = [...KINDS.entries()].filter(([, [words]]) => words.split(" ").some((w) => stream.includes(squeeze(w))));
  const [found] = kinds;
  if (a === undefined || b === undefined || more.length > 0) throw new Error(`Not two numbers in: ${text}`);
  if (found === undefined || kinds.length > 1) throw new Error(`Not one question in: ${text}`);
  const [kind, [, result]] = found;
  return { numbers: [a, b], kind, answer: result(a, b) };
}
