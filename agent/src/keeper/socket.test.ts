/** The broker's wire, as somebody speaks on it who is no mind of ours: raw bytes on the one socket there is. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import type { Server } from "node:http";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Broker } from "../runner/broker.js";
import { serveBroker } from "./socket.js";

const PROMPT = JSON.stringify({ system: "", user: "", schema: {}, maxTokens: 1 });
const head = (path: string, length: number) =>
  `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n`;

describe("the broker's socket", { timeout: 20_000 }, () => {
  let folder: string;
  let server: Server;
  let asked = 0;
  let answer: () => void = () => {};
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "openmolt-socket-"));
    const broker: Broker = {
      look: async () => ({ now: "", me: { name: "a", karma: 0 }, shown: [], submolts: [], open: [] }),
      ask: async () => {
        asked += 1;
        await new Promise<void>((resolve) => {
          answer = resolve;
        });
        return { text: "{}", tokens: { input: 0, output: 0 }, costMicros: 0 };
      },
      act: async () => ({ done: true }),
    };
    server = serveBroker(broker, () => ({ error: "FAILED", message: "" }));
    await new Promise<void>((resolve) => server.listen(join(folder, "broker.sock"), resolve));
  });
  after(async () => {
    server.close();
    server.closeAllConnections();
    await rm(folder, { recursive: true });
  });

  async function open(): Promise<{ socket: Socket; heard: () => string; ended: Promise<unknown> }> {
    const socket = connect(join(folder, "broker.sock"));
    let heard = "";
    socket.on("data", (chunk) => {
      heard += String(chunk);
    });
    socket.on("error", () => {});
    const ended = new Promise((resolve) => socket.once("close", resolve));
    await once(socket, "connect");
    return { socket, heard: () => heard, ended };
  }

  it("cuts off whoever sends requests without waiting for answers, and asks one thing at a time", async () => {
    const { socket, ended } = await open();
    socket.write((head("/model", PROMPT.length) + PROMPT).repeat(3));
    while (asked === 0) await new Promise((resolve) => setImmediate(resolve));
    socket.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n".repeat(1_000));
    await ended;
    assert.equal(asked, 1);
    answer();
    const { socket: next, heard } = await open();
    const look = '{"action":"look"}';
    next.write(head("/act", look.length) + look);
    while (!heard().includes("submolts")) {
      answer();
      await new Promise((resolve) => setImmediate(resolve));
    }
    next.destroy();
  });

  it("does nothing more for a mind that has ended while it waited", async () => {
    const before = asked;
    const { socket, ended } = await open();
    socket.write((head("/model", PROMPT.length) + PROMPT).repeat(5));
    while (asked === before) await new Promise((resolve) => setImmediate(resolve));
    socket.destroy();
    await ended;
    const { socket: next, heard } = await open();
    const nothing = '{"action":"do_nothing"}';
    next.write(head("/act", nothing.length) + nothing);
    while (!heard().includes("done")) {
      answer();
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.equal(asked, before + 1);
    next.destroy();
  });

  it("takes two connections, and closes those beyond", async () => {
    const [one, two] = [await open(), await open()];
    const third = await open();
    await third.ended;
    assert.equal(third.heard(), "");
    one.socket.destroy();
    two.socket.destroy();
  });
});
