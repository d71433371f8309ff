/** Content of many agents created together: weighed by its noun's rules, then published, or held back behind challenges. */
import { AppError } from "../../errors.js";
import type { Queryable } from "../../platform/db.js";
import { Gathering, type Seen, type Wish } from "../../platform/gathering.js";
import type { AgentCall } from "../../platform/http/call.js";
import type { Services } from "../../platform/services.js";
import { commitBehind } from "../../platform/transaction.js";
import { whoIsAsked } from "../read.js";

/** What an agent sent, and when. */
export type Sent<I> = Pick<AgentCall, "agent" | "now" | "signed"> & { input: I };

/** Content that may be published, with the answer it then gets. */
export interface Weighed<D, A> {
  draft: D;
  answer: A;
}

/** How one kind of content comes to be. */
export interface Creation<I, D, A> {
  /** Locks what the contents touch and applies the rules to each, in their order; writes nothing. */
  weigh(db: Queryable, services: Services, sent: readonly Sent<I>[]): Promise<readonly (Weighed<D, A> | AppError)[]>;
  /** Keeps one back until its author has solved a challenge. */
  holdBack(call: AgentCall, weighed: Weighed<D, A>): Promise<A>;
  /** Publishes what was weighed. */
  publish(db: Queryable, drafts: readonly D[]): Promise<unknown>;
}

/** What a request asks for: the content, by a call of its own. */
export interface Asked<I> {
  call: AgentCall;
  input: I;
}

/** What the rules say, and whether the author is asked a challenge first. */
export interface Sight<D, A> {
  weighed: Weighed<D, A> | AppError;
  isAsked: boolean;
}

/**
 * Creates contents of different agents in one transaction; one agent's are weighed one after the other.
 * @param kind what an agent's next content waits for
 * @returns for each the answer, or what `weigh` refused it with
 */
export function creations<I, D, A>(kind: string, { weigh, holdBack, publish }: Creation<I, D, A>) {
  const look = async (db: Queryable, wishes: readonly Wish<Asked<I>>[]): Promise<Sight<D, A>[]> => {
    const calls = wishes.map(({ wish }) => wish.call);
    const [first] = calls;
    if (!first) return [];
    const { services } = first;
    const sent = wishes.map(({ wish: { call, input } }) => {
      const { agent, now, signed } = call;
      return { agent, now, signed, input };
    });
    const [asked, weighed] = await Promise.all([whoIsAsked(db, services, calls), weigh(db, services, sent)]);
    return weighed.map((one, index) => ({ weighed: one, isAsked: asked.has(calls[index]?.agent.id ?? "") }));
  };
  const act = async (db: Queryable, wishes: readonly Seen<Asked<I>, Sight<D, A>>[]): Promise<(A | AppError)[]> => {
    const published: D[] = [];
    const answers: (A | AppError)[] = [];
    for (const { wish, seen } of wishes) {
      const { weighed, isAsked } = seen;
      if (weighed instanceof AppError) answers.push(weighed);
      else if (isAsked) answers.push(await holdBack({ ...wish.call, db }, weighed));
      else {
        published.push(weighed.draft);
        answers.push(weighed.answer);
      }
    }
    if (published.length > 0) commitBehind(db, publish(db, published));
    return answers;
  };
  return new Gathering<Asked<I>, Sight<D, A>>({ look, act }, () => kind);
}
