/**
 * Makes the three logins of a database: `migrator` owns the schema, `app` writes, `reader` reads. Passwords are random,
 * rest in private files only, and reach the database as SCRAM verifiers, so that no server log can hold one.
 */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type pg from "pg";
import { SOCKET_PORT } from "./postgres/cluster.js";
import type { DatabaseLogin } from "./postgres.js";
import {
  execute,
  fitsVerifier,
  grantSchema,
  type Logins,
  passwordOf,
  passwordPath,
  refuseLargeObjects,
  scramVerifier,
  withClient,
} from "./provision/roles.js";

export { provisionExternal } from "./provision/external.js";
export type { Logins } from "./provision/roles.js";

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
  await withClient({ ...superuser, database }, refuseLargeObjects);
  await withClient(logins.migrator, grantSchema);
  return logins;
}

/** The logins of an embedded server that another process runs at this moment, or undefined. */
export async function runningLogins(dataDir: string): Promise<Logins | undefined> {
  const secretsDir = join(dataDir, "secrets");
  const host = await readFile(join(dataDir, "lock", "socket-dir"), "utf8").catch(() => undefined);
  if (host === undefined || !existsSync(passwordPath("app", secretsDir))) return undefined;
  const login = (role: string): DatabaseLogin => ({
    host: host.trim(),
    port: SOCKET_PORT,
    user: role,
    password: passwordOf(role, secretsDir),
    database: "openmolt",
    ssl: false,
  });
  const logins = { migrator: login("migrator"), app: login("app"), reader: login("reader") };
  return withClient(logins.app, async () => logins).catch(() => undefined);
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
