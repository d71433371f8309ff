/**
 * Watches how keys are used, behind the ledger and never in a request, and tells owners what is unusual: once for each
 * key, kind and day. That dead keys are used or sign-ins refused an owner hears once a day, whatever the number, and
 * nobody can bring it about without something that was that owner's once. What was heard while the database was away is not compared.
 */
import type { Pool } from "pg";
import { int4, type Queryable, sql, text, texts, time, uuid, uuids } from "../../platform/db.js";
import type { LedgerRow } from "../../platform/ledger/chain.js";
import { SYSTEM, transaction } from "../../platform/transaction.js";
import { type Habits, unusual, useOf } from "../rules.js";
import { noticeOwner, noticeRefusedSignIn } from "./notices.js";

/** Milliseconds between two looks. */
const EVERY_MS = 5_000;
const MINUTE_MS = 60_000;
/** Keys heard of between two looks, and keys whose present minute is counted; beyond that the rest is not watched. */
const MOST_KEYS = 20_000;

const findHabits = sql(
  { ids: uuids },
  { key_id: uuid, prefix: text, since: time, networks: texts, uses: texts, busiest: int4 },
)`select h.key_id, k.prefix, h.since, h.networks, h.uses, h.busiest
  from key_habits h join agent_keys k on k.id = h.key_id where h.key_id = any(${"ids"})`;
/** What is known of a key grows; a hundred networks and uses are remembered. */
const learn = sql({ key_id: uuid, since: time, networks: texts, uses: texts, busiest: int4 }, {})`
  insert into key_habits as h (key_id, since, networks, uses, busiest)
  select k.id, ${"since"}, ${"networks"}, ${"uses"}, ${"busiest"} from agent_keys k where k.id = ${"key_id"}
  on conflict (key_id) do update set
    networks = (array(select distinct unnest(h.networks || excluded.networks)))[1:100],
    uses = (array(select distinct unnest(h.uses || excluded.uses)))[1:100],
    busiest = greatest(h.busiest, excluded.busiest)`;

/** What was heard of a key since the last look. */
interface Heard {
  agentId: string;
  since: Date;
  networks: Set<string>;
  uses: Set<string>;
  /** Most requests in a minute that has ended since. */
  ended: number;
}

const findPrefix = sql({ key_id: uuid }, { prefix: text })`select prefix from agent_keys where id = ${"key_id"}`;

interface Request {
  at: string;
  agent: string;
  key?: string;
  facts?: { by?: string };
  method: string;
  route: string;
  network: string;
  /** Of a dead key, or somebody who could not sign in: that is no use of anything. */
  refused?: string;
}

/** What was refused since the last look, of which the first is told. */
interface Refused {
  /** By owner, or by agent while nobody owns it: keys that were dead. */
  keys: Map<string, { agentId: string; keyId: string }>;
  /** By owner: what a sign-in was tried with. */
  signIns: Map<string, string>;
}

const nothingRefused = (): Refused => ({ keys: new Map(), signIns: new Map() });

/** Watches for one server. */
export class UnusualUse {
  #heard = new Map<string, Heard>();
  #minutes = new Map<string, { minute: number; requests: number }>();
  #refused = nothingRefused();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;

  constructor(
    private readonly pool: Pool,
    private readonly now: () => Date,
    private readonly report: (error: unknown) => void,
  ) {}

  /** Starts looking every few seconds. */
  start(): void {
    this.#timer = setInterval(() => void this.look(), EVERY_MS);
    this.#timer.unref();
  }

  /** Hears what came to the ledger. */
  hear(rows: readonly LedgerRow[]): void {
    for (const { subjectId, lines } of rows) {
      for (const line of lines.split("\n")) {
        const request = JSON.parse(line) as Request;
        if (request.refused !== undefined) this.#noteRefused(subjectId, request);
        else if (request.key !== undefined) this.#note(request, request.key);
      }
    }
  }

  #noteRefused(subjectId: string, { agent: agentId, key: keyId, facts }: Request): void {
    const { keys, signIns } = this.#refused;
    if (keys.size + signIns.size >= MOST_KEYS) return;
    if (keyId !== undefined) keys.set(subjectId, { agentId, keyId });
    else if (facts?.by !== undefined) signIns.set(subjectId, facts.by);
  }

  #note({ at, agent: agentId, method, route, network }: Request, key: string): void {
    const moment = new Date(at);
    const heard = this.#heard.get(key) ?? {
      agentId,
      since: moment,
      networks: new Set<string>(),
      uses: new Set<string>(),
      ended: 0,
    };
    if (this.#heard.size >= MOST_KEYS && !this.#heard.has(key)) return;
    this.#heard.set(key, heard);
    heard.networks.add(network);
    heard.uses.add(useOf(method, route));
    const minute = Math.floor(moment.getTime() / MINUTE_MS);
    const last = this.#minutes.get(key);
    if (last?.minute === minute) last.requests++;
    else {
      heard.ended = Math.max(heard.ended, last?.requests ?? 0);
      if (last === undefined && this.#minutes.size >= MOST_KEYS) this.#minutes.clear();
      this.#minutes.set(key, { minute, requests: 1 });
    }
  }

  /** Compares what was heard with what is usual. */
  look(): Promise<void> {
    this.#looking ??= this.#compare()
      .catch(this.report)
      .finally(() => {
        this.#looking = undefined;
      });
    return this.#looking;
  }

  /** Stops after the present look. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
  }

  async #compare(): Promise<void> {
    await this.#tellRefused();
    const heard = this.#heard;
    if (heard.size === 0) return;
    this.#heard = new Map();
    await transaction(this.pool, { actor: SYSTEM }, async (tx) => {
      const known = await findHabits.all(tx, { ids: [...heard.keys()] });
      const habitsOf = new Map(known.map((row) => [row.key_id, row]));
      for (const [keyId, use] of [...heard].sort()) await this.#compareOne(tx, keyId, use, habitsOf.get(keyId));
    });
  }

  async #tellRefused(): Promise<void> {
    const { keys, signIns } = this.#refused;
    if (keys.size + signIns.size === 0) return;
    this.#refused = nothingRefused();
    const now = this.now();
    await transaction(this.pool, { actor: SYSTEM }, async (tx) => {
      for (const [, { agentId, keyId }] of [...keys].sort()) {
        const { prefix } = (await findPrefix.maybe(tx, { key_id: keyId })) ?? {};
        if (prefix === undefined) continue;
        await noticeOwner(tx, { agentId, kind: "dead_key", keyId, facts: { prefix } }, now);
      }
      for (const [ownerId, by] of [...signIns].sort()) await noticeRefusedSignIn(tx, { ownerId, by }, now);
    });
  }

  async #compareOne(
    tx: Queryable,
    keyId: string,
    heard: Heard,
    habits: (Habits & { prefix: string }) | undefined,
  ): Promise<void> {
    const now = this.now();
    const { agentId, networks, uses, ended, since } = heard;
    if (habits) {
      const inMinute = this.#minutes.get(keyId)?.requests ?? 0;
      for (const { kind, facts } of unusual(habits, { networks, uses, inMinute }, now)) {
        await noticeOwner(tx, { agentId, kind, keyId, facts: { ...facts, prefix: habits.prefix } }, now);
      }
    }
    const isNew =
      habits === undefined ||
      ended > habits.busiest ||
      [...networks].some((network) => !habits.networks.includes(network)) ||
      [...uses].some((use) => !habits.uses.includes(use));
    if (!isNew) return;
    await learn.run(tx, { key_id: keyId, since, networks: [...networks], uses: [...uses], busiest: ended });
  }
}
