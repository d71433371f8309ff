/**
 * Word problems that a language model reads with ease and a simple script does not: small physics of lobsters and
 * crabs, spelt unevenly. Each holds exactly two numbers, in words, and one exact answer of at most two decimals.
 */
import { randomInt } from "node:crypto";

/** A problem and its answer. */
export interface ChallengeText {
  /** The problem, in plain characters on one line, harder to read than it need be. */
  text: string;
  /** The one right answer with two decimals, such as '15.00'. */
  answer: string;
}

interface Operation {
  /** Chooses the two numbers, each from 2 to 99. */
  numbers: (random: () => number) => [number, number];
  result: (a: number, b: number) => number;
  /** {a} and {b} stand for the numbers. No words of a template may spell a number between them. */
  templates: readonly string[];
}

/** A division by any of these has at most two decimals, so nobody has to guess how to round. */
const EXACT_DIVISORS = [2, 4, 5, 10, 20, 25, 50];

/** Every problem there is. No result is negative: a negative speed or weight could be argued about. */
const OPERATIONS: readonly Operation[] = [
  {
    numbers: (random) => [between(random, 2, 99), between(random, 2, 99)],
    result: (a, b) => a + b,
    templates: [
      "A lobster drags a shell with {a} newtons of pull, then a friend joins in with {b} newtons more. What is the total pull in newtons?",
      "A crab scuttles at {a} centimeters per second, then a wave speeds it up by {b} centimeters per second. How fast is it now?",
      "A lobster carries {a} grams of kelp, then picks up another {b} grams. How many grams does it carry now?",
      "A reef crab rests {a} meters deep, then sinks by {b} meters further. How many meters deep is it now?",
    ],
  },
  {
    numbers: (random) => {
      const a = between(random, 12, 99);
      return [a, between(random, 2, a - 1)];
    },
    result: (a, b) => a - b,
    templates: [
      "A lobster darts off at {a} meters per second, then the current slows it by {b} meters per second. How fast is it now?",
      "A crab grips with {a} newtons, but its claw tires, and the grip loses {b} newtons. How many newtons remain?",
      "A molting lobster weighs {a} grams, then sheds a shell of {b} grams. How many grams remain?",
      "A crab sits {a} meters below the surface, then climbs up by {b} meters. How many meters below is it now?",
    ],
  },
  {
    numbers: (random) => [between(random, 2, 99), between(random, 2, 12)],
    result: (a, b) => a * b,
    templates: [
      "Each claw of a lobster pushes with {a} newtons, and {b} such claws push together. What is the total force in newtons?",
      "A crab walks at {a} centimeters per second for {b} seconds. How many centimeters does it cover?",
      "A lobster hauls {a} grams per trip, and makes {b} trips. How many grams does it haul in all?",
      "A tide pool holds {b} crabs, and every crab bears {a} barnacles. How many barnacles is that in all?",
    ],
  },
  {
    numbers: (random) => {
      const b = pick(random, EXACT_DIVISORS);
      return [between(random, b, 99), b];
    },
    result: (a, b) => a / b,
    templates: [
      "A lobster covers {a} meters in {b} seconds, at a steady speed. How many meters is that per second?",
      "A pull of {a} newtons is shared evenly by {b} crabs. How many newtons does each crab bear?",
      "A heap of {a} grams of plankton is split evenly among {b} lobsters. How many grams does each lobster get?",
      "A crab cuts a rope of {a} meters into {b} equal parts. How many meters does each part measure?",
    ],
  },
];

const UNITS = (
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen " +
  "eighteen nineteen"
).split(" ");
const TENS = "zero ten twenty thirty forty fifty sixty seventy eighty ninety".split(" ");

/** Marks strewn in. Those that could be read as a sign, an operation or a decimal point are left out. */
const STRAY = "][^~|<>{}_";
const FILLERS = ["um", "uh", "hmm"];

/** How often things happen to a word, a letter or a pause; a reader who sounds the text out gets through all of it. */
const ODDS = { split: 0.3, double: 0.15, strayWithin: 0.06, strayAround: 0.25, filler: 0.2 };

/**
 * Makes a problem.
 * @param random answers numbers from 0 up to but not including 1; the same answers make the same problem
 */
export function makeChallenge(random: () => number): ChallengeText {
  const operation = pick(random, OPERATIONS);
  const [a, b] = operation.numbers(random);
  const plain = pick(random, operation.templates).replace("{a}", inWords(a)).replace("{b}", inWords(b));
  return { text: obfuscate(plain, random), answer: operation.result(a, b).toFixed(2) };
}

/** Where challenges come from: each call makes the next one. */
export type ChallengeSource = () => ChallengeText;

/** Challenges that nobody can foresee. */
export function randomChallenges(): ChallengeSource {
  return () => makeChallenge(() => randomInt(2 ** 32) / 2 ** 32);
}

/** Challenges for the test double: the first, second, third … of every start are the same. */
export function countedChallenges(): ChallengeSource {
  let made = 0;
  return () => makeChallenge(repeatable(++made));
}

/** Numbers from 0 up to but not including 1 that depend on the seed alone (mulberry32). */
function repeatable(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * An answer in the form in which answers are compared: any usual way of writing a number, with two decimals.
 * @returns null when the input is no finite number of a sane size
 */
export function normaliseAnswer(input: string | number): string | null {
  const text = String(input).slice(0, 64).trim();
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,2})?$/i.test(text)) return null;
  const value = Number(text);
  if (Math.abs(value) >= 1e12) return null;
  const fixed = value.toFixed(2);
  return fixed === "-0.00" ? "0.00" : fixed;
}

function inWords(number: number): string {
  const unit = UNITS[number % 10] ?? "";
  if (number < 20) return UNITS[number] ?? "";
  const ten = TENS[Math.floor(number / 10)] ?? "";
  return number % 10 === 0 ? ten : `${ten} ${unit}`;
}

function obfuscate(plain: string, random: () => number): string {
  const words = plain.split(" ").map((word) => {
    const pause = /[,.]$/.test(word) && chance(random, ODDS.filler) ? ` ${spell(pick(random, FILLERS), random)}` : "";
    const stray = chance(random, ODDS.strayAround) ? pick(random, STRAY) : "";
    const spelt = spell(word, random);
    return (chance(random, 0.5) ? `${stray}${spelt}` : `${spelt}${stray}`) + pause;
  });
  return words.join(" ");
}

/** A word in alternating capitals, with letters doubled, marks within, and perhaps torn in two. */
function spell(word: string, random: () => number): string {
  const capitalsFirst = chance(random, 0.5) ? 1 : 0;
  const torn = word.length >= 4 && chance(random, ODDS.split) ? between(random, 2, word.length - 2) : 0;
  let spelt = "";
  for (const [index, letter] of [...word].entries()) {
    if (index > 0 && index === torn) spelt += chance(random, 0.5) ? " " : `${pick(random, STRAY)} `;
    const cased = index % 2 === capitalsFirst ? letter.toLowerCase() : letter.toUpperCase();
    spelt += cased;
    if (!/[a-z]/i.test(letter)) continue;
    if (chance(random, ODDS.double)) spelt += chance(random, 0.5) ? cased : swapCase(cased);
    if (index < word.length - 1 && chance(random, ODDS.strayWithin)) spelt += pick(random, STRAY);
  }
  return spelt;
}

function swapCase(letter: string): string {
  return letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase();
}

function chance(random: () => number, odds: number): boolean {
  return random() < odds;
}

/** A whole number from low to high, both included. */
function between(random: () => number, low: number, high: number): number {
  return low + Math.floor(random() * (high - low + 1));
}

function pick(random: () => number, from: string): string;
function pick<T>(random: () => number, from: readonly T[]): T;
function pick<T>(random: () => number, from: ArrayLike<T>): T {
  const picked = from[between(random, 0, from.length - 1)];
  if (picked === undefined) throw new RangeError("The source of chance must answer from 0 up to but not including 1.");
  return picked;
}
