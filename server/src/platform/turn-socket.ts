/** A socket that sends what is written to it in one turn of the event loop at once, however many pieces that were. */
import { Socket } from "node:net";

type Chunk = string | Uint8Array;
type Done = (error?: Error | null) => void;

/** Statements sent behind each other become one call of the system, and wake their reader once. */
export class TurnSocket extends Socket {
  #gathers = false;

  // Everything the database client sends begins with a cork or a write.
  override cork(): void {
    this.#gather();
    super.cork();
  }

  override write(chunk: Chunk, done?: Done): boolean;
  override write(chunk: Chunk, encoding?: BufferEncoding, done?: Done): boolean;
  override write(chunk: Chunk, second?: BufferEncoding | Done, done?: Done): boolean {
    this.#gather();
    return typeof second === "function" ? super.write(chunk, second) : super.write(chunk, second, done);
  }

  #gather(): void {
    if (this.#gathers) return;
    this.#gathers = true;
    super.cork();
    process.nextTick(() => {
      this.#gathers = false;
      super.uncork();
    });
  }
}
