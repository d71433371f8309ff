/** Many who watch one server, in a process of their own: tells its parent when all have connected, and when all have heard. */
import { connect } from "node:net";

const [port, count] = process.argv.slice(2).map(Number);
/** Connections opened at once; a server accepts from a queue. */
const AT_ONCE = 100;
const REQUEST = `GET /api/v1/events?stream=1 HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\naccept: text/event-stream\r\n\r\n`;

/** How many have heard of each title, and when the first did. */
const heard = new Map();

function note(title) {
  const known = heard.get(title) ?? { by: 0, first: Date.now() };
  known.by += 1;
  heard.set(title, known);
  if (known.by !== count) return;
  process.send({ title, at: Date.now(), first: known.first });
  heard.delete(title);
}

function watch() {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1" });
    let rest = "";
    socket.setEncoding("latin1");
    socket.on("error", reject);
    socket.on("connect", () => socket.write(REQUEST));
    socket.on("close", () => {
      throw new Error("A watcher was cut off");
    });
    socket.on("data", (chunk) => {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        if (line.startsWith("retry:")) resolve();
        else if (line.startsWith("data: ")) {
          const { type, title } = JSON.parse(line.slice(6));
          if (type === "post.created") note(title);
        }
      }
    });
  });
}

for (let opened = 0; opened < count; opened += AT_ONCE) {
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - opened) }, watch));
}
process.send({ title: "open", at: Date.now(), first: Date.now() });
