/** The public history over HTTP: a page of JSON, or a stream for those who ask for one. */
import type { ServerResponse } from "node:http";
import { events } from "@openmolt/contract/events";
import { AppError } from "../errors.js";
import type { Reaction } from "../platform/background.js";
import { headPosition, readEvents, readVotes } from "../platform/event-log.js";
import { type Binding, read } from "../platform/http/bind.js";
import { type Call, StreamAnswer } from "../platform/http/call.js";
import { addressGroup } from "../platform/limits.js";
import type { Services } from "../platform/services.js";
import { MEMBER_STREAM_MS } from "./bounds.js";
import { Hub } from "./hub.js";

const PAGE = { limit: 100, max: 500 };

/** The live side of a server: its hub hears the background work and is closed before the server is. */
export function openHub({ reader, config, background, log, outage }: Services): Hub {
  const history = {
    after: (position: number, limit: number) => readEvents(reader, position, limit),
    head: () => headPosition(reader),
    votes: (ids: readonly string[]) => readVotes(reader, ids),
  };
  const report = (error: unknown) => {
    if (!outage.tell(error)) log.warn({ err: error }, "the live stream could not be fed");
  };
  const hub = new Hub(history, config.limits, report);
  background.onPlaced(() => hub.wake());
  background.addReaction(votesSeenBy(hub));
  hub.start();
  return hub;
}

/** Tells the hub what was voted on; who voted is never passed on. */
function votesSeenBy(hub: Hub): Reaction {
  return {
    kinds: ["content_voted"],
    react: async (_tx, rows) => {
      for (const { subject_id } of rows) if (subject_id !== null) hub.noteVote(subject_id);
    },
  };
}

/** The endpoint of the public history. */
export function liveApi(hub: Hub): Binding[] {
  return [
    read(events.list, async (call, input) => {
      const after = lastEventId(call) ?? input.after;
      if (input.stream === "1" || wantsStream(call)) {
        const address = addressGroup(call.address);
        hub.assertRoom(address);
        return new StreamAnswer((response) => {
          if (call.services.config.reading === "members") endLater(response);
          hub.watch(response, address, after);
        });
      }
      const limit = Math.min(input.limit ?? PAGE.limit, PAGE.max);
      const head = await headPosition(call.services.reader);
      const page = await readEvents(call.services.reader, after ?? 0, limit);
      const last = page.at(-1)?.position ?? Math.min(after ?? 0, head);
      return { events: page, has_more: last < head, next_after: last, head: Math.max(head, last) };
    }),
  ];
}

/** A stream is begun as a member; that it still is one shows only when it comes back. */
function endLater(response: ServerResponse): void {
  const timer = setTimeout(() => response.end(), MEMBER_STREAM_MS);
  response.once("close", () => clearTimeout(timer));
}

function wantsStream({ headers }: Call): boolean {
  return (headers.accept ?? "").includes("text/event-stream");
}

/** The cursor of a client that comes back; it wins over the one in the address, which is older. */
function lastEventId({ headers }: Call): number | undefined {
  const header = headers["last-event-id"];
  if (header === undefined || header === "") return undefined;
  if (typeof header !== "string" || !/^\d{1,15}$/.test(header)) throw new AppError("INVALID_CURSOR");
  return Number(header);
}
