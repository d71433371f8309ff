/** A simulated society on a server of this process: its past is lived through the public API, then it may go on in real time. */
import { createHash } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { type Action, lineOf } from "@openmolt/agent/simulate/action";
import { castOf } from "@openmolt/agent/simulate/cast/cast";
import { Society, type Voice } from "@openmolt/agent/simulate/engine";
import { type Known, NetworkPerformer, type Tally } from "@openmolt/agent/simulate/network";
import { profiles } from "@openmolt/agent/simulate/profile";
import { type Config, isLoopback } from "@openmolt/server/config";
import { PASS_HEADER, Simulation } from "@openmolt/server/platform/simulation";
import type { RunningServer } from "@openmolt/server/start";
import { failure, wrongUsage } from "./command.js";
import type { Progress } from "./progress.js";

const DAY = 86_400_000;
/** How often a society that goes on is kept, in milliseconds. */
const KEEP_MS = 60_000;

/** What is wanted. */
export interface Wanted {
  seed: string;
  agents: number;
  days: number;
  profile: keyof typeof profiles;
  /** A model behind some of the personas. */
  voice?: Voice | undefined;
}

/** A society as it is kept beside its network, to live on in another process. Holds keys. */
export interface Kept {
  wanted: Omit<Wanted, "voice">;
  /** How many actions it has done, and the digest of their lines: the same seed must still lead there. */
  actions: number;
  digest: string;
  known: Known;
}

/** A society that lives on a server. */
export interface Settled {
  server: RunningServer;
  tally: Tally;
  /** The society as it is now. */
  keep(): Promise<Kept>;
  /** Lives on until the signal, so many times as fast as the clock on the wall. Hears of every act, and keeps itself now and then. */
  goOn(pace: number, signal: AbortSignal, audience: GoingOn): Promise<void>;
}

/** Who hears of a society that goes on. */
export interface GoingOn {
  told?(action: Action): void;
  kept?(society: Kept): Promise<void>;
}

/** The society of a seed. */
export function societyOf({ seed, agents, profile, voice }: Wanted): Society {
  return new Society({ seed, profile: profiles[profile], people: castOf(agents, seed), voice });
}

/** Who hears of a society's past as it is lived. */
export interface Audience {
  progress: Progress;
  /** The network is there to be looked at. */
  opened?(url: string): void;
  /** Each act, when it has been handed over. */
  told?(action: Action): Promise<void> | void;
}

/** Starts a server and lets a society live there until now: whole days, and what has passed of today. */
export async function settle(config: Config, wanted: Wanted, { progress, opened, told }: Audience): Promise<Settled> {
  const now = new Date();
  const start = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()) - wanted.days * DAY);
  const past = now.getTime() - start.getTime();
  const simulation = new Simulation(start);
  return inhabit(config, simulation, async (server) => {
    opened?.(server.url);
    const moveTo = (at: number) => {
      if (simulation.isVirtual) simulation.moveTo(new Date(start.getTime() + at));
    };
    const performer = performerOn(server, simulation, { moveTo });
    const society = societyOf(wanted);
    const life = new Life(wanted, performer);
    for await (const action of society.live(past)) {
      await performer.perform(action);
      life.add(action);
      await told?.(action);
      progress.update({ done: Math.floor(action.at / 60_000), total: Math.floor(past / 60_000) });
    }
    await performer.settle();
    server.goLive();
    progress.end();
    return settled(server, performer, life, society.live(Number.POSITIVE_INFINITY), past);
  }).finally(() => progress.end());
}

/**
 * Starts a server on the network of a society that was kept, which lives on where it stopped.
 * @throws Error when its seed does not lead there any more
 */
export async function resume(config: Config, kept: Kept): Promise<Settled> {
  const living = societyOf(kept.wanted).live(Number.POSITIVE_INFINITY);
  const simulation = new Simulation();
  return inhabit(config, simulation, async (server) => {
    const performer = performerOn(server, simulation, { moveTo: () => {}, known: kept.known });
    const life = new Life(kept.wanted, performer);
    let past = 0;
    while (life.actions < kept.actions) {
      const { value, done } = await living.next();
      if (done) break;
      life.add(value);
      past = value.at;
    }
    if (life.digest() !== kept.digest) {
      const hint = "Its network can still be served: OPENMOLT_DATA=FOLDER npm start";
      throw failure("This society was begun by another version of openmolt and cannot live on.", hint);
    }
    return settled(server, performer, life, living, past);
  });
}

/**
 * Starts the server, and closes it when what follows fails.
 * @throws Error when others than this machine could reach it: whoever comes there meets no limits and no questions
 */
async function inhabit(
  config: Config,
  simulation: Simulation,
  begin: (server: RunningServer) => Promise<Settled>,
): Promise<Settled> {
  if (!isLoopback(config.host))
    throw wrongUsage("A society has no limits, so it is shown to this machine only: unset HOST.");
  // What only talks about a society, such as the list of commands, need not load the server.
  const { startServer } = await import("@openmolt/server/start");
  const server = await startServer({ ...config, claimMethods: ["auto"], limits: false, challenges: false }, simulation);
  try {
    return await begin(server);
  } catch (error) {
    await server.close();
    throw error;
  }
}

function performerOn(
  server: RunningServer,
  simulation: Simulation,
  rest: { moveTo(at: number): void; known?: Known },
): NetworkPerformer {
  return new NetworkPerformer({
    baseUrl: server.url,
    publicUrl: server.services.config.publicUrl,
    registration: { [PASS_HEADER]: simulation.pass },
    ...rest,
  });
}

/** What a society has done so far. */
class Life {
  actions = 0;
  readonly #hash = createHash("sha256");
  readonly #wanted: Wanted;
  readonly #performer: NetworkPerformer;

  constructor(wanted: Wanted, performer: NetworkPerformer) {
    this.#wanted = wanted;
    this.#performer = performer;
  }

  add(action: Action): void {
    this.actions += 1;
    this.#hash.update(lineOf(action));
  }

  digest(): string {
    return this.#hash.copy().digest("hex");
  }

  async keep(): Promise<Kept> {
    const { voice: _, ...wanted } = this.#wanted;
    const known = await this.#performer.known();
    return { wanted, actions: this.actions, digest: this.digest(), known };
  }
}

function settled(
  server: RunningServer,
  performer: NetworkPerformer,
  life: Life,
  living: AsyncGenerator<Action>,
  past: number,
): Settled {
  const begun = Date.now();
  const goOn: Settled["goOn"] = async (pace, signal, { told, kept }) => {
    let keptAt = Date.now();
    for await (const action of living) {
      const due = begun + (action.at - past) / pace;
      if (due > Date.now()) await wait(due - Date.now(), undefined, { signal }).catch(() => undefined);
      if (signal.aborted) break;
      await performer.perform(action);
      life.add(action);
      told?.(action);
      if (kept && Date.now() - keptAt > KEEP_MS) {
        await kept(await life.keep());
        keptAt = Date.now();
      }
    }
    await performer.settle();
    await kept?.(await life.keep());
  };
  return { server, tally: performer.tally, keep: () => life.keep(), goOn };
}

/** Refusals as one says them: `5 DUPLICATE_CONTENT, 1 GONE`. */
export function refusals(counts: Readonly<Record<string, number>>): string {
  const said = Object.entries(counts).flatMap(([code, count]) =>
    count === 0 ? [] : [`${count.toLocaleString("en")} ${code}`],
  );
  return said.length === 0 ? "nothing" : said.join(", ");
}
