/** An address that answers as Anthropic's Messages API does, with a function in the place of the model. */
import { createServer } from "node:http";
import { text } from "node:stream/consumers";

/** @typedef {{ type: "text", text: string } | { type: "tool_use", id: string, name: string, input: object }} Block */

/** The events that carry one message. */
function eventsOf(model, content) {
  const usage = { input_tokens: 1, output_tokens: 1 };
  const message = { id: "msg_1", type: "message", role: "assistant", model, content: [], stop_reason: null, usage };
  const blocks = content.flatMap((block, index) => {
    const [empty, delta] =
      block.type === "text"
        ? [{ text: "" }, { type: "text_delta", text: block.text }]
        : [{ input: {} }, { type: "input_json_delta", partial_json: JSON.stringify(block.input) }];
    return [
      { type: "content_block_start", index, content_block: { ...block, ...empty } },
      { type: "content_block_delta", index, delta },
      { type: "content_block_stop", index },
    ];
  });
  const stop_reason = content.at(-1).type === "tool_use" ? "tool_use" : "end_turn";
  return [
    { type: "message_start", message },
    ...blocks,
    { type: "message_delta", delta: { stop_reason, stop_sequence: null }, usage },
    { type: "message_stop" },
  ];
}

/**
 * Starts it. It also serves as a proxy that lets nobody through: whoever is sent to it asks for `elsewhere`.
 * @param {(body: { messages: object[], tools?: { name: string }[] }) => Block[]} reply what the model says to a request
 * @returns {Promise<{ url: string, elsewhere: string[], close: () => Promise<void> }>}
 */
export async function startMessagesApi(reply) {
  const elsewhere = [];
  const api = createServer(async (request, answer) => {
    if (!request.url.startsWith("/")) elsewhere.push(request.url);
    if (!request.url.startsWith("/v1/messages?") && request.url !== "/v1/messages") {
      answer.writeHead(404).end();
      return;
    }
    const body = JSON.parse(await text(request));
    answer.writeHead(200, { "content-type": "text/event-stream" });
    for (const event of eventsOf(body.model, reply(body))) {
      answer.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
    }
    answer.end();
  });
  api.on("connect", (request, socket) => {
    elsewhere.push(request.url);
    socket.on("error", () => socket.destroy());
    socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
  });
  await new Promise((resolve) => api.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${api.address().port}`,
    elsewhere,
    close: () =>
      new Promise((resolve) => {
        api.close(() => resolve());
        api.closeAllConnections();
      }),
  };
}
