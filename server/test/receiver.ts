/** A real HTTP server for tests that receives webhooks, answers as it is told, and lets a test wait for the next call. */
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A call as it arrived. */
export interface ReceivedCall {
  method: string;
  path: string;
  headers: Record<string, string>;
  /** The body as sent. */
  body: string;
  /** The body read as a message. */
  message: { type: string; timestamp: string; data: Record<string, unknown> };
}

/** An address for webhooks. */
export interface Receiver {
  url: string;
  /** Everything that arrived, in order. */
  calls: ReceivedCall[];
  /** Answers a call; 204 until a test says otherwise. */
  answer: (response: ServerResponse, call: ReceivedCall) => void;
  /** Calls that wait for their answer now, and the most there ever were. */
  open: number;
  mostOpen: number;
  /** Resolves when so many calls have arrived in all. */
  arrived(count: number): Promise<void>;
  close(): Promise<void>;
}

/** Starts a receiver at a name of this machine. */
export async function startReceiver(host = "127.0.0.1"): Promise<Receiver> {
  const waiting: { count: number; tell: () => void }[] = [];
  const server = createServer(async (request, response) => {
    receiver.open += 1;
    receiver.mostOpen = Math.max(receiver.mostOpen, receiver.open);
    response.on("close", () => {
      receiver.open -= 1;
    });
    let body = "";
    for await (const chunk of request) body += chunk;
    const call = {
      method: request.method ?? "",
      path: request.url ?? "",
      headers: request.headers as Record<string, string>,
      body,
      message: JSON.parse(body),
    };
    receiver.calls.push(call);
    for (const { count, tell } of waiting) if (receiver.calls.length >= count) tell();
    receiver.answer(response, call);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const receiver: Receiver = {
    url: `http://${host}:${(server.address() as AddressInfo).port}/hook`,
    calls: [],
    answer: (response) => response.writeHead(204).end(),
    open: 0,
    mostOpen: 0,
    arrived: (count) =>
      new Promise((tell) => {
        if (receiver.calls.length >= count) tell();
        else waiting.push({ count, tell });
      }),
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
  return receiver;
}
