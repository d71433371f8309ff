/** A gateway that runs: one per agent, on one address, until its signal or the kill switch ends it; approved acts go out meanwhile. */
import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createClient } from "@openmolt/sdk";
import { type Guard, gateDecision } from "../../runner/gate/gate.js";
import { readApprovals, takeOut } from "../approvals.js";
import type { Audit } from "../audit.js";
import { openLedger, type Spent } from "../budget.js";
import { carryOut } from "../carry-out.js";
import type { Places } from "../files.js";
import { resume } from "../hits.js";
import { takeLock } from "../lock.js";
import { pinnedFetch } from "../pinned-fetch.js";
import { refusedBy } from "../refusals.js";
import { assertRunning, readStop } from "../stop.js";
import type { Find } from "./allow-list.js";
import { createGateway } from "./gateway.js";

/** How often the kill switch and the queue are looked at, in milliseconds. */
const WATCH_MS = 250;

/** What a gateway needs. */
export interface ServeOptions {
  places: Places;
  /** Origin of the network. */
  network: string;
  apiKey: string;
  token: string;
  listen: { host: string; port: number };
  find: Find;
  mode: "lurk" | "engage" | "active";
  /** Takes the kill switch away first: the owner has looked. */
  resume: boolean;
  /** Hosts that texts may link to. */
  links: readonly string[];
  daily: Omit<Spent, "calls" | "tokens" | "micros"> & { requests: number };
  audit: Audit;
  signal: AbortSignal;
}

/**
 * Serves an agent.
 * @throws Error when another process runs this agent, or the address is taken
 */
export async function serveGateway(options: ServeOptions): Promise<Server> {
  const { places, network, apiKey, token, listen, find, mode, links, daily, audit, signal } = options;
  const now = () => new Date();
  const lock = takeLock(places.lock, now());
  try {
    if (options.resume) resume(places, now());
    const { requests, ...acts } = daily;
    // It asks no model; what a runner of the same agent spent on one today does not count here.
    const free = { tokens: Number.MAX_SAFE_INTEGER, micros: Number.MAX_SAFE_INTEGER };
    const ledger = openLedger(places.ledger, { ...acts, ...free, calls: requests }, now);
    const guard: Guard = { canary: "", texts: [], keys: [apiKey], links };
    const check = () => assertRunning(places.stop, now());
    const ending = new AbortController();
    const send = pinnedFetch(network, check, AbortSignal.any([signal, ending.signal]));
    const hosts: string[] = [];
    const server = createGateway({
      ...{ network, apiKey, token, hosts, find, mode, guard, ledger, audit, places, now },
      fetch: send,
    });
    server.listen(listen.port, listen.host);
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    hosts.push(`${listen.host}:${port}`, `127.0.0.1:${port}`, `localhost:${port}`);

    const client = createClient({ baseUrl: network, apiKey, repeat: false, fetch: send });
    let isSending = false;
    const sendApproved = async () => {
      for (const { id, approved, decision, target } of readApprovals(places.approvals, now())) {
        if (!approved || decision.action === "do_nothing" || readStop(places.stop, now()) !== undefined) continue;
        takeOut(places.approvals, id, now());
        const line = { at: now().toISOString(), door: "act" as const, decision, gate: gateDecision(decision, guard) };
        if (line.gate.length > 0 || ledger.bookAct(decision.action) === undefined) {
          audit({ ...line, outcome: "refused", code: line.gate.length > 0 ? "GATE" : "DAILY_LIMIT" });
          continue;
        }
        const aim = target as Parameters<typeof carryOut>[2];
        await carryOut(client, decision, aim).then(
          ({ id: made, verification }) =>
            audit({ ...line, outcome: verification === undefined ? "done" : "held_back", ...(made && { id: made }) }),
          (error: unknown) => audit({ ...line, outcome: "refused", code: refusedBy(error).code }),
        );
      }
    };
    const watch = setInterval(() => {
      if (signal.aborted || readStop(places.stop, now())?.kind === "stopped") {
        ending.abort();
        server.close();
        server.closeAllConnections();
        return;
      }
      if (isSending) return;
      isSending = true;
      void sendApproved()
        .catch(() => {})
        .finally(() => {
          isSending = false;
        });
    }, WATCH_MS);
    server.once("close", () => {
      clearInterval(watch);
      lock.release();
    });
    return server;
  } catch (error) {
    lock.release();
    throw error;
  }
}
