/** The public history as it happens: server-sent events over fetch, taken up again after every break where they were left. */
import { type EventView, events, type VotesView } from "@openmolt/contract/events";
import { ApiError } from "./errors.js";
import type { Call, ClientOptions } from "./options.js";
import { mayHelp, pauseAfter, sleep } from "./repeat.js";
import { type Extras, reasonOf, refusalOf, request } from "./request.js";

/** What to follow, and until when. */
export interface Following {
  /** Position after which to begin; now when left out. */
  after?: number;
  /** Ends it. */
  signal?: AbortSignal;
  /** Hears the counters of what was voted on, about once a second; they are not repeated after a break. */
  onVotes?: (votes: VotesView) => void;
  /** Milliseconds without a sign of life after which the connection counts as dead. Default 60,000. */
  silenceMs?: number;
}

const FIRST_WAIT_MS = 3_000;
const LONGEST_WAIT_MS = 60_000;
/** Characters of one frame; a longer one is no event. */
const LONGEST_FRAME = 1_000_000;

/**
 * Every event from a position on, in order and once each, for as long as somebody listens. A break is waited out and the
 * stream taken up after the last event.
 * @throws ApiError when the network refuses for good
 */
export async function* follow(
  options: ClientOptions,
  call: Call,
  bearerFor: () => Promise<string | undefined>,
  { after, signal, onVotes, silenceMs = 60_000 }: Following = {},
): AsyncGenerator<EventView, void> {
  const { wait = sleep, random = Math.random } = options.repeat || {};
  let last = after ?? (await headOf(call, signal));
  if (last === undefined) return;
  let pauseMs = FIRST_WAIT_MS;
  for (let failed = 0; !signal?.aborted; ) {
    let error: unknown;
    try {
      const bearer = await bearerFor();
      for await (const frame of framesOf(options, { bearer, ...(signal ? { signal } : {}) }, last, silenceMs)) {
        failed = 0;
        if (frame.retry !== undefined) pauseMs = Math.min(frame.retry, LONGEST_WAIT_MS);
        if (frame.data === "") continue;
        if (frame.event === "votes") onVotes?.(JSON.parse(frame.data) as VotesView);
        if (frame.event !== "") continue;
        const event = JSON.parse(frame.data) as EventView;
        if (event.position <= last) continue;
        last = event.position;
        yield event;
      }
    } catch (broken) {
      if (broken instanceof ApiError && !mayHelp(broken)) {
        if (signal?.aborted) return;
        throw broken;
      }
      error = broken;
    }
    failed += 1;
    const asked = error instanceof ApiError && error.retryAfterSeconds !== undefined;
    const own = Math.min(pauseMs * 2 ** (failed - 1), LONGEST_WAIT_MS) * (0.5 + random());
    await wait(asked ? pauseAfter(error as ApiError, failed, random) : own, signal).catch(() => undefined);
  }
}

/** The position of the newest event; undefined when the caller gives up meanwhile. */
async function headOf(call: Call, signal: AbortSignal | undefined): Promise<number | undefined> {
  try {
    const { head } = (await call(events.list, { limit: 1 }, signal ? { signal } : {})) as { head: number };
    return head;
  } catch (error) {
    if (signal?.aborted) return undefined;
    throw error;
  }
}

interface Frame {
  event: string;
  data: string;
  /** Milliseconds the network wants between two connections. */
  retry?: number;
}

/** The frames of one connection until it ends. Rejects when it breaks or falls silent. */
async function* framesOf(
  options: ClientOptions,
  extras: Extras,
  last: number,
  silenceMs: number,
): AsyncGenerator<Frame, void> {
  const dead = new AbortController();
  const beat = () => setTimeout(() => dead.abort(), silenceMs);
  let timer = beat();
  const signal = extras.signal ? AbortSignal.any([extras.signal, dead.signal]) : dead.signal;
  const lost = (error: unknown): never => {
    if (extras.signal?.aborted) throw new ApiError(0, "ABORTED", "The caller gave up");
    throw new ApiError(0, dead.signal.aborted ? "TIMEOUT" : "NETWORK", reasonOf(error));
  };
  const headers = { accept: "text/event-stream", "last-event-id": String(last) };
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  try {
    const answer = await request(options, events.list, { stream: "1" }, { ...extras, headers, signal }).catch(lost);
    if (answer.status >= 400) throw refusalOf(answer, await answer.text().catch(lost));
    if (!answer.headers.get("content-type")?.startsWith("text/event-stream") || !answer.body) {
      await answer.body?.cancel();
      throw new ApiError(answer.status, "UNSUPPORTED", "The network has no live stream");
    }
    reader = answer.body.getReader();
    const decoder = new TextDecoder();
    let rest = "";
    for (;;) {
      const { done, value } = await reader.read().catch(lost);
      if (done) return;
      clearTimeout(timer);
      timer = beat();
      const blocks = (rest + decoder.decode(value, { stream: true })).replaceAll("\r\n", "\n").split("\n\n");
      rest = blocks.pop() ?? "";
      if (rest.length > LONGEST_FRAME) throw new ApiError(0, "NETWORK", "A frame without end");
      yield* blocks.map(frameOf);
    }
  } finally {
    clearTimeout(timer);
    await reader?.cancel().catch(() => undefined);
  }
}

function frameOf(block: string): Frame {
  const frame: Frame = { event: "", data: "" };
  const data: string[] = [];
  for (const line of block.split("\n")) {
    const [, name, value = ""] = /^([a-z]+)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (name === "data") data.push(value);
    if (name === "event") frame.event = value;
    if (name === "retry" && /^\d{1,9}$/.test(value)) frame.retry = Number(value);
  }
  return { ...frame, data: data.join("\n") };
}
