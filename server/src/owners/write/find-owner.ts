/** The owner behind an address or a name: found or made, never twice. The transactions act as the server. */
import { bytes, nullable, type Queryable, sql, text, time, uuid } from "../../platform/db.js";
import type { Call } from "../../platform/http/call.js";
import { newId } from "../../platform/ids.js";
import { alternativeName, usernameKey } from "../rules.js";

const findByAddress = sql({ email_index: bytes }, { id: uuid })`
  select id from owners where email_index = ${"email_index"} and deleted_at is null`;
const insertOwner = sql(
  {
    id: uuid,
    email_sealed: nullable(bytes),
    email_index: nullable(bytes),
    username: text,
    username_key: text,
    now: time,
  },
  {},
)`insert into owners (id, email_sealed, email_index, username, username_key, created_at)
  values (${"id"}, ${"email_sealed"}, ${"email_index"}, ${"username"}, ${"username_key"}, ${"now"})
  on conflict do nothing`;

/** A proven address. */
export interface ProvenAddress {
  address: string;
  index: Buffer;
}

/** The owner with an address, or undefined. */
export async function ownerByAddress(db: Queryable, index: Buffer): Promise<string | undefined> {
  return (await findByAddress.maybe(db, { email_index: index }))?.id;
}

/** The owner with this address; a new one, called as wanted if that name is free, when there is none. */
export async function findOrMakeOwner(call: Call, proven: ProvenAddress, username: string): Promise<string> {
  for (;;) {
    const known = await ownerByAddress(call.db, proven.index);
    if (known !== undefined) return known;
    const made = await makeOwner(call, username, proven);
    if (made !== undefined) return made;
  }
}

/** A new owner without an address, called as wanted if that name is free. */
export async function makeNamedOwner(call: Call, username: string): Promise<string> {
  const made = await makeOwner(call, username);
  if (made === undefined) throw new Error("An owner without an address can only be in the way of a name");
  return made;
}

/** @returns undefined when another transaction has just made an owner with this address */
async function makeOwner({ db, services, now }: Call, wanted: string, proven?: ProvenAddress) {
  const id = newId();
  for (let username = wanted; ; username = alternativeName(wanted)) {
    const made = await insertOwner.run(db, {
      id,
      email_sealed: proven ? services.vault.seal("owner-email", proven.address, id) : null,
      email_index: proven?.index ?? null,
      username,
      username_key: usernameKey(username),
      now,
    });
    if (made === 1) return id;
    if (proven && (await ownerByAddress(db, proven.index)) !== undefined) return undefined;
  }
}
