/** What both sides of the broker's wire know: how a refusal looks, and how bodies are read without trusting their length. */
import { type Static, Type } from "typebox";

/** What a body of an answer that is no success says. */
export const Refusal = Type.Object({
  error: Type.String(),
  /** The life is over for now. */
  stopped: Type.Optional(Type.Boolean()),
  message: Type.String(),
  retry_after_seconds: Type.Optional(Type.Number()),
});
/** What a body of an answer that is no success says. */
export type Refusal = Static<typeof Refusal>;

/** The whole of a body as text; undefined when it is too long. @throws Error when it breaks off */
export async function readAll(stream: AsyncIterable<Buffer>, most: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.length;
    if (bytes > most) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** JSON as a value; undefined where it is none. */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
