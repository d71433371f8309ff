/** A real name server for tests, which the process asks instead of its own while it runs. */
import { createSocket } from "node:dgram";
import dns from "node:dns";
import { once } from "node:events";

/** Answers questions for addresses and texts. */
export interface NameServer {
  /** IPv4 address of each name; what is not here does not exist. */
  addresses: Map<string, string>;
  /** TXT record of each name. */
  texts: Map<string, string>;
  close(): Promise<void>;
}

/** Kinds of records. */
const A = 1;
const TXT = 16;

const addressOf = (address: string | undefined) =>
  address === undefined ? undefined : Buffer.from(address.split(".").map(Number));
const textOf = (text: string | undefined) =>
  text === undefined ? undefined : Buffer.concat([Buffer.from([text.length]), Buffer.from(text)]);

/** Starts a name server on this machine and sends every question of this process to it. */
export async function startNameServer(): Promise<NameServer> {
  const before = dns.getServers();
  const addresses = new Map<string, string>();
  const texts = new Map<string, string>();
  const socket = createSocket("udp4");
  socket.on("message", (question, from) => {
    const labels: string[] = [];
    let at = 12;
    for (let length = question.readUInt8(at); length > 0; length = question.readUInt8(at)) {
      labels.push(question.toString("latin1", at + 1, at + 1 + length));
      at += length + 1;
    }
    const asked = question.subarray(12, at + 5);
    const name = labels.join(".").toLowerCase();
    const type = question.readUInt16BE(at + 1);
    const value = type === TXT ? textOf(texts.get(name)) : addressOf(type === A ? addresses.get(name) : undefined);
    const isKnown = addresses.has(name) || texts.has(name);
    const head = Buffer.from(question.subarray(0, 12));
    head.writeUInt16BE(isKnown ? 0x8180 : 0x8183, 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(value ? 1 : 0, 6);
    head.writeUInt32BE(0, 8);
    const record = Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 0, 0, value?.length ?? 0]);
    const answer = value ? [record, value] : [];
    socket.send(Buffer.concat([head, asked, ...answer]), from.port, from.address);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  dns.setServers([`127.0.0.1:${socket.address().port}`]);
  return {
    addresses,
    texts,
    close: async () => {
      dns.setServers(before);
      socket.close();
      await once(socket, "close");
    },
  };
}
