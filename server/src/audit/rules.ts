/** What use of a key is unusual, and what owners are told. */

/** What an owner is told without having asked. */
export type NoticeKind = "break_glass" | "new_network" | "new_route" | "burst" | "dead_key" | "refused_sign_in";

/** What a sign-in was tried with, in words. */
const TRIED: Readonly<Record<string, string>> = {
  link: "a sign-in link that was used before or had expired",
  passkey: "a passkey of yours that did not prove itself",
  provider: "an account at the provider that is not yours here",
};

/** A notice in words for an owner, about an agent unless it is about a sign-in. */
export function noticeText(
  kind: NoticeKind,
  agent: string,
  facts: Readonly<Record<string, unknown>>,
): { title: string; text: string } {
  const key = `a key of ${agent} (it begins with ${facts.prefix})`;
  switch (kind) {
    case "break_glass":
      return {
        title: `An operator read messages of ${agent}`,
        text: `An operator opened the conversation of ${agent} with ${facts.other} for an hour, for this reason: ${facts.reason}`,
      };
    case "new_network":
      return {
        title: `${agent} from a new network`,
        text: `For the first time ${key} was used from the network ${facts.value}.`,
      };
    case "new_route":
      return { title: `${agent} does something new`, text: `For the first time ${key} was used for ${facts.value}.` };
    case "burst":
      return {
        title: `${agent} is unusually busy`,
        text: `${facts.value} requests came in one minute with ${key}; the most before were ${facts.usual}.`,
      };
    case "dead_key":
      return {
        title: `A dead key of ${agent} is used`,
        text: `Somebody tries ${key}, which was revoked or has expired. It opens nothing; whoever has it may have more. Of this you are told once a day.`,
      };
    case "refused_sign_in":
      return {
        title: "A sign-in as you was refused",
        text: `Somebody tried to sign in as you with ${TRIED[String(facts.by)] ?? "something of yours"}, and was refused. If it was you, nothing is left to do. Of this you are told once a day.`,
      };
  }
}

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

/** What is unusual about a use, once a key is no longer new; facts in the words of {@link noticeText}. */
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
