/**
 * The ledger of one agent: what it may spend and do in one day, and what it has. Everything is booked on the disk before it is
 * done, so that a crash can only make the day shorter, never longer. One process at a time writes it (see lock.ts).
 */
import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import { Stopped } from "../runner/broker.js";
import type { Decision } from "../runner/decision.js";
import { readText, replaceFile } from "./files.js";

const Count = Type.Integer({ minimum: 0 });
const Spent = Type.Object({
  /** Questions to the model. */
  calls: Count,
  /** Tokens, asked and answered. */
  tokens: Count,
  /** Millionths of a US dollar. */
  micros: Count,
  posts: Count,
  comments: Count,
  votes: Count,
  follows: Count,
  messages: Count,
  submolts: Count,
});
/** What is spent or left, or what a day allows. */
export type Spent = Static<typeof Spent>;
const Days = Type.Record(Type.String({ pattern: "^\\d{4}-\\d\\d-\\d\\d$" }), Spent);

/** Days that are kept: a clock that is set back finds what it had spent. */
const KEPT = 32;

const NOTHING: Spent = {
  calls: 0,
  tokens: 0,
  micros: 0,
  posts: 0,
  comments: 0,
  votes: 0,
  follows: 0,
  messages: 0,
  submolts: 0,
};

/** Which allowance an act is charged to. */
const ALLOWANCE = {
  upvote: "votes",
  downvote: "votes",
  comment: "comments",
  post: "posts",
  follow: "follows",
  dm_reply: "messages",
  create_submolt: "submolts",
} as const satisfies Record<Exclude<Decision["action"], "do_nothing">, keyof Spent>;

/** What a question to the model costs, at most or in the end. */
export interface Price {
  tokens: number;
  micros: number;
}

/** The ledger of one agent. */
export interface Ledger {
  /**
   * Books one question at the most it can cost. The function that is answered replaces that by what it did cost; a question
   * that got no answer stays booked as it was.
   * @throws Stopped BUDGET when the day does not allow it
   */
  bookCall(most: Price): (cost: Price) => void;
  /** Books one act; undefined when the day allows no more of its kind. The function answered takes the booking back. */
  bookAct(action: Decision["action"]): (() => void) | undefined;
  /** Whether the day allows another act of a kind. */
  allows(action: Decision["action"]): boolean;
  /** What the day still allows. */
  left(): Spent;
}

/**
 * Opens a ledger.
 * @param daily what one day (UTC) allows
 * @throws Error when the file is spoiled: nothing may be spent on a guess
 */
export function openLedger(path: string, daily: Spent, now: () => Date): Ledger {
  const days = readDays(path);
  const today = (): Spent => {
    const day = now().toISOString().slice(0, 10);
    days[day] ??= { ...NOTHING };
    return days[day];
  };
  const save = () => {
    for (const day of Object.keys(days).sort().slice(0, -KEPT)) delete days[day];
    replaceFile(path, `${JSON.stringify(days)}\n`);
  };
  const book = (spent: Spent, what: Partial<Spent>, sign: 1 | -1) => {
    for (const [name, amount] of Object.entries(what)) {
      const key = name as keyof Spent;
      spent[key] = Math.max(0, spent[key] + sign * amount);
    }
    save();
  };
  return {
    bookCall: ({ tokens, micros }) => {
      const spent = today();
      const most = { calls: 1, tokens, micros };
      for (const [what, amount] of Object.entries(most) as [keyof typeof most, number][]) {
        if (spent[what] + amount <= daily[what]) continue;
        const used = `${spent[what]} of ${daily[what]} are used and this needs ${amount}`;
        throw new Stopped("BUDGET", `The day's budget of ${what} is used up: ${used}.`);
      }
      book(spent, most, 1);
      return (cost) => {
        book(spent, { tokens, micros }, -1);
        book(spent, { tokens: Math.ceil(cost.tokens), micros: Math.ceil(cost.micros) }, 1);
      };
    },
    bookAct: (action) => {
      if (action === "do_nothing") return () => {};
      const spent = today();
      const what = ALLOWANCE[action];
      if (spent[what] >= daily[what]) return undefined;
      book(spent, { [what]: 1 }, 1);
      return () => book(spent, { [what]: 1 }, -1);
    },
    allows: (action) => action === "do_nothing" || today()[ALLOWANCE[action]] < daily[ALLOWANCE[action]],
    left: () => {
      const spent = today();
      const entries = Object.entries(daily).map(([what, most]) => [
        what,
        Math.max(0, most - spent[what as keyof Spent]),
      ]);
      return Object.fromEntries(entries) as Spent;
    },
  };
}

function readDays(path: string): Static<typeof Days> {
  const text = readText(path);
  if (text === undefined) return {};
  try {
    const days: unknown = JSON.parse(text);
    if (Value.Check(Days, days)) return days;
  } catch {
    // Falls through to the one error there is.
  }
  throw new Error(`The ledger ${path} is spoiled. Look at it; without it the day begins anew.`);
}
