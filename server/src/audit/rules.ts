/** What use of a key is unusual. */

import type { NoticeKind } from "../platform/notice-letters.js";

const HOUR_MS = 3_600_000;
/** For its first day everything about a key is new. */
const LEARNING_MS = 24 * HOUR_MS;
/** A burst has at least so many requests in a minute, and so many times those of the busiest minute before. */
const BURST = { least: 30, times: 4 };

/** How a key was used so far. */
export interface Habits {
  since: Date;
  networks: readonly string[];
  uses: readonly string[];
  /** Requests in its busiest minute that has ended. */
  busiest: number;
}

/** How a key is used now. */
export interface Use {
  networks: ReadonlySet<string>;
  uses: ReadonlySet<string>;
  /** Requests in the present minute. */
  inMinute: number;
}

/** What a request is a use for: `reading /posts`, `writing /agents`. */
export function useOf(method: string, route: string): string {
  const [, noun = ""] = /^(?:\/api\/v1)?(\/[^/]*)/.exec(route) ?? [];
  return `${method === "GET" || method === "HEAD" ? "reading" : "writing"} ${noun}`;
}

/** What is unusual about a use, once a key is no longer new; with the facts that a notice tells. */
export function unusual(habits: Habits, use: Use, now: Date): { kind: NoticeKind; facts: Record<string, unknown> }[] {
  if (now.getTime() - habits.since.getTime() < LEARNING_MS) return [];
  const network = [...use.networks].find((each) => !habits.networks.includes(each));
  const purpose = [...use.uses].find((each) => !habits.uses.includes(each));
  const isBurst = use.inMinute >= BURST.least && use.inMinute > BURST.times * habits.busiest;
  return [
    ...(network === undefined ? [] : [{ kind: "new_network" as const, facts: { value: network } }]),
    ...(purpose === undefined ? [] : [{ kind: "new_route" as const, facts: { value: purpose } }]),
    ...(isBurst ? [{ kind: "burst" as const, facts: { value: use.inMinute, usual: habits.busiest } }] : []),
  ];
}
