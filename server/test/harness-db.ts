/**
 * Databases for tests: real PostgreSQL, one clone of a migrated template per test file. The test runner starts one
 * cluster for all; a file that is run alone starts its own. OPENMOLT_TEST_DATABASE_URL names an outside server instead.
 */
import { createHash, randomBytes } from "node:crypto";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { MIGRATIONS, NOT_DURABLE } from "../src/platform/database.js";
import { migrate } from "../src/platform/migrate.js";
import { startEmbedded } from "../src/platform/postgres.js";
import { refuseLargeObjects } from "../src/platform/provision/roles.js";
import { type Logins, provisionEmbedded } from "../src/platform/provision.js";

/** The variable by which the runner tells test files where its cluster is. */
export const CLUSTER_VARIABLE = "OPENMOLT_TEST_CLUSTER";

/** What a test file needs to know of a cluster; it can be written as JSON. */
export interface ClusterCoordinates {
  /** May create and drop databases. */
  admin: pg.ClientConfig;
  /** The three roles, in the template database. */
  logins: Logins;
  /** The migrated database that is cloned. */
  template: string;
}

/** A cluster for tests, with its template migrated. */
export interface TestCluster {
  coordinates: ClusterCoordinates;
  /** Stops the cluster and deletes it; of an outside server only what was made there goes away. */
  stop(): Promise<void>;
}

/** A database of its own for one test file. */
export interface TestDatabase {
  name: string;
  /** Superuser or the like, in this database: to plant faults and to look. */
  admin: pg.ClientConfig;
  migrator: pg.ClientConfig;
  app: pg.ClientConfig;
  reader: pg.ClientConfig;
  /** Drops the database, breaking off connections that are still open. */
  drop(): Promise<void>;
}

/** Without durability tests are several times faster, and nothing of theirs has to survive a power failure. */
const SETTINGS = {
  ...NOT_DURABLE,
  // A clone is a copy of files then, which is not written to a log as well; little memory is quickly looked through.
  wal_level: "minimal",
  max_wal_senders: "0",
  shared_buffers: "64MB",
};

let ownCluster: Promise<TestCluster> | undefined;
let ownUsers = 0;

/**
 * Clones the template for the caller.
 * @param content with 'empty' the database has the roles but no migration was applied
 */
export async function testDatabase(content: "migrated" | "empty" = "migrated"): Promise<TestDatabase> {
  const given = process.env[CLUSTER_VARIABLE];
  if (given !== undefined) return await create(JSON.parse(given), content);
  ownCluster ??= startTestCluster();
  ownUsers++;
  const { coordinates, stop } = await ownCluster;
  const database = await create(coordinates, content);
  return {
    ...database,
    drop: async () => {
      await database.drop();
      if (--ownUsers > 0) return;
      ownCluster = undefined;
      await stop();
    },
  };
}

/** Starts a cluster, or prepares the outside server, and migrates the template. */
export async function startTestCluster(): Promise<TestCluster> {
  const outside = process.env.OPENMOLT_TEST_DATABASE_URL;
  return outside === undefined ? await startOwn() : await prepareOutside(outside);
}

async function startOwn(): Promise<TestCluster> {
  const dir = await mkdtemp(join(tmpdir(), "openmolt-test-"));
  // As root the database runs as another user, who has to pass through.
  await chmod(dir, 0o711);
  const dataDir = join(dir, "data");
  const server = await startEmbedded({ dataDir, log: () => undefined, settings: SETTINGS });
  const stop = async (): Promise<void> => {
    await server.stop();
    await rm(dir, { recursive: true, force: true });
  };
  try {
    const template = "template_openmolt";
    const logins = await provisionEmbedded(server.connection, {
      secretsDir: join(dataDir, "secrets"),
      database: template,
    });
    await migrate({ connection: logins.migrator, folder: MIGRATIONS, log: () => undefined });
    return { coordinates: { admin: server.connection, logins, template }, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function prepareOutside(url: string): Promise<TestCluster> {
  const { host, port, user, password, database, ssl } = new pg.Client({ connectionString: url });
  const admin: pg.ClientConfig = { host, port, user, password, database, ssl };
  const template = `openmolt_template_${randomBytes(6).toString("hex")}`;
  // Several runs may use one server: each arrives at the same passwords.
  const login = (role: string): pg.ClientConfig => ({
    ...admin,
    database: template,
    user: role,
    password: createHash("sha256").update(`${role} for tests on ${url}`).digest("base64url"),
  });
  const logins: Logins = { migrator: login("migrator"), app: login("app"), reader: login("reader") };
  await asRole(admin, async (client) => {
    for (const { user: role = "", password: secret = "" } of Object.values(logins)) {
      const literal = pg.escapeLiteral(String(secret));
      const known = await client.query("select from pg_roles where rolname = $1", [role]);
      await client.query(`${known.rowCount === 0 ? "create" : "alter"} role ${role} login password ${literal}`);
    }
    await client.query("grant migrator to current_user");
    await client.query(`create database ${template} owner migrator template template0 encoding 'UTF8'`);
  });
  await asRole({ ...admin, database: template }, refuseLargeObjects);
  await asRole(logins.migrator, letIn);
  await migrate({ connection: logins.migrator, folder: MIGRATIONS, log: () => undefined });
  return {
    coordinates: { admin, logins, template },
    stop: () => asRole(admin, (client) => client.query(`drop database ${template} with (force)`)).then(() => undefined),
  };
}

async function create(cluster: ClusterCoordinates, content: "migrated" | "empty"): Promise<TestDatabase> {
  const { admin, logins } = cluster;
  const name = `test_${randomBytes(8).toString("hex")}`;
  const within = (login: pg.ClientConfig): pg.ClientConfig => ({ ...login, database: name });
  const template = content === "migrated" ? cluster.template : "template0";
  await asRole(admin, (client) =>
    client.query(`create database ${name} template ${template} strategy file_copy owner migrator`),
  );
  if (content === "empty") {
    await asRole(within(admin), refuseLargeObjects);
    await asRole(within(logins.migrator), letIn);
  }
  return {
    name,
    admin: within(admin),
    migrator: within(logins.migrator),
    app: within(logins.app),
    reader: within(logins.reader),
    drop: () => asRole(admin, (client) => client.query(`drop database ${name} with (force)`)).then(() => undefined),
  };
}

const letIn = (client: pg.Client): Promise<unknown> => client.query("grant usage on schema public to app, reader");

async function asRole<T>(login: pg.ClientConfig, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(login);
  client.on("error", () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
