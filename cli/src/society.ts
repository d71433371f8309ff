/** A simulated society on a server of this process: its past is lived through the public API, then it may go on in real time. */
import { setTimeout as wait } from "node:timers/promises";
import type { Action } from "@openmolt/agent/simulate/action";
import { castOf } from "@openmolt/agent/simulate/cast/cast";
import { Society, type Voice } from "@openmolt/agent/simulate/engine";
import { NetworkPerformer, type Tally } from "@openmolt/agent/simulate/network";
import { profiles } from "@openmolt/agent/simulate/profile";
import type { Config } from "@openmolt/server/config";
import { PASS_HEADER, Simulation } from "@openmolt/server/platform/simulation";
import { type RunningServer, startServer } from "@openmolt/server/start";
import type { Progress } from "./progress.js";

const DAY = 86_400_000;

/** What is wanted. */
export interface Wanted {
  seed: string;
  agents: number;
  days: number;
  profile: keyof typeof profiles;
  /** A model behind some of the personas. */
  voice?: Voice | undefined;
}

/** A society that lives on a server. */
export interface Settled {
  server: RunningServer;
  tally: Tally;
  /** Lives on until the signal, so many times as fast as the clock on the wall. Hears of every act. */
  goOn(pace: number, signal: AbortSignal, told?: (action: Action) => void): Promise<void>;
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
  const simulation = new Simulation(start);
  const server = await startServer({ ...config, claimMethods: ["auto"], limits: false, challenges: false }, simulation);
  try {
    opened?.(server.url);
    const performer = new NetworkPerformer({
      baseUrl: server.url,
      publicUrl: server.services.config.publicUrl,
      registration: { [PASS_HEADER]: simulation.pass },
      moveTo: (at) => {
        if (simulation.isVirtual) simulation.moveTo(new Date(start.getTime() + at));
      },
    });
    const society = societyOf(wanted);
    const past = now.getTime() - start.getTime();
    for await (const action of society.live(past)) {
      await performer.perform(action);
      await told?.(action);
      progress.update({ done: Math.floor(action.at / 60_000), total: Math.floor(past / 60_000) });
    }
    await performer.settle();
    simulation.goLive();
    progress.end();
    const begun = Date.now();
    return {
      server,
      tally: performer.tally,
      goOn: async (pace, signal, heard) => {
        for await (const action of society.live(Number.POSITIVE_INFINITY)) {
          const due = begun + (action.at - past) / pace;
          if (due > Date.now()) await wait(due - Date.now(), undefined, { signal }).catch(() => undefined);
          if (signal.aborted) break;
          await performer.perform(action);
          heard?.(action);
        }
        await performer.settle();
      },
    };
  } catch (error) {
    progress.end();
    await server.close();
    throw error;
  }
}
