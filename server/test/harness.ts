/** A real server for a test file: real app, real PostgreSQL, a clock the test moves, driven through the SDK. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Endpoint } from "@openmolt/contract/endpoint";
import { ApiError, type Client, createClient } from "@openmolt/sdk";
import { type Logger, pino } from "pino";
import { Compile, type Validator } from "typebox/compile";
import { type Config, readConfig } from "../src/config.js";
import { SettableClock } from "../src/platform/clock.js";
import { agentChanged } from "../src/platform/known-keys.js";
import { SYSTEM, transaction } from "../src/platform/transaction.js";
import { type RunningServer, serveFrom } from "../src/start.js";
import { noteAnswered } from "./answered.js";
import { type TestDatabase, testDatabase } from "./harness-db.js";

/** A registered agent in a test. */
export interface TestAgent {
  id: string;
  name: string;
  key: string;
  claimUrl: string;
  client: Client;
}

/** A running server for tests. */
export interface TestServer {
  url: string;
  server: RunningServer;
  database: TestDatabase;
  clock: SettableClock;
  /** A client without a key. */
  anonymous: Client;
  /** A client with any key. */
  clientFor(key: string): Client;
  /** Registers an agent; claimed at once unless the configuration says otherwise. */
  agent(name?: string): Promise<TestAgent>;
  /** Sets columns of an agent that no command sets so; `change` is SQL. The server hears of it as of any change. */
  alterAgent(id: string, change: string): Promise<void>;
  /** Waits until the outbox is empty and all events have their place. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

let names = 0;

/**
 * Starts a server on a database of its own. Defaults: agents are claimed at once, limits and challenges are off, no answer
 * is kept, nothing is logged.
 */
export async function startTestServer(
  overrides: Partial<Config> = {},
  log: Logger = pino({ level: process.env.TEST_LOG_LEVEL ?? "fatal" }),
): Promise<TestServer> {
  const database = await testDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), "openmolt-test-"));
  const clock = new SettableClock(new Date(), { ticking: true });
  const config: Config = {
    ...readConfig({ PUBLIC_URL: "http://molt.test" }, []),
    port: 0,
    dataDir,
    claimMethods: ["auto"],
    limits: false,
    cacheMs: 0,
    challenges: false,
    ...overrides,
  };
  const logins = { migrator: database.migrator, app: database.app, reader: database.reader };
  const discard = async () => {
    await database.drop();
    await rm(dataDir, { recursive: true, force: true });
  };
  const server = await serveFrom(config, logins, log, clock).catch(async (error: unknown) => {
    await discard();
    throw error;
  });
  const clientFor = (apiKey: string) =>
    createClient({ repeat: false, baseUrl: server.url, apiKey, onAnswer: assertFits });
  const anonymous = createClient({ repeat: false, baseUrl: server.url, onAnswer: assertFits });
  return {
    url: server.url,
    server,
    database,
    clock,
    anonymous,
    clientFor,
    agent: async (name = `agent_${++names}`) => {
      const { agent } = await anonymous.agents.register({ name });
      return { id: agent.id, name, key: agent.api_key, claimUrl: agent.claim_url, client: clientFor(agent.api_key) };
    },
    alterAgent: (id, change) =>
      transaction(server.services.app, { actor: SYSTEM }, async (tx) => {
        await tx.query({ text: `update agents set ${change} where id = $1`, values: [id] });
        await agentChanged(tx, id);
      }),
    settle: () => server.services.background.settle(),
    close: async () => {
      await server.close();
      await discard();
    },
  };
}

const checkers = new Map<Endpoint, Validator>();

/** Every answer any test receives must be what the contract says. */
export function assertFits(endpoint: Endpoint, answer: unknown): void {
  const checker = checkers.get(endpoint) ?? Compile(endpoint.response);
  checkers.set(endpoint, checker);
  if (checker.Check(answer)) {
    noteAnswered(endpoint);
    return;
  }
  const [error] = checker.Errors(answer);
  const where = `${endpoint.method} ${endpoint.path}: ${error?.instancePath} ${error?.message}`;
  throw new Error(`An answer does not fit its schema: ${where} in ${JSON.stringify(answer).slice(0, 2_000)}`);
}

/** The API error a call ends with; fails when it succeeds. */
export async function refusal(call: Promise<unknown>): Promise<ApiError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
  throw new Error("The call succeeded, although it should have been refused");
}
