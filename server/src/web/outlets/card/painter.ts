/**
 * Has cards drawn by a process of their own, one after the other, and keeps the latest. The process starts with the first
 * card and ends when there has been nothing to draw for a while; so many wait at most, and one that draws for too long is
 * replaced.
 */
import { type ChildProcess, fork } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { LRUCache } from "lru-cache";
import type { Logger } from "pino";
import { AppError } from "../../../errors.js";
import type { Card } from "./card.js";
import type { Delivery } from "./paint.js";

/** Cards that wait at most. */
const MOST_WAITING = 20;
/** Milliseconds one card may take; fonts that are new to the process take a few hundred. */
const LONGEST_MS = 10_000;
/** Milliseconds without a card after which the process ends. */
const IDLE_MS = 120_000;
/** Bytes of drawn cards that are kept. */
const KEPT_BYTES = 16_000_000;

/** Only the fonts we ship: a card looks the same on every machine. */
const NO_SYSTEM_FONTS = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig></fontconfig>
`;

interface Job {
  card: Card;
  done(png: Buffer): void;
  failed(error: unknown): void;
}

/** The process and where its fonts are. */
interface Studio {
  process: ChildProcess;
  directory: string;
}

/** Draws cards elsewhere. */
export class Painter {
  readonly #kept = new LRUCache<string, Buffer>({ maxSize: KEPT_BYTES, sizeCalculation: (png) => png.length });
  readonly #drawing = new Map<string, Promise<Buffer>>();
  readonly #waiting: Job[] = [];
  #studio: Studio | undefined;
  #current: Job | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly log: Logger) {}

  /**
   * The picture of a card, as PNG.
   * @param key the same for the same card
   * @throws AppError OVERLOADED when too many wait, INTERNAL_ERROR when it cannot be drawn
   */
  draw(key: string, card: Card): Promise<Buffer> {
    const kept = this.#kept.get(key);
    if (kept) return Promise.resolve(kept);
    const drawing = this.#drawing.get(key) ?? this.#begin(key, card);
    this.#drawing.set(key, drawing);
    return drawing;
  }

  /** Ends the process; what waits fails. */
  close(): void {
    for (const job of this.#waiting.splice(0)) job.failed(new AppError("UNAVAILABLE"));
    this.#end("the server closes");
  }

  async #begin(key: string, card: Card): Promise<Buffer> {
    try {
      const png = await new Promise<Buffer>((done, failed) => {
        if (this.#waiting.length >= MOST_WAITING) throw overloaded();
        this.#waiting.push({ card, done, failed });
        this.#next();
      });
      this.#kept.set(key, png);
      return png;
    } finally {
      this.#drawing.delete(key);
    }
  }

  #next(): void {
    if (this.#current) return;
    const job = this.#waiting.shift();
    if (!job) {
      if (this.#studio) this.#wait(IDLE_MS, "idle");
      return;
    }
    this.#current = job;
    try {
      this.#studio ??= this.#open();
    } catch (error) {
      this.#current = undefined;
      job.failed(error);
      this.#next();
      return;
    }
    this.#wait(LONGEST_MS, "a card takes too long");
    this.#studio.process.send(job.card, (error) => error && this.#end(error.message));
  }

  #wait(milliseconds: number, why: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#end(why), milliseconds).unref();
  }

  #open(): Studio {
    const directory = mkdtempSync(join(tmpdir(), "openmolt-cards-"));
    const settings = join(directory, "fonts.conf");
    writeFileSync(settings, NO_SYSTEM_FONTS);
    const child = fork(fileURLToPath(new URL("./paint.js", import.meta.url)), [directory], {
      env: { FONTCONFIG_FILE: settings },
      execArgv: ["--max-old-space-size=128"],
      serialization: "advanced",
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    const studio = { process: child, directory };
    const gone = (why: string) => this.#studio === studio && this.#end(why);
    child.on("message", (delivery) => this.#studio === studio && this.#take(delivery as Delivery));
    child.on("error", (error) => gone(error.message));
    child.on("exit", (code, signal) => gone(`ended by itself (${signal ?? code})`));
    return studio;
  }

  #take(delivery: Delivery): void {
    const job = this.#current;
    this.#current = undefined;
    if ("png" in delivery) job?.done(Buffer.from(delivery.png));
    else {
      this.log.warn({ error: delivery.error }, "a card could not be drawn");
      job?.failed(new AppError("INTERNAL_ERROR"));
    }
    this.#next();
  }

  /** Ends the process; the card it was drawing fails, the others are drawn by the next one. */
  #end(why: string): void {
    clearTimeout(this.#timer);
    const [studio, job] = [this.#studio, this.#current];
    this.#studio = undefined;
    this.#current = undefined;
    studio?.process.kill("SIGKILL");
    if (studio) rmSync(studio.directory, { recursive: true, force: true });
    if (job) {
      this.log.warn({ why }, "the process that draws cards was ended");
      job.failed(overloaded());
    }
    this.#next();
  }
}

function overloaded(): AppError {
  return new AppError("OVERLOADED", { retryAfterSeconds: 5, fields: { retry_after_seconds: 5 } });
}
