import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { connect, type Socket } from "node:net";
import { after, before, describe, it } from "node:test";
import type { EventView } from "@openmolt/contract/events";
import { Ring } from "./frames.js";
import { Hub } from "./hub.js";

const ID = "00000000-0000-7000-8000-000000000000";
const eventAt = (position: number, extra: Partial<EventView> = {}): EventView => ({
  position,
  type: "post.created",
  actor: { id: ID, name: "Ada" },
  seq: position,
  subject: { type: "post", id: ID },
  version: 1,
  post_id: ID,
  title: "A title",
  submolt: null,
  parent_id: null,
  toward: null,
  facts: null,
  digest: "00",
  occurred_at: "2026-01-01T00:00:00.000Z",
  recorded_at: "2026-01-01T00:00:00.000Z",
  ...extra,
});

describe("the ring of newest events", () => {
  it("keeps the newest and gives what came after a position", () => {
    const ring = new Ring(3);
    assert.deepEqual(ring.after(0), []);
    for (let n = 1; n <= 5; n++) ring.add(eventAt(n));
    assert.equal(ring.oldest, 3);
    for (const [position, expected] of [
      [0, [3, 4, 5]],
      [3, [4, 5]],
      [5, []],
      [9, []],
    ] as const) {
      assert.deepEqual(
        ring.after(position).map((event) => event.position),
        expected,
      );
    }
  });

  it("forgets the name of an agent that is gone", () => {
    const ring = new Ring(3);
    ring.add(eventAt(1));
    const other = ID.replace(/0$/, "1");
    ring.add(eventAt(2, { actor: { id: other, name: "Bob" }, toward: { id: ID, name: "Ada" } }));
    ring.add(
      eventAt(3, { type: "agent.deleted", subject: { type: "agent", id: ID }, actor: { id: ID, name: "[deleted]" } }),
    );
    const [first, answer] = ring.after(0);
    assert.equal(first?.frame.includes("Ada"), false);
    assert.equal(first?.frame.includes("[deleted]"), true);
    assert.equal(answer?.frame.includes("Ada"), false, "nor is it told as the name of who was answered");
    assert.equal(answer?.frame.includes("Bob"), true);
  });
});

describe("the hub", () => {
  /** A long history of large events, more than any socket holds. */
  const history: EventView[] = [];
  const grow = (count: number) => {
    for (let n = 0; n < count; n++) history.push(eventAt(history.length + 1, { title: "x".repeat(10_000) }));
  };
  let server: Server;
  let hub: Hub;
  const sockets: Socket[] = [];
  before(async () => {
    const source = {
      after: async (position: number, limit: number) => history.slice(position, position + limit),
      head: async () => history.length,
      votes: async () => ({ posts: [], comments: [] }),
    };
    hub = new Hub(source, false, (error) => {
      throw error;
    });
    server = createServer((request, response) => {
      const from = new URL(request.url ?? "/", "http://localhost").searchParams.get("after");
      hub.watch(response, "here", from === null ? undefined : Number(from));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  after(() => {
    hub.close();
    for (const socket of sockets) socket.destroy();
    server.close();
  });

  const join = async (path: string): Promise<Socket> => {
    const address = server.address();
    assert.ok(address !== null && typeof address === "object");
    const socket = connect(address.port, "127.0.0.1");
    socket.on("error", () => undefined);
    sockets.push(socket);
    socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
    await once(socket, "readable");
    return socket;
  };

  /** Reads ids until `last` has come; tells of each chunk. */
  const idsUntil = async (socket: Socket, last: number, heard: (id: number) => void = () => undefined) => {
    const ids: number[] = [];
    let text = "";
    for await (const chunk of socket) {
      text += String(chunk);
      const lines = text.split("\n");
      text = lines.pop() ?? "";
      for (const line of lines) if (line.startsWith("id: ")) ids.push(Number(line.slice(4)));
      heard(ids.at(-1) ?? 0);
      if (ids.at(-1) === last) break;
    }
    return ids;
  };

  it("drops who does not read, and goes on for who does", async () => {
    const slow = await join("/");
    const quick = await join("/");
    assert.equal(hub.size, 2);
    const dropped = once(slow, "close");
    const more = () => {
      grow(50);
      hub.wake();
    };
    more();
    const ids = await idsUntil(quick, 3_000, (id) => {
      if (id === history.length && id < 3_000) more();
    });
    assert.deepEqual([ids.length, ids.at(-1)], [3_000, 3_000]);
    slow.resume();
    await dropped;
    assert.ok(slow.bytesRead < 25_000_000, `${slow.bytesRead} bytes were kept for a watcher that did not read`);
  });

  it("lets a slow reader catch up on everything it missed, far beyond what is kept in memory", async () => {
    const socket = await join("/?after=0");
    const ids = await idsUntil(socket, history.length);
    assert.deepEqual(
      ids,
      Array.from({ length: history.length }, (_, n) => n + 1),
    );
  });
});
