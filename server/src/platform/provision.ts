/**
 * Makes the three logins of a database: `migrator` owns the schema, `app` writes, `reader` reads. Passwords are random,
 * rest in private files only, and reach the database as SCRAM verifiers, so that no server log can hold one.
 */
import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import type { DatabaseLogin } from "./postgres.js";
import { readOrCreate } from "./secrets.js";

/** The oldest version that is supported. */
const OLDEST_MAJOR = 15;
const SERVING_ROLES = ["app", "reader"] as const;
type ServingRole = (typeof SERVING_ROLES)[number];

/** How to log in as each of the three roles. */
export interface Logins {
  migrator: pg.ClientConfig;
  app: pg.ClientConfig;
  reader: pg.ClientConfig;
}

/**
 * Makes the roles and the database inside the embedded server, as far as they are missing.
 * @param superuser the connection that startEmbedded gave
 * @param options secretsDir holds one password file a role; database is the name, default openmolt
 */
export async function provisionEmbedded(
  superuser: DatabaseLogin,
  options: { secretsDir: string; database?: string },
): Promise<Logins> {
  const { secretsDir, database = "openmolt" } = options;
  const login = (role: string): DatabaseLogin => ({
    ...superuser,
    database,
    user: role,
    password: passwordOf(role, secretsDir),
  });
  const logins = { migrator: login("migrator"), app: login("app"), reader: login("reader") };
  await withClient(superuser, async (client) => {
    for (const { user, password } of Object.values(logins)) await ensureOwnRole(client, user, password);
    const { rowCount } = await client.query("select from pg_database where datname = $1", [database]);
    if (rowCount === 0) await execute(client, "create database %I owner migrator", [database]);
    await execute(client, "revoke all on database %I from public", [database]);
    await execute(client, "grant connect on database %I to app, reader", [database]);
  });
  await withClient(logins.migrator, grantSchema);
  return logins;
}

/** What provisionExternal wants to know. */
export interface ExternalOptions {
  /** The URL of the migrator. */
  databaseUrl: string;
  /** The URLs of the serving roles; both, or none if the migrator may create roles. */
  appUrl?: string;
  readerUrl?: string;
  /** Holds the passwords of the roles made here. */
  secretsDir: string;
}

/**
 * Makes the serving logins in a database that belongs to the operator, or checks those the operator made.
 * @throws Error, with the SQL to run, when the migrator may not do what is needed
 */
export async function provisionExternal(options: ExternalOptions): Promise<Logins> {
  const { databaseUrl, appUrl, readerUrl, secretsDir } = options;
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
      await assertMemberOf(app, "app", "DATABASE_APP_URL");
      await assertMemberOf(reader, "reader", "DATABASE_READER_URL");
      return { migrator, app, reader };
    },
    "DATABASE_URL",
  );
}

/**
 * Refuses a role that could do more than it was granted: the guards of this server are grants and row policies, which
 * do not hold for owners of tables, superusers and BYPASSRLS, nor for members of such roles.
 * @throws Error that names the role and the reason
 */
export async function assertLeastPrivilege(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ role: string; reason: string | null }>(
    `select current_user as role, case
       when exists (select from pg_roles r where r.rolsuper and pg_has_role(current_user, r.oid, 'member'))
         then 'a superuser'
       when exists (select from pg_roles r where r.rolbypassrls and pg_has_role(current_user, r.oid, 'member'))
         then 'exempt from row-level security (BYPASSRLS)'
       when exists (
         select from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
           and pg_has_role(current_user, c.relowner, 'member'))
         then 'an owner of tables'
       when exists (
         select from pg_roles r
         where r.rolname in ('pg_read_all_data', 'pg_write_all_data', 'pg_read_server_files', 'pg_write_server_files',
             'pg_execute_server_program')
           and pg_has_role(current_user, r.oid, 'member'))
         then 'a member of a role that sees or writes everything'
     end as reason`,
  );
  const found = rows[0];
  if (found === undefined || found.reason !== null) {
    throw new Error(
      `The server refuses to serve as the database role "${found?.role}": it is ${found?.reason}. ` +
        "Serve as roles that hold only the privileges the migrations grant.",
    );
  }
}

const passwordPath = (role: string, secretsDir: string): string => join(secretsDir, `${role}.password`);

function passwordOf(role: string, secretsDir: string): string {
  return readOrCreate(secretsDir, passwordPath(role, secretsDir), () => randomBytes(32).toString("base64url"));
}

/** What the database keeps of a password (RFC 5802): enough to check it, not to log in. */
function scramVerifier(password: string, salt = randomBytes(16), iterations = 4096): string {
  const salted = pbkdf2Sync(password, salt, iterations, 32, "sha256");
  const hmac = (text: string): Buffer => createHmac("sha256", salted).update(text).digest();
  const stored = createHash("sha256").update(hmac("Client Key")).digest("base64");
  return `SCRAM-SHA-256$${iterations}:${salt.toString("base64")}$${stored}:${hmac("Server Key").toString("base64")}`;
}

function fitsVerifier(password: string, verifier: string | null): boolean {
  const [, iterations, salt] = /^SCRAM-SHA-256\$(\d+):([^$]+)\$/.exec(verifier ?? "") ?? [];
  if (iterations === undefined || salt === undefined) return false;
  return scramVerifier(password, Buffer.from(salt, "base64"), Number(iterations)) === verifier;
}

/** In the embedded server the password file is the truth: a lost one is replaced and the role follows. */
async function ensureOwnRole(client: pg.Client, role: string, password: string): Promise<void> {
  const { rows } = await client.query<{ rolpassword: string | null }>(
    "select rolpassword from pg_authid where rolname = $1",
    [role],
  );
  const known = rows[0];
  if (known === undefined) await execute(client, "create role %I login password %L", [role, scramVerifier(password)]);
  else if (!fitsVerifier(password, known.rolpassword)) {
    await execute(client, "alter role %I password %L", [role, scramVerifier(password)]);
  }
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

/** Lets the serving roles in; what they may do there is granted by the migrations, table by table. */
async function grantSchema(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string; creates: boolean; open: boolean }>(
    `select current_database() as name,
       has_database_privilege(current_database(), 'create') and has_schema_privilege('public', 'create') as creates,
       has_database_privilege('app', current_database(), 'connect')
         and has_database_privilege('reader', current_database(), 'connect')
         and has_schema_privilege('app', 'public', 'usage') and has_schema_privilege('reader', 'public', 'usage') as open`,
  );
  const state = rows[0];
  if (state?.creates !== true) {
    throw await sqlToRun(
      client,
      "The user of DATABASE_URL may not create schemas in the database and tables in public.",
    );
  }
  if (state.open) return;
  try {
    await execute(client, "grant connect on database %I to app, reader", [state.name]);
    await client.query("grant usage on schema public to app, reader");
  } catch (error) {
    if (!(error instanceof pg.DatabaseError && error.code === "42501")) throw error;
    throw await sqlToRun(client, "The user of DATABASE_URL may not let other roles in.");
  }
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

async function sqlToRun(client: pg.Client, reason: string): Promise<Error> {
  const { rows } = await client.query<{ database: string; owner: string }>(
    "select quote_ident(current_database()) as database, quote_ident(current_user) as owner",
  );
  const { database, owner } = rows[0] ?? { database: "<database>", owner: "<migrator>" };
  return new Error(
    `${reason}\nRun this as an administrator of the database (leave out what is there already):\n\n` +
      "  create role app login password '<a long random password>';\n" +
      "  create role reader login password '<another one>';\n" +
      `  grant connect on database ${database} to app, reader;\n` +
      `  grant connect, create on database ${database} to ${owner};\n` +
      "  grant usage on schema public to app, reader;\n" +
      `  grant usage, create on schema public to ${owner};\n\n` +
      "Then set DATABASE_APP_URL and DATABASE_READER_URL to the URLs of these two roles.",
  );
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

/** Runs a statement that takes no parameters, with identifiers (%I) and literals (%L) quoted by the database. */
async function execute(client: pg.Client, template: string, values: string[]): Promise<void> {
  const marks = values.map((_, index) => `$${index + 2}::text`).join(", ");
  const { rows } = await client.query<{ statement: string }>(`select format($1, ${marks}) as statement`, [
    template,
    ...values,
  ]);
  const statement = rows[0]?.statement;
  if (statement === undefined) throw new Error("The database did not quote a statement.");
  await client.query(statement);
}

/** @param name which setting the login came from, for the message when it does not work */
async function withClient<T>(
  login: pg.ClientConfig,
  work: (client: pg.Client) => Promise<T>,
  name?: string,
): Promise<T> {
  const client = new pg.Client({ connectionTimeoutMillis: 10_000, ...login });
  client.on("error", () => undefined);
  try {
    await client.connect();
  } catch (error) {
    await client.end().catch(() => undefined);
    if (name === undefined) throw error;
    throw new Error(`${name} does not work: ${error instanceof Error ? error.message : error}`);
  }
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
