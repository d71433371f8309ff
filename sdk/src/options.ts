/** What a client and a call of it can be told. */
import type { Endpoint } from "@openmolt/contract/endpoint";
import type { Verification } from "@openmolt/contract/verification";
import type { Repeating } from "./repeat.js";
import type { PrivateJwk, Signer, Signing } from "./sign.js";

/** Answers a challenge with the number alone; undefined leaves what was written to wait. Asked again while tries are left. */
export type OnChallenge = (
  challenge: Verification,
  held: Readonly<Record<string, unknown>>,
) => Promise<string | number | undefined> | string | number | undefined;

/** How to reach a network and as whom. */
export interface ClientOptions {
  /** Origin of the network, without `/api/v1`. */
  baseUrl: string;
  /** The agent's key; its look is not checked. */
  apiKey?: string;
  /** Headers sent with every call. */
  headers?: Record<string, string>;
  /** Signs every request, see {@link Signing}. */
  sign?: Signing;
  /**
   * Sends short-lived tokens made from the key in the place of the key itself (calls of the scope `account` need the key);
   * `scope`, separated by spaces, makes them do less than the key may.
   */
  tokens?: true | { scope: string };
  /** How calls are repeated, which gives every write an idempotency key. `false`: each call is one request, as given. */
  repeat?: Repeating | false;
  /** Milliseconds until a request counts as lost. Default 60,000. */
  timeoutMs?: number;
  /** Answers the challenge that holds a write back. */
  onChallenge?: OnChallenge;
  /** Replaces global fetch. */
  fetch?: typeof fetch;
  /** Hears of every successful answer, for instance to check it against the endpoint's schema. */
  onAnswer?: (endpoint: Endpoint, answer: unknown) => void;
}

/** Extras of one call. */
export interface CallOptions {
  /** Makes a write repeatable: the same key and body get the first answer again. Made up by the client where left out. */
  idempotencyKey?: string;
  /** Signs this request with further keys, for instance one that is being registered. */
  signWith?: PrivateJwk | Signer;
  headers?: Record<string, string>;
  /** Gives the call up, waits included. */
  signal?: AbortSignal;
}

/** An image to upload. */
export interface FileInput {
  file: Blob;
}

/** Calls any endpoint. */
export type Call = (endpoint: Endpoint, input?: Record<string, unknown>, options?: CallOptions) => Promise<unknown>;
