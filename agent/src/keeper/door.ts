/** The broker as a mind in the sandbox reaches it: two routes over one unix socket, or over the connection it was born with. */
import { Agent, type IncomingMessage, request } from "node:http";
import { Socket } from "node:net";
import { Value } from "typebox/value";
import { type Broker, type Look, type Outcome, Stopped } from "../runner/broker.js";
import type { Reply } from "../runner/model.js";
import { parse, Refusal, readAll } from "./wire.js";

/** Most bytes of one answer. */
const MOST_BYTES = 4_000_000;

/**
 * Opens the doors.
 * @param address path of a unix socket, or `fd:3` for a connection that is open already
 */
export function brokerAt(address: string): Broker {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const fd = /^fd:(\d+)$/.exec(address)?.[1];
  if (fd !== undefined) {
    const socket = new Socket({ fd: Number(fd), readable: true, writable: true });
    agent.createConnection = () => socket;
  }
  const ask = async (path: "/model" | "/act", body: unknown): Promise<unknown> => {
    const text = JSON.stringify(body);
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(text) };
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const place = fd === undefined ? { socketPath: address } : {};
      const sent = request({ ...place, agent, method: "POST", path, headers }, resolve);
      sent.on("error", reject);
      sent.end(text);
    });
    const value = parse((await readAll(answer, MOST_BYTES)) ?? "");
    if (answer.statusCode === 200) return value;
    throw refused(value);
  };
  return {
    look: () => ask("/act", { action: "look" }) as Promise<Look>,
    ask: (prompt) => ask("/model", prompt) as Promise<Reply>,
    act: (decision) => ask("/act", decision) as Promise<Outcome>,
  };
}

function refused(value: unknown): Error {
  if (!Value.Check(Refusal, value)) return new Error("The broker gave no answer that can be read.");
  if (value.stopped) return new Stopped(value.error, value.message);
  const error = new Error(`${value.error}: ${value.message}`);
  return Object.assign(error, { retryAfterSeconds: value.retry_after_seconds });
}
