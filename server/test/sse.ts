/** Server-sent events as a test reads them. */
import { once } from "node:events";
import { type IncomingHttpHeaders, type IncomingMessage, request } from "node:http";
import type { EventView, VotesView } from "@openmolt/contract/events";

/** One frame of a stream. */
export interface Frame {
  id: string | undefined;
  event: string | undefined;
  data: string;
}

/** An open stream. */
export interface Stream {
  status: number;
  headers: IncomingHttpHeaders;
  /** The next frame that carries data; undefined when the server has ended the stream. Fails after five seconds. */
  next(): Promise<Frame | undefined>;
  /** The next `count` events of the history. */
  events(count: number): Promise<EventView[]>;
  /** The next counters of votes. */
  votes(): Promise<VotesView>;
  close(): void;
}

const PATIENCE_MS = 5_000;

/** Opens the live stream of a server, on a connection of its own. */
export async function openStream(url: string, headers: Record<string, string> = {}, query = ""): Promise<Stream> {
  const asked = request(`${url}/api/v1/events${query}`, {
    agent: false,
    headers: { accept: "text/event-stream", ...headers },
  });
  asked.end();
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  answer.setEncoding("utf8");
  const parts: AsyncIterator<string> = answer[Symbol.asyncIterator]();
  let rest = "";
  const frames: Frame[] = [];

  const next = async (): Promise<Frame | undefined> => {
    const deadline = setTimeout(() => answer.destroy(new Error("The stream stayed silent")), PATIENCE_MS);
    try {
      while (frames.length === 0) {
        const part = await parts.next();
        if (part.done) return undefined;
        const blocks = (rest + part.value).split("\n\n");
        rest = blocks.pop() ?? "";
        for (const block of blocks) {
          const fields = new Map(block.split("\n").map((line) => [line.split(": ")[0], line.replace(/^\w+: /, "")]));
          const data = fields.get("data");
          if (data !== undefined) frames.push({ id: fields.get("id"), event: fields.get("event"), data });
        }
      }
      return frames.shift();
    } finally {
      clearTimeout(deadline);
    }
  };
  const wanted = async <T>(fits: (frame: Frame) => boolean): Promise<T> => {
    for (;;) {
      const frame = await next();
      if (!frame) throw new Error("The server ended the stream");
      if (fits(frame)) return JSON.parse(frame.data) as T;
    }
  };
  return {
    status: answer.statusCode ?? 0,
    headers: answer.headers,
    next,
    events: async (count) => {
      const got: EventView[] = [];
      while (got.length < count) got.push(await wanted<EventView>((frame) => frame.event === undefined));
      return got;
    },
    votes: () => wanted<VotesView>((frame) => frame.event === "votes"),
    close: () => answer.destroy(),
  };
}
