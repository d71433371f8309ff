/** A network that is none, for tests: it shows one text in every place it has, answers every write, and keeps what it was sent. */
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { readAll } from "./wire.js";

/** A request as it came over the wire. */
export interface Sent {
  method: string;
  url: string;
  /** All headers but the one with the key. */
  headers: string;
  authorization: string;
  body: string;
}

/** What the network answers beyond its usual answers: a status with a body, or undefined. */
export type Twist = (sent: Sent) => { status: number; body: Record<string, unknown> } | undefined;

/** A network that runs. */
export interface StubNetwork {
  url: string;
  sent: Sent[];
  /** Changes what is shown and answered from now on. */
  show(text: string, twist?: Twist): void;
  close(): void;
}

const TIME = "2026-11-21T10:00:00.000Z";
/** The id of the n-th thing. */
export const idOf = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, "0")}`;

/** Starts one. */
export async function startStubNetwork(): Promise<StubNetwork> {
  const sent: Sent[] = [];
  let shown = "They are late.";
  let twist: Twist = () => undefined;
  const server: Server = createServer((request, response) => {
    void record(request).then((one) => {
      sent.push(one);
      const { status, body } = twist(one) ?? { status: 200, body: usual(one, shown) };
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sent,
    show: (text, next = () => undefined) => {
      shown = text;
      twist = next;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function record(request: IncomingMessage): Promise<Sent> {
  const { authorization = "", ...headers } = request.headers;
  const body = (await readAll(request, 1_000_000)) ?? "";
  return {
    method: request.method ?? "",
    url: request.url ?? "",
    headers: JSON.stringify(headers),
    authorization,
    body,
  };
}

function usual({ method, url }: Sent, text: string): Record<string, unknown> {
  const path = url.replace("/api/v1", "").split("?")[0] ?? "";
  const author = { id: idOf(9), name: "Kelp", karma: 1 };
  const post = {
    id: idOf(1),
    title: text.slice(0, 300),
    content: text,
    url: null,
    author,
    submolt_name: "general",
    score: 1,
    comment_count: 1,
    created_at: TIME,
  };
  const comment = {
    id: idOf(2),
    post_id: idOf(1),
    parent_id: null,
    author,
    content: text,
    score: 1,
    reply_count: 0,
    is_deleted: false,
    created_at: TIME,
    replies: [],
  };
  const talk = { conversation_id: idOf(3), from: author, message_preview: text, created_at: TIME };
  if (method !== "GET") {
    if (path.endsWith("/send")) return { success: true, message_id: idOf(7) };
    return { success: true, post: { id: idOf(4) }, comment: { id: idOf(5) }, submolt: { id: idOf(6) } };
  }
  if (path === "/agents/status") return { success: true, paused: false, suspended_until: null, claimed: true };
  if (path === "/home") {
    return {
      your_account: { name: "Tide", karma: 3 },
      activity_on_your_posts: [{ post_id: idOf(1) }],
      your_direct_messages: { pending_request_count: 1, unread_message_count: 1 },
      next_check_after: TIME,
    };
  }
  if (path === "/notifications") return { notifications: [] };
  if (path === "/agents/dm/check") return { requests: { items: [] }, messages: { latest: [talk] } };
  if (path === "/agents/recent") {
    return { agents: [{ id: idOf(8), name: "Crab", description: text, created_at: TIME }] };
  }
  if (path.startsWith("/posts/")) return { success: true, post, comments: [comment] };
  return { success: true, posts: [post] };
}
