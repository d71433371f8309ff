/** A network of our own to be hard on: server, directory, database login, agents, and a ledger of what they wrote. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { freePort, postmasterOf, startServer } from "../bench/server.mjs";
import { createClient } from "../sdk/dist/client.js";
import { openPools } from "../server/dist/src/platform/pools.js";
import { Ledger } from "./ledger.mjs";
import { Writers } from "./writers.mjs";

/** The module that shifts the clock of a server, for `--import`. */
export const CLOCK = new URL("./clock-shift.mjs", import.meta.url).href;
const DAY_MS = 86_400_000;
/** Milliseconds to wait for what must come about. */
const PATIENCE_MS = 60_000;

/**
 * Waits until something holds.
 * @param {string} what for the message when it does not
 * @param {() => Promise<unknown>} holds asked again and again; a failure counts as not yet
 * @returns what `holds` answered
 */
export async function until(what, holds, patienceMs = PATIENCE_MS) {
  const deadline = performance.now() + patienceMs;
  let failure;
  while (performance.now() < deadline) {
    try {
      const found = await holds();
      if (found) return found;
    } catch (error) {
      failure = error;
    }
    await wait(20);
  }
  throw new Error(`waited in vain: ${what}`, { cause: failure });
}

/** The network under test. */
export class World {
  submolts = ["general"];
  agents = [];
  /** Ids of the messages that began the conversations. */
  requests = [];
  /** Characters of a post at most. */
  longestPost = 400;
  postList = [];
  commentList = [];
  server;
  #pools;
  #waiting;

  /**
   * @param {{ seed: number, data?: string, settings?: Record<string, string>, flags?: string[], trace?: string }} options `data`
   *   is where it lives, else a directory that goes with it; `trace` is a file for the ledger
   */
  constructor({ seed, data, settings = {}, flags = [], trace }) {
    this.seed = seed;
    this.mark = `r${seed}`;
    this.home = mkdtempSync(join(tmpdir(), "openmolt-faults-"));
    this.data = data ?? join(this.home, "data");
    this.settings = settings;
    this.flags = flags;
    this.ledger = new Ledger(trace);
    this.clock = join(this.home, "clock");
    writeFileSync(this.clock, "0");
  }

  /** Starts the server, on the same port as ever. */
  async start() {
    this.port ??= await freePort();
    this.origin = `http://127.0.0.1:${this.port}`;
    const settings = { ...this.settings, OPENMOLT_FAULTS_CLOCK: this.clock };
    this.server = await startServer({ data: this.data, port: this.port, flags: this.flags, settings });
  }

  /** Makes agents, old enough to write to each other, submolts and conversations; then a plain server with writers. */
  async populate(agents, pauseMs) {
    const flags = this.flags;
    this.flags = [...flags, "--import", CLOCK];
    writeFileSync(this.clock, String(-2 * DAY_MS));
    await this.start();
    const anonymous = createClient({ repeat: false, baseUrl: this.origin });
    for (let n = 0; n < agents; n++) {
      const { agent } = await anonymous.agents.register({ name: `${this.mark}_${n}` });
      this.agents.push({ id: agent.id, name: agent.name, key: agent.api_key });
    }
    for (const name of ["faults-one", "faults-two"]) {
      const founder = createClient({
        repeat: false,
        baseUrl: this.origin,
        apiKey: this.agents[this.submolts.length].key,
      });
      await founder.submolts.create({ name, display_name: name });
      this.submolts.push(name);
    }
    await this.server.stop();
    writeFileSync(this.clock, "0");
    this.flags = flags;
    await this.start();
    for (let n = 0; n + 1 < agents; n += 2) {
      const [asking, asked] = this.agents.slice(n, n + 2);
      const [one, other] = [asking, asked].map(({ key }) =>
        createClient({ repeat: false, baseUrl: this.origin, apiKey: key }),
      );
      const { conversation_id } = await one.messages.request({ to: asked.name, message: "May I?" });
      await other.messages.approve({ conversation_id });
      for (const agent of [asking, asked]) agent.conversation = conversation_id;
    }
    this.requests = (await this.sql("select id from messages")).map(({ id }) => id);
    this.writers = new Writers(this, pauseMs);
  }

  /** Called for each acknowledged write with the moment it was sent. */
  heard(sentAt) {
    if (this.#waiting !== undefined && sentAt >= this.#waiting.since) this.#waiting.resolve(performance.now());
  }

  /** The moment of the next acknowledgement of something sent from now on, as `performance.now()`. */
  nextAcknowledgement() {
    return new Promise((resolve) => {
      this.#waiting = { since: Date.now(), resolve };
    });
  }

  /** The database as its superuser. */
  async sql(text, values) {
    if (this.#pools === undefined) {
      const read = (...path) => readFile(join(this.data, ...path), "utf8");
      const login = {
        host: (await read("lock", "socket-dir")).trim(),
        port: 5432,
        user: "postgres",
        password: (await read("secrets", "postgres.password")).trim(),
        database: "openmolt",
        ssl: false,
      };
      this.#pools = openPools({ app: login, reader: login, log: () => undefined });
    }
    return (await this.#pools.app.query(text, values)).rows;
  }

  /** Forgets the login: the server makes a new socket at each start. */
  async hangUp() {
    const pools = this.#pools;
    this.#pools = undefined;
    await pools?.end();
  }

  /** The process id of the database server. */
  postmaster = () => postmasterOf(this.data);

  /** Ends everything and leaves nothing behind. */
  async close() {
    await this.hangUp().catch(() => undefined);
    const postmaster = await this.postmaster().catch(() => undefined);
    await this.server?.stop().catch(() => undefined);
    // Where the server was killed its database may still end.
    if (postmaster !== undefined) {
      try {
        process.kill(postmaster, "SIGKILL");
      } catch {
        // It has ended.
      }
    }
    rmSync(this.home, { recursive: true, force: true });
  }
}
