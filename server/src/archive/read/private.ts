/**
 * The private part of an export: every table the public part does not already tell in full, as lines, encrypted in the age
 * format under a passphrase. Nothing of it touches the disk in clear, and what is sealed or hashed under the master key
 * stays so: without that key (the secrets of the data directory) it yields neither messages nor addresses nor keys.
 */
import { createReadStream, createWriteStream } from "node:fs";
import { open } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ReadableStream } from "node:stream/web";
import { Decrypter, Encrypter } from "age-encryption";
import pg from "pg";

/** The name of the private file in an archive. */
export const PRIVATE_FILE = "private.age";

/** Told in full by the public part. */
const PUBLIC = [
  "comment_revisions",
  "comment_stats",
  "comments",
  "communities",
  "community_roles",
  "community_stats",
  "events",
  "follows",
  "label_attachments",
  "labels",
  "post_revisions",
  "post_stats",
  "posts",
];
/** Made again by whoever serves the data, or good for a moment only: nobody should be able to carry a session away. */
const PASSING = [
  "idempotency_keys",
  "magic_links",
  "organisation_invitations",
  "outbox",
  "owner_sessions",
  "pulse_figures",
  "search_documents",
  "signature_nonces",
  "used_values",
];

const SLICE = 500;

interface Table {
  name: string;
  keys: { name: string; type: string }[];
}

const findTables = `
  select c.relname as name, json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, null))
    order by array_position(i.indkey::int2[], a.attnum)) as keys
  from pg_class c join pg_index i on i.indrelid = c.oid and i.indisprimary
  join pg_attribute a on a.attrelid = c.oid and a.attnum = any(i.indkey::int2[])
  where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> all($1)
  group by c.relname order by c.relname`;

/** Every row of every table that is not public, as `{"table": …, "row": …}`, slice by slice by primary key. */
async function* privateLines(client: pg.Client): AsyncGenerator<string[]> {
  const { rows: tables } = await client.query<Table>(findTables, [[...PUBLIC, ...PASSING]]);
  for (const { name, keys } of tables) {
    const columns = keys.map((key) => pg.escapeIdentifier(key.name));
    const after = keys.map((key, index) => `$${index + 1}::text::${key.type}`);
    const select = `select row_to_json(t)::text as line, array[${columns.map((column) => `${column}::text`)}] as key
      from ${pg.escapeIdentifier(name)} t`;
    const order = `order by ${columns} limit ${SLICE}`;
    for (let last: string[] | undefined; ; ) {
      const { rows } = await client.query<{ line: string; key: string[] }>(
        last === undefined ? `${select} ${order}` : `${select} where (${columns}) > (${after}) ${order}`,
        last ?? [],
      );
      yield rows.map(({ line }) => `{"table":${JSON.stringify(name)},"row":${line}}`);
      if (rows.length < SLICE) break;
      last = rows.at(-1)?.key;
    }
  }
}

/** What the first line of the private part says. */
export interface PrivateHeader {
  format: "openmolt-private";
  version: 1;
  written_at: string;
}

/**
 * Writes the private part to a file that only its owner may read.
 * @param migrator how to log in as the role that owns the tables; it alone sees all rows
 * @returns how many rows there are
 */
export async function writePrivate(
  migrator: pg.ClientConfig,
  path: string,
  passphrase: string,
  now: Date,
): Promise<number> {
  const client = new pg.Client(migrator);
  client.on("error", () => undefined);
  await client.connect();
  let count = 0;
  const clear = async function* (): AsyncGenerator<Uint8Array> {
    const header: PrivateHeader = { format: "openmolt-private", version: 1, written_at: now.toISOString() };
    yield Buffer.from(`${JSON.stringify(header)}\n`);
    for await (const lines of privateLines(client)) {
      count += lines.length;
      if (lines.length > 0) yield Buffer.from(`${lines.join("\n")}\n`);
    }
  };
  try {
    await client.query("set timezone = 'UTC'");
    const encrypter = new Encrypter();
    encrypter.setPassphrase(passphrase);
    const encrypted = await encrypter.encrypt(ReadableStream.from(clear()) as globalThis.ReadableStream<Uint8Array>);
    await pipeline(
      Readable.fromWeb(encrypted as ReadableStream),
      createWriteStream(path, { mode: 0o600, flush: true }),
    );
  } finally {
    await client.end();
  }
  return count;
}

/**
 * Opens a private part, or any other file that was encrypted with age under a passphrase, as a stream.
 * @throws Error when it is no such file or the passphrase is another
 */
export async function openPrivate(path: string, passphrase: string): Promise<Readable> {
  const file = await open(path).catch(() => undefined);
  if (file === undefined) throw new Error(`There is no file ${path}.`);
  await file.close();
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase);
  const encrypted = Readable.toWeb(createReadStream(path)) as globalThis.ReadableStream<Uint8Array>;
  try {
    return Readable.fromWeb((await decrypter.decrypt(encrypted)) as ReadableStream);
  } catch {
    throw new Error(`${path} does not open: the passphrase is another, or the file is not one that was exported.`);
  }
}
