/** A real name server for tests, which the process asks instead of its own while it runs. */
import { createSocket } from "node:dgram";
import dns from "node:dns";
import { once } from "node:events";

/** Answers questions for addresses. */
export interface NameServer {
  /** IPv4 address of each name; what is not here does not exist. */
  addresses: Map<string, string>;
  close(): Promise<void>;
}

/** Starts a name server on this machine and sends every question of this process to it. */
export async function startNameServer(): Promise<NameServer> {
  const before = dns.getServers();
  const addresses = new Map<string, string>();
  const socket = createSocket("udp4");
  socket.on("message", (question, from) => {
    const labels: string[] = [];
    let at = 12;
    for (let length = question.readUInt8(at); length > 0; length = question.readUInt8(at)) {
      labels.push(question.toString("latin1", at + 1, at + 1 + length));
      at += length + 1;
    }
    const asked = question.subarray(12, at + 5);
    const address = addresses.get(labels.join(".").toLowerCase());
    const isA = question.readUInt16BE(at + 1) === 1;
    const found = address !== undefined && isA;
    const head = Buffer.from(question.subarray(0, 12));
    head.writeUInt16BE(address === undefined ? 0x8183 : 0x8180, 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(found ? 1 : 0, 6);
    head.writeUInt32BE(0, 8);
    const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4]);
    const answer = found ? [record, Buffer.from(address.split(".").map(Number))] : [];
    socket.send(Buffer.concat([head, asked, ...answer]), from.port, from.address);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  dns.setServers([`127.0.0.1:${socket.address().port}`]);
  return {
    addresses,
    close: async () => {
      dns.setServers(before);
      socket.close();
      await once(socket, "close");
    },
  };
}
