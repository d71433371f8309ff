/**
 * Requests on their way into the ledger: gathered in memory and appended every second, one row for all of a subject. What
 * a kill loses is that second and what is under way. While the database is away they wait, within bounds; beyond them the
 * oldest go, and the ledger says later how many.
 */
import type { Pool } from "pg";
import type { AgentActor } from "../auth.js";
import { appendToLedger, type LedgerRow } from "./chain.js";
import { knownNetworkOf } from "./network.js";
import { Refusals } from "./refusals.js";

/** Milliseconds between two appends. */
const EVERY_MS = 1_000;
/** Requests that wait at most, some 50 MB. */
const MOST_WAITING = 200_000;
/** Requests in one row, and rows and requests in one statement, at most. */
const ROW_LINES = 5_000;
const MOST_ROWS = 1_000;
const MOST_LINES = 20_000;

/** One answered request of a known key. */
export interface Access {
  agent: AgentActor;
  at: Date;
  method: string;
  /** The template of its path, never the path. */
  route: string;
  status: number;
  /** The client's address; only its network is kept. */
  address: string;
  isSigned: boolean;
}

/** Somebody who brought a proof of being an owner that is none. */
export interface RefusedSignIn {
  ownerId: string;
  at: Date;
  /** The code of the refusal. */
  refused: string;
  by: "link" | "passkey" | "provider";
  address: string;
}

/** Where something belongs. */
interface Chain {
  subjectId: string;
  month: string;
}

/** What becomes one row. */
interface Batch extends Chain {
  from: Date;
  until: Date;
  lines: string[];
}

/** What was lost of a chain. */
interface Loss extends Chain {
  from: Date;
  until: Date;
  requests: number;
}

const nameOf = ({ subjectId, month }: Chain) => subjectId + month;

/** The requests that one server has still to append. */
export class AccessLedger {
  /** The one begun first comes first. */
  #waiting = new Set<Batch>();
  /** Those of them that still take requests, by chain. */
  #open = new Map<string, Batch>();
  #count = 0;
  #lost = new Map<string, Loss>();
  #listener: ((rows: readonly LedgerRow[]) => void) | undefined;
  #refusals = new Refusals((subjectId, at, line) => this.#add(subjectId, at, at.toISOString(), line));
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;

  /**
   * @param mostWaiting requests that wait at most
   * @param now the present, for refusals that are counted
   */
  constructor(
    private readonly pool: Pool,
    private readonly report: (error: unknown) => void,
    private readonly mostWaiting = MOST_WAITING,
    private readonly now = () => new Date(),
  ) {}

  /** Starts appending every second. */
  start(): void {
    this.#timer = setInterval(() => void this.flush(), EVERY_MS);
    this.#timer.unref();
  }

  /** Calls `listener` with what was appended, each time it was. */
  onAppended(listener: (rows: readonly LedgerRow[]) => void): void {
    this.#listener = listener;
  }

  /** How many requests wait, and how many were lost that the ledger has not told of yet. */
  get state(): { waiting: number; lost: number } {
    return { waiting: this.#count, lost: [...this.#lost.values()].reduce((sum, { requests }) => sum + requests, 0) };
  }

  /** Notes a request; costs next to nothing. */
  note({ agent, at, method, route, status, address, isSigned }: Access): void {
    const moment = at.toISOString();
    // Nothing here comes from the caller but the address, of which a parsed network is left.
    const line = `{"at":"${moment}","agent":"${agent.id}","key":"${agent.keyId}","method":"${method}","route":"${route}","status":${status},"network":"${knownNetworkOf(address)}","signed":${isSigned}}`;
    this.#add(agent.ownerId ?? agent.id, at, moment, line);
  }

  /** Notes a request whose key is dead: five in ten minutes, then only how many more. */
  refuseKey({ agent, at, method, route, status, address, isSigned }: Access, refused: string): void {
    this.#refusals.note({
      subjectId: agent.ownerId ?? agent.id,
      of: agent.keyId,
      at,
      about: { agent: agent.id, key: agent.keyId, refused },
      details: { method, route, status, network: knownNetworkOf(address), signed: isSigned },
    });
  }

  /** Notes that somebody could not sign in as an owner: five in ten minutes, then only how many more. */
  refuseSignIn({ ownerId, at, refused, by, address }: RefusedSignIn): void {
    const about = { act: "owner.sign_in", refused };
    const details = { facts: { by }, network: knownNetworkOf(address) };
    this.#refusals.note({ subjectId: ownerId, of: ownerId, at, about, details });
  }

  #add(subjectId: string, at: Date, moment: string, line: string): void {
    const chain = { subjectId, month: `${moment.slice(0, 7)}-01` };
    const name = nameOf(chain);
    let batch = this.#open.get(name);
    if (batch === undefined || batch.lines.length >= ROW_LINES) {
      batch = { ...chain, from: at, until: at, lines: [] };
      this.#open.set(name, batch);
      this.#waiting.add(batch);
    }
    batch.lines.push(line);
    if (at > batch.until) batch.until = at;
    this.#count++;
    if (this.#count > this.mostWaiting) this.#loseOldest();
  }

  /** Appends what waits now; what cannot be appended waits on. */
  flush(): Promise<void> {
    this.#running ??= this.#appendAll()
      .catch(this.report)
      .finally(() => {
        this.#running = undefined;
      });
    return this.#running;
  }

  /** Stops, and appends the rest. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
    this.#refusals.end();
    await this.flush();
  }

  async #appendAll(): Promise<void> {
    this.#refusals.end(this.now());
    const waiting = this.#waiting;
    this.#waiting = new Set();
    this.#open = new Map();
    try {
      while (waiting.size > 0 || this.#lost.size > 0) await this.#appendSome(waiting);
    } catch (error) {
      this.#waiting = new Set([...waiting, ...this.#waiting]);
      while (this.#count > this.mostWaiting) this.#loseOldest();
      throw error;
    }
  }

  async #appendSome(waiting: Set<Batch>): Promise<void> {
    const chosen = chooseFrom(waiting);
    const lost = this.#lost;
    this.#lost = new Map();
    const rows = rowsOf(chosen, lost);
    try {
      await appendToLedger(this.pool, rows);
    } catch (error) {
      for (const loss of lost.values()) this.#lose(loss);
      throw error;
    }
    for (const batch of chosen) {
      waiting.delete(batch);
      this.#count -= batch.lines.length;
    }
    this.#listener?.(rows);
  }

  #loseOldest(): void {
    const [batch] = this.#waiting;
    if (batch === undefined) return;
    this.#waiting.delete(batch);
    if (this.#open.get(nameOf(batch)) === batch) this.#open.delete(nameOf(batch));
    this.#count -= batch.lines.length;
    this.#lose({ ...batch, requests: batch.lines.length });
  }

  #lose({ subjectId, month, from, until, requests }: Loss): void {
    const name = nameOf({ subjectId, month });
    const before = this.#lost.get(name);
    this.#lost.set(name, {
      subjectId,
      month,
      from: before && before.from < from ? before.from : from,
      until: before && before.until > until ? before.until : until,
      requests: (before?.requests ?? 0) + requests,
    });
  }
}

/** The oldest batches that one statement takes: none of the same chain. */
function chooseFrom(waiting: ReadonlySet<Batch>): Batch[] {
  const chosen = new Map<string, Batch>();
  let lines = 0;
  for (const batch of waiting) {
    if (chosen.size >= MOST_ROWS || lines >= MOST_LINES) break;
    const name = nameOf(batch);
    if (chosen.has(name)) continue;
    chosen.set(name, batch);
    lines += batch.lines.length;
  }
  return [...chosen.values()];
}

function rowsOf(batches: readonly Batch[], lost: ReadonlyMap<string, Loss>): LedgerRow[] {
  const lineOf = ({ from, until, requests }: Loss) =>
    `{"at":"${until.toISOString()}","lost":${requests},"since":"${from.toISOString()}"}`;
  const rows = batches.map((batch): LedgerRow => {
    const loss = lost.get(nameOf(batch));
    return { ...batch, lines: (loss ? [lineOf(loss), ...batch.lines] : batch.lines).join("\n") };
  });
  const named = new Set(batches.map(nameOf));
  for (const [name, loss] of lost) if (!named.has(name)) rows.push({ ...loss, lines: lineOf(loss) });
  return rows;
}
