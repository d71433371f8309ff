/**
 * What both ways of provisioning share: passwords and their verifiers, the way into the schema, and the error that
 * tells an operator which SQL to run.
 */
import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";
import { join } from "node:path";
import pg from "pg";
import { readOrCreate } from "../secrets.js";

/** How to log in as each of the three roles. */
export interface Logins {
  migrator: pg.ClientConfig;
  app: pg.ClientConfig;
  reader: pg.ClientConfig;
}

/** The file that holds the password of a role. */
export const passwordPath = (role: string, secretsDir: string): string => join(secretsDir, `${role}.password`);

/** The password of a role; it is made when it is first asked for. */
export function passwordOf(role: string, secretsDir: string): string {
  return readOrCreate(secretsDir, passwordPath(role, secretsDir), () => randomBytes(32).toString("base64url"));
}

/** What the database keeps of a password (RFC 5802): enough to check it, not to log in. */
export function scramVerifier(password: string, salt = randomBytes(16), iterations = 4096): string {
  const salted = pbkdf2Sync(password, salt, iterations, 32, "sha256");
  const hmac = (text: string): Buffer => createHmac("sha256", salted).update(text).digest();
  const stored = createHash("sha256").update(hmac("Client Key")).digest("base64");
  return `SCRAM-SHA-256$${iterations}:${salt.toString("base64")}$${stored}:${hmac("Server Key").toString("base64")}`;
}

/** Whether a verifier was made of this password. */
export function fitsVerifier(password: string, verifier: string | null): boolean {
  const [, iterations, salt] = /^SCRAM-SHA-256\$(\d+):([^$]+)\$/.exec(verifier ?? "") ?? [];
  if (iterations === undefined || salt === undefined) return false;
  return scramVerifier(password, Buffer.from(salt, "base64"), Number(iterations)) === verifier;
}

/**
 * Lets the serving roles in; what they may do there is granted by the migrations, table by table.
 * @throws Error, with the SQL to run, when the client's role may not do that or not create what the migrations create
 */
export async function grantSchema(client: pg.Client): Promise<void> {
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

/**
 * Keeps every role from storing large objects, which anybody who may connect can otherwise do, a reader included.
 * @param client a superuser's connection to the database that is served
 */
export async function refuseLargeObjects(client: pg.Client): Promise<void> {
  await client.query(REFUSE_LARGE_OBJECTS);
}

/** The statement that does it. */
export const REFUSE_LARGE_OBJECTS =
  "revoke execute on function lo_creat(integer), lo_create(oid), lo_from_bytea(oid, bytea) from public";

/** An error that gives the reason and the SQL an administrator can run instead. */
export async function sqlToRun(client: pg.Client, reason: string): Promise<Error> {
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

/** Runs a statement that takes no parameters, with identifiers (%I) and literals (%L) quoted by the database. */
export async function execute(client: pg.Client, template: string, values: string[]): Promise<void> {
  const marks = values.map((_, index) => `$${index + 2}::text`).join(", ");
  const { rows } = await client.query<{ statement: string }>(`select format($1, ${marks}) as statement`, [
    template,
    ...values,
  ]);
  const statement = rows[0]?.statement;
  if (statement === undefined) throw new Error("The database did not quote a statement.");
  await client.query(statement);
}

/**
 * Runs work on a connection of its own.
 * @param name which setting the login came from, for the message when it does not work
 */
export async function withClient<T>(
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
