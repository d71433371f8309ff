/**
 * Provisioning of a database that belongs to the operator: nothing that was there before is changed but who may store large
 * objects, and where the migrator may not do something the error prints the SQL for somebody who may.
 */
import { existsSync } from "node:fs";
import pg from "pg";
import {
  execute,
  grantSchema,
  type Logins,
  passwordOf,
  passwordPath,
  REFUSE_LARGE_OBJECTS,
  refuseLargeObjects,
  scramVerifier,
  sqlToRun,
  withClient,
} from "./roles.js";

/** The oldest version that is supported. */
const OLDEST_MAJOR = 15;
const SERVING_ROLES = ["app", "reader"] as const;
type ServingRole = (typeof SERVING_ROLES)[number];

/** What provisionExternal wants to know. */
export interface ExternalOptions {
  /** The URL of the migrator. */
  databaseUrl: string;
  /** The URLs of the serving roles; both, or none if the migrator may create roles. */
  appUrl?: string;
  readerUrl?: string;
  /** Holds the passwords of the roles made here. */
  secretsDir: string;
  /** Hears what an administrator should do. */
  warn?: (line: string) => void;
}

/**
 * Makes the serving logins in a database that belongs to the operator, or checks those the operator made.
 * @throws Error, with the SQL to run, when the migrator may not do what is needed
 */
export async function provisionExternal(options: ExternalOptions): Promise<Logins> {
  const { databaseUrl, appUrl, readerUrl, secretsDir, warn = () => undefined } = options;
  if ((appUrl === undefined) !== (readerUrl === undefined)) {
    throw new Error("Set both DATABASE_APP_URL and DATABASE_READER_URL, or neither.");
  }
  const migrator = { connectionString: databaseUrl };
  return await withClient(
    migrator,
    async (client) => {
      await assertVersion(client);
      let app: pg.ClientConfig;
      let reader: pg.ClientConfig;
      if (appUrl !== undefined && readerUrl !== undefined) {
        [app, reader] = [{ connectionString: appUrl }, { connectionString: readerUrl }];
        await assertRolesExist(client);
      } else {
        app = await ensureForeignRole(client, "app", databaseUrl, secretsDir);
        reader = await ensureForeignRole(client, "reader", databaseUrl, secretsDir);
      }
      await grantSchema(client);
      await keepFromLargeObjects(client, warn);
      await assertMemberOf(app, "app", "DATABASE_APP_URL");
      await assertMemberOf(reader, "reader", "DATABASE_READER_URL");
      return { migrator, app, reader };
    },
    "DATABASE_URL",
  );
}

/** Where PUBLIC may store large objects, the serving roles may; only a superuser can change that. */
async function keepFromLargeObjects(client: pg.Client, warn: (line: string) => void): Promise<void> {
  if (!(await mayStoreLargeObjects(client))) return;
  await refuseLargeObjects(client).catch((error: unknown) => {
    if (!(error instanceof pg.DatabaseError)) throw error;
  });
  if (await mayStoreLargeObjects(client)) {
    warn(
      `The roles app and reader may store large objects, as everybody may by default. As a superuser: ${REFUSE_LARGE_OBJECTS};`,
    );
  }
}

async function mayStoreLargeObjects(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ may: boolean }>(
    `select bool_or(has_function_privilege(role, function, 'execute')) as may from unnest(array['app', 'reader']) role,
       unnest(array['lo_creat(integer)', 'lo_create(oid)', 'lo_from_bytea(oid, bytea)']) function`,
  );
  return rows[0]?.may === true;
}

async function ensureForeignRole(
  client: pg.Client,
  role: ServingRole,
  databaseUrl: string,
  secretsDir: string,
): Promise<pg.ClientConfig> {
  if (!(await roleExists(client, role))) {
    const { rows } = await client.query<{ allowed: boolean }>(
      "select rolsuper or rolcreaterole as allowed from pg_roles where rolname = current_user",
    );
    if (rows[0]?.allowed !== true) throw await sqlToRun(client, "The user of DATABASE_URL may not create roles.");
    try {
      const verifier = scramVerifier(passwordOf(role, secretsDir));
      await execute(client, "create role %I login password %L", [role, verifier]);
    } catch (error) {
      // Another server of the same installation was faster.
      if (!(error instanceof pg.DatabaseError && (error.code === "42710" || error.code === "23505"))) throw error;
    }
  }
  if (existsSync(passwordPath(role, secretsDir))) {
    const login = { connectionString: urlAs(databaseUrl, role, passwordOf(role, secretsDir)) };
    const works = await withClient(login, async () => true).catch((error: unknown) => {
      if (error instanceof pg.DatabaseError && error.code === "28P01") return false;
      // The right to connect to this database is granted further down.
      if (error instanceof pg.DatabaseError && error.code === "42501") return true;
      throw error;
    });
    if (works) return login;
  }
  throw await sqlToRun(
    client,
    `The role "${role}" exists in this server, and its password is not in ${secretsDir}: another installation may use it.`,
  );
}

async function assertVersion(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ number: number }>(
    "select current_setting('server_version_num')::integer as number",
  );
  const major = Math.floor((rows[0]?.number ?? 0) / 10_000);
  if (major < OLDEST_MAJOR) {
    throw new Error(`DATABASE_URL leads to PostgreSQL ${major}; ${OLDEST_MAJOR} or newer is needed.`);
  }
}

async function assertRolesExist(client: pg.Client): Promise<void> {
  for (const role of SERVING_ROLES) {
    if (!(await roleExists(client, role))) throw await sqlToRun(client, `The role "${role}" does not exist.`);
  }
}

async function roleExists(client: pg.Client, role: string): Promise<boolean> {
  return (await client.query("select from pg_roles where rolname = $1", [role])).rowCount === 1;
}

async function assertMemberOf(login: pg.ClientConfig, role: ServingRole, name: string): Promise<void> {
  const isMember = await withClient(
    login,
    async (client) => {
      const { rows } = await client.query<{ member: boolean }>(
        "select pg_has_role(current_user, $1, 'usage') as member",
        [role],
      );
      return rows[0]?.member === true;
    },
    name,
  );
  if (!isMember) throw new Error(`${name} must log in as the role "${role}" or as a member of it.`);
}

/** The same URL for another user. The query part is used because a URL without host holds no user. */
function urlAs(url: string, user: string, password: string): string {
  const other = new URL(url);
  if (other.host !== "") {
    other.username = "";
    other.password = "";
  }
  other.searchParams.set("user", user);
  other.searchParams.set("password", password);
  return other.href;
}
