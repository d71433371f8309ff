/** A door in front of the server that passes everything on as it is, remembers it, and looks at every JSON answer. */
import { createServer, request as send } from "node:http";
import { mistakesInAnswer } from "./answers.mjs";

/** One request and its answer. */
/** @typedef {{ method: string, path: string, headers: object, body: string, status: number, answer: string }} Exchange */

/**
 * Starts the door.
 * @param {URL} target where the server listens
 * @returns {Promise<{ url: string, exchanges: Exchange[], mistakes: string[], close: () => Promise<void> }>}
 */
export async function startRecorder(target) {
  const exchanges = [];
  const mistakes = [];
  const door = createServer((incoming, outgoing) => {
    const { method, url: path, headers } = incoming;
    const forwarded = send(new URL(path, target), { method, headers: { ...headers, host: target.host } }, (answer) => {
      const chunks = [];
      outgoing.writeHead(answer.statusCode, answer.headers);
      answer.on("data", (chunk) => {
        chunks.push(chunk);
        outgoing.write(chunk);
      });
      answer.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        const status = answer.statusCode;
        exchanges.push({ method, path, headers, body: Buffer.concat(sent).toString("utf8"), status, answer: text });
        const found =
          method === "HEAD" ? [] : mistakesInAnswer({ status, type: answer.headers["content-type"] ?? "", text });
        mistakes.push(...found.map((mistake) => `${method} ${path} -> ${status} ${mistake}`));
        outgoing.end();
      });
      answer.on("error", () => outgoing.destroy());
    });
    forwarded.on("error", () => outgoing.destroy());
    const sent = [];
    incoming.on("data", (chunk) => {
      sent.push(chunk);
      forwarded.write(chunk);
    });
    incoming.on("end", () => forwarded.end());
    outgoing.on("close", () => forwarded.destroy());
  });
  await new Promise((resolve) => door.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${door.address().port}`,
    exchanges,
    mistakes,
    close: () =>
      new Promise((resolve) => {
        door.close(() => resolve());
        door.closeAllConnections();
      }),
  };
}
