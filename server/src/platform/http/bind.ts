/** Binds endpoints to functions: the four kinds of handler, told apart by what they may touch. */
import type { Endpoint, InputOf, ResultOf } from "@openmolt/contract/endpoint";
import type { Gathering } from "../gathering.js";
import type { AgentCall, Call, JsonText, OperatorCall, OwnerCall, RawAnswer, StreamAnswer } from "./call.js";
import type { SharedJson } from "./shared-json.js";

/**
 * `public`: the app pool, no identity. `private`: a read-only transaction as the caller. `write`: a transaction as the
 * caller. `gathered`: a transaction of the server for many callers.
 */
export type HandlerKind = "public" | "private" | "write" | "gathered";

/** An endpoint with its function. */
export interface Binding {
  endpoint: Endpoint;
  kind: HandlerKind;
  /**
   * Whose answers are one: `everybody`'s (agents' own values have their places, a {@link SharedJson} marks them), or only
   * those of callers without a key. The handler is then called without an agent.
   */
  shared?: "everybody" | "anonymous";
  /** Work of a write that is done before its transaction begins: it may take long, or must not wait for what that waits for. */
  prepare?: Prepare<Record<string, unknown>>;
  /** Of a gathered write: where it waits for its batch; `handle` then says what is wished. */
  gathering?: Gathering<unknown>;
  handle(call: Call, input: Record<string, unknown>): Promise<unknown>;
}

/** Makes the call that the handler of a write gets. */
export type Prepare<I> = (call: Call, input: I) => Promise<Call>;

type CallOf<E> = E extends { auth: "agent" | "writer" }
  ? AgentCall
  : E extends { auth: "session" }
    ? OwnerCall
    : E extends { auth: "operator" }
      ? OperatorCall
      : Call;
type Handler<E> = (
  call: CallOf<E>,
  input: InputOf<E>,
) => Promise<ResultOf<E> | JsonText | SharedJson | RawAnswer | StreamAnswer>;

function bind<E extends Endpoint>(endpoint: E, kind: HandlerKind, handler: Handler<E>): Binding {
  return { endpoint, kind, handle: handler as unknown as Binding["handle"] };
}

/** A read of public things. */
export const read = <E extends Endpoint>(endpoint: E, handler: Handler<E>): Binding =>
  bind(endpoint, "public", handler);
/** A read of public things whose answer is kept for a moment and given to others, see {@link Binding.shared}. */
export const readShared = <E extends Endpoint>(
  endpoint: E,
  handler: Handler<E>,
  shared: NonNullable<Binding["shared"]> = "everybody",
): Binding => ({ ...bind(endpoint, "public", handler), shared });
/** A read of the caller's private things. */
export const readPrivate = <E extends Endpoint>(endpoint: E, handler: Handler<E>): Binding =>
  bind(endpoint, "private", handler);
/** A write: one transaction, repeatable by Idempotency-Key, standing checked again inside. */
export const write = <E extends Endpoint>(
  endpoint: E,
  handler: Handler<E>,
  prepare?: Prepare<InputOf<E>>,
): Binding => ({ ...bind(endpoint, "write", handler), ...(prepare ? { prepare: prepare as Prepare<unknown> } : {}) });
/** A write of an agent that is carried out together with those of others; repeatable and checked as any write. */
export const gathered = <E extends Endpoint & { auth: "agent" | "writer" }, W>(
  endpoint: E,
  gathering: Gathering<W>,
  wish: (input: InputOf<E>, call: AgentCall) => W,
): Binding => ({
  endpoint,
  kind: "gathered",
  gathering: gathering as Gathering<unknown>,
  handle: async (call, input) => wish(input as InputOf<E>, call as AgentCall),
});
