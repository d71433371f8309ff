/** From settings to a serving network and back: database, migrations, services, HTTP; and everything stopped in order. */
import { mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import type { Logger } from "pino";
import { createApp, reactions } from "./app.js";
import { foundDefaults } from "./communities/write/found-submolt.js";
import type { Config } from "./config.js";
import { choresOf, tasksOf, watchUse } from "./jobs.js";
import { makeOperatorLink } from "./owners/write/sign-in.js";
import { Activity } from "./platform/activity.js";
import { ADMISSION, Admission } from "./platform/admission.js";
import { Background } from "./platform/background.js";
import { countedChallenges, randomChallenges } from "./platform/challenge-text.js";
import { type Clock, SettableClock, systemClock } from "./platform/clock.js";
import { type OpenDatabase, openDatabase } from "./platform/database.js";
import { Envelopes } from "./platform/envelopes/envelope-keys.js";
import { serveHttps } from "./platform/http/https.js";
import { MicroCache } from "./platform/http/micro-cache.js";
import { Shortcuts } from "./platform/http/shortcuts.js";
import { assertSameMasterKey, hashingKeyOf } from "./platform/instance.js";
import { Jobs } from "./platform/jobs.js";
import { KnownKeys } from "./platform/known-keys.js";
import { AccessLedger } from "./platform/ledger/access-ledger.js";
import { RequestLimits } from "./platform/limits.js";
import { openLog } from "./platform/log.js";
import { openMailer } from "./platform/mail.js";
import { Outage } from "./platform/outage.js";
import { openPools } from "./platform/pools.js";
import { Proofs } from "./platform/proof/proofs.js";
import { assertLeastPrivilege, type Logins } from "./platform/provision.js";
import { loadMasterKey, loadSigningKey, openVault } from "./platform/secrets.js";
import type { Services } from "./platform/services.js";
import { assertCanSimulate, type Simulation } from "./platform/simulation.js";
import { Texts } from "./platform/texts.js";
import { SYSTEM, transaction } from "./platform/transaction.js";
import { Courier } from "./webhooks/write/courier.js";

/** Connections that may wait to be accepted: beyond it the system drops them, and a client tries again after 1 to 31 s. */
const BACKLOG = 4_096;

/** A running network. */
export interface RunningServer {
  /** Where it listens. */
  url: string;
  /** Where it listens with TLS; undefined when it does not. */
  secureUrl: string | undefined;
  app: FastifyInstance;
  services: Services;
  /** Carries messages to webhooks. */
  courier: Courier;
  /** Tells owners what is unusual about the use of their keys. */
  unusualUse: ReturnType<typeof watchUse>;
  /** Lets a simulated society live in everybody's time, under everybody's limits. */
  goLive(): void;
  /** A one-time link for the operator; the one before stops working. */
  operatorLink(): Promise<string>;
  /** Stops taking requests, finishes those under way, and closes everything. */
  close(): Promise<void>;
}

/**
 * Starts everything a configuration asks for.
 * @param simulation the simulated society that lives here, with the clock that its founder holds
 */
export async function startServer(given: Config, simulation?: Simulation): Promise<RunningServer> {
  const scratch = given.testDouble ? await mkdtemp(join(tmpdir(), "openmolt-double-")) : undefined;
  const discard = async () => {
    if (scratch !== undefined) await rm(scratch, { recursive: true, force: true });
  };
  const config = await withPort(scratch === undefined ? given : { ...given, dataDir: scratch });
  const log = openLog(config);
  const clock = config.testDouble ? new SettableClock(new Date(), { ticking: true }) : (simulation ?? systemClock);
  let database: OpenDatabase | undefined;
  try {
    database = await openDatabase(config, log);
    const { logins, close } = database;
    const server = await serveFrom(config, logins, log, clock, simulation);
    return {
      ...server,
      close: async () => {
        await server.close();
        await close();
        await discard();
      },
    };
  } catch (error) {
    await database?.close();
    await discard();
    throw error;
  }
}

/** With PORT 0 a free port is chosen before anything is made of the address it stands in. */
async function withPort(config: Config): Promise<Config> {
  if (config.port !== 0) return config;
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once("error", reject);
    probe.listen(0, config.host, resolve);
  });
  const { port } = probe.address() as AddressInfo;
  await new Promise<void>((resolve) => probe.close(() => resolve()));
  return { ...config, port, publicUrl: config.publicUrl.replace(/:0$/, `:${port}`) };
}

/** What the operator can do about an address that cannot be listened on. */
function refuseAddress(error: unknown, config: Config): never {
  const { code, address, port } = error as NodeJS.ErrnoException & { address?: string; port?: number };
  const where = `${address}:${port}`;
  if (code === "EADDRINUSE") {
    const setting = port === config.port ? "PORT" : port === config.metricsPort ? "METRICS_PORT" : "HTTPS_PORT";
    throw new Error(`Another program listens on ${where}. Stop it, or choose another port with ${setting}=NUMBER.`);
  }
  if (code === "EADDRNOTAVAIL") throw new Error(`This machine has no address ${address} to listen on. Correct HOST.`);
  if (code === "EACCES") throw new Error(`Listening on ${where} is not allowed. Choose a port from 1024 on.`);
  throw error;
}

/** Serves from a database that is ready; used by tests with databases of their own. */
export async function serveFrom(
  config: Config,
  logins: Logins,
  log: Logger,
  clock: Clock,
  simulation?: Simulation,
): Promise<RunningServer> {
  const pools = openPools({ app: logins.app, reader: logins.reader, log: (message) => log.warn(message) });
  try {
    await assertLeastPrivilege(pools.app);
    await assertLeastPrivilege(pools.reader);
    if (simulation) await assertCanSimulate(pools.app, simulation);
    const outage = new Outage(log);
    const report = (error: unknown) => {
      if (!outage.tell(error)) log.error({ err: error }, "background work failed");
    };
    const secretsDir = join(config.dataDir, "secrets");
    const vault = openVault(loadMasterKey(secretsDir, config.masterKey));
    await assertSameMasterKey(pools.app, vault, clock.now());
    const hashingKey = await hashingKeyOf(pools.app, vault);
    if (hashingKey) vault.takeHashingKey(hashingKey);
    const envelopes = new Envelopes(pools.app, vault, report);
    await envelopes.start();
    const services: Services = {
      config,
      clock,
      log,
      outage,
      app: pools.app,
      reader: pools.reader,
      vault,
      envelopes,
      knownKeys: new KnownKeys(pools.app, vault, report),
      proofs: new Proofs(pools.app, config, clock.now()),
      signingKey: loadSigningKey(secretsDir),
      limits: new RequestLimits(config.limits && !simulation?.isVirtual),
      admission: new Admission({ ...ADMISSION, places: config.places, waiting: config.queue }),
      cache: new MicroCache(config.cacheMs),
      shortcuts: new Shortcuts(),
      texts: new Texts(),
      mailer: openMailer({
        smtpUrl: config.smtpUrl,
        from: config.mailFrom,
        outboxDir: join(config.dataDir, "outbox"),
        announce: (text) => console.log(text),
      }),
      background: new Background(pools.app, reactions, report),
      activity: new Activity(pools.app, report),
      ledger: new AccessLedger(pools.app, report, undefined, () => clock.now()),
      ...(simulation ? { simulation } : {}),
      nextChallenge: config.testDouble ? countedChallenges() : randomChallenges(),
    };
    await transaction(pools.app, { actor: SYSTEM }, (db) => foundDefaults(db, clock.now()));
    const app = await createApp(services);
    const httpsPort = serveHttps(app, config);
    const jobs = new Jobs(pools.app, log);
    const courier = new Courier(services, report);
    try {
      await services.knownKeys.start();
      await jobs.start(tasksOf(services), choresOf(services));
      await app
        .listen({ port: config.port, host: config.host, backlog: BACKLOG })
        .catch((error) => refuseAddress(error, config));
    } catch (error) {
      // Both hold a connection, without which the pool would never end.
      await services.knownKeys.close();
      await jobs.close();
      throw error;
    }
    services.background.start();
    services.activity.start();
    services.ledger.start();
    const unusualUse = watchUse(services, report);
    courier.start();
    const { port } = app.server.address() as AddressInfo;
    return {
      url: `http://localhost:${port}`,
      secureUrl: httpsPort() === undefined ? undefined : `https://localhost:${httpsPort()}`,
      app,
      services,
      courier,
      unusualUse,
      goLive: () => {
        simulation?.goLive();
        services.limits.enforced = config.limits;
      },
      operatorLink: () => makeOperatorLink(services),
      close: async () => {
        await app.close();
        envelopes.close();
        await services.knownKeys.close();
        await jobs.close();
        await courier.close();
        await services.activity.close().catch(report);
        await services.ledger.close();
        await unusualUse.close();
        await services.background.close();
        await pools.end();
      },
    };
  } catch (error) {
    await pools.end();
    throw error;
  }
}
