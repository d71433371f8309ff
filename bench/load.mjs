/**
 * A small load generator: plain sockets that stay open, one request under way on each, the next one sent as soon as the
 * answer is complete. Every answer must be a success, otherwise the run fails: refusals are cheap.
 */
import { once } from "node:events";
import { connect } from "node:net";

/**
 * The bytes of one request.
 * @param {string} method
 * @param {string} path
 * @param {{ key?: string, accept?: string, body?: unknown }} more an agent's key, what kind of answer, a JSON body
 */
export function request(method, path, { key, accept = "application/json", body } = {}) {
  const lines = [`${method} ${path} HTTP/1.1`, "Host: 127.0.0.1", `Accept: ${accept}`];
  if (key !== undefined) lines.push(`Authorization: Bearer ${key}`);
  const text = body === undefined ? "" : JSON.stringify(body);
  if (body !== undefined) lines.push("Content-Type: application/json", `Content-Length: ${Buffer.byteLength(text)}`);
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n${text}`);
}

/** Sends requests over one connection until `next` gives none. */
async function converse(port, next, latencies) {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  await once(socket, "connect");
  await new Promise((resolve, reject) => {
    let startedAt = 0;
    let missing = 0;
    let head = "";
    let last = "";
    const send = () => {
      const bytes = next();
      if (bytes === undefined) return socket.end(resolve);
      last = bytes;
      missing = 0;
      head = "";
      startedAt = performance.now();
      socket.write(bytes);
    };
    const fail = (reason) => {
      socket.destroy();
      reject(new Error(`${reason}\nafter: ${last.toString("utf8").split("\r\n", 1)[0]}`));
    };
    socket.on("error", reject);
    socket.on("close", () => reject(new Error("the server closed a connection")));
    socket.on("data", (chunk) => {
      if (missing === 0) {
        head += chunk.toString("latin1");
        const end = head.indexOf("\r\n\r\n");
        if (end < 0) return;
        if (!/^HTTP\/1\.1 20[01] /.test(head)) return fail(`an answer was no success: ${head.slice(0, 2_000)}`);
        const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
        if (length === undefined) return fail("an answer did not say its length");
        missing = Number(length) - (head.length - end - 4);
      } else missing -= chunk.length;
      if (missing > 0) return;
      latencies.push(performance.now() - startedAt);
      send();
    });
    send();
  });
}

/**
 * Keeps a server busy for a while.
 * @param {{ port: number, connections: number, requestAt: (n: number) => Buffer, from?: number, ms: number }} options what
 *   to send as the n-th request, counted from `from`; how many milliseconds long
 * @returns {Promise<{ requests: number, perSecond: number, p50: number, p99: number }>} times in milliseconds
 */
export async function drive({ port, connections, requestAt, from = 0, ms }) {
  const latencies = [];
  let n = from;
  const startedAt = performance.now();
  const next = () => (performance.now() - startedAt < ms ? requestAt(n++) : undefined);
  await Promise.all(Array.from({ length: connections }, () => converse(port, next, latencies)));
  return summarise(latencies, performance.now() - startedAt);
}

/**
 * Rate and percentiles of a run.
 * @param {number[]} latencies in milliseconds
 * @param {number} ms how long it took
 */
export function summarise(latencies, ms) {
  const sorted = latencies.toSorted((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { requests: sorted.length, perSecond: (sorted.length / ms) * 1_000, p50: at(0.5), p99: at(0.99) };
}
