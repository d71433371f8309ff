/** Adding, naming and removing passkeys; the transactions act as the owner. */
import { type RegistrationResponseJSON, verifyRegistrationResponse } from "@simplewebauthn/server";
import { record } from "../../audit/write.js";
import { AppError, notFound } from "../../errors.js";
import { bytes, int4, int8, type Queryable, sql, text, time, uuid } from "../../platform/db.js";
import type { OwnerCall } from "../../platform/http/call.js";
import { newId } from "../../platform/ids.js";
import { useOneTime } from "../../platform/one-time.js";
import { assertFreshProof } from "../../platform/sessions.js";
import { assertKeepsAWay, assertMayAddPasskey, browserAnswer, CHALLENGE, relyingParty } from "../rules.js";
import { waysOf } from "./ways.js";

const PAGE = "/owner/passkeys";

const holdOwner = sql({ id: uuid }, { id: uuid })`
  select id from owners where id = ${"id"} and deleted_at is null for no key update`;
const countPasskeys = sql({ owner_id: uuid }, { passkeys: int4 })`
  select count(*)::int as passkeys from passkeys where owner_id = ${"owner_id"}`;
const insertPasskey = sql(
  {
    id: uuid,
    owner_id: uuid,
    credential_id: bytes,
    public_key: bytes,
    counter: int8,
    transports: text,
    name: text,
    now: time,
  },
  {},
)`insert into passkeys (id, owner_id, credential_id, public_key, counter, transports, name, created_at)
  values (${"id"}, ${"owner_id"}, ${"credential_id"}, ${"public_key"}, ${"counter"}, ${"transports"}, ${"name"}, ${"now"})
  on conflict do nothing`;
const setName = sql({ id: uuid, owner_id: uuid, name: text }, {})`
  update passkeys set name = ${"name"} where id = ${"id"} and owner_id = ${"owner_id"}`;
const deletePasskey = sql({ id: uuid, owner_id: uuid }, {})`
  delete from passkeys where id = ${"id"} and owner_id = ${"owner_id"}`;

/**
 * Adds a passkey that the caller's browser has just made.
 * @throws AppError PASSKEY_REFUSED, CONFLICT, PROOF_REQUIRED
 */
export async function addPasskey(call: OwnerCall, input: { name: string; response: string }): Promise<void> {
  const { db, session, now } = call;
  const { ownerId } = session;
  assertFreshProof(session, now, PAGE);
  const made = await madeBy(call, input.response);
  await holdOwner.one(db, { id: ownerId });
  assertMayAddPasskey((await countPasskeys.one(db, { owner_id: ownerId })).passkeys);
  const added = await insertPasskey.run(db, {
    id: newId(),
    owner_id: ownerId,
    credential_id: Buffer.from(made.id, "base64url"),
    public_key: Buffer.from(made.publicKey),
    counter: made.counter,
    transports: (made.transports ?? []).join(","),
    name: input.name,
    now,
  });
  if (added !== 1) throw new AppError("PASSKEY_REFUSED", { message: "This passkey is somebody's already" });
  await note(db, session.ownerId, "passkey.add", now);
}

async function madeBy({ db, services, session, now }: OwnerCall, response: string) {
  const { expectedOrigin, rpID } = relyingParty(services.config);
  const purpose = CHALLENGE.register(session.ownerId);
  const verified = await verifyRegistrationResponse({
    response: browserAnswer(response) as RegistrationResponseJSON,
    expectedChallenge: (challenge) => useOneTime(db, services.vault, purpose, challenge, now),
    expectedOrigin,
    expectedRPID: rpID,
    requireUserVerification: true,
  }).catch(() => undefined);
  if (!verified?.verified) throw new AppError("PASSKEY_REFUSED");
  return verified.registrationInfo.credential;
}

/**
 * Calls a passkey of the caller something else.
 * @throws AppError NOT_FOUND
 */
export async function renamePasskey(
  { db, session }: OwnerCall,
  input: { passkey_id: string; name: string },
): Promise<void> {
  const named = await setName.run(db, { id: input.passkey_id, owner_id: session.ownerId, name: input.name });
  if (named !== 1) throw notFound("Passkey");
}

/**
 * Removes a passkey of the caller.
 * @throws AppError NOT_FOUND, PROOF_REQUIRED, CONFLICT when no other way to sign in would be left
 */
export async function removePasskey({ db, session, now }: OwnerCall, input: { passkey_id: string }): Promise<void> {
  assertFreshProof(session, now, PAGE);
  const ways = await waysOf(db, session.ownerId);
  const removed = await deletePasskey.run(db, { id: input.passkey_id, owner_id: session.ownerId });
  if (removed !== 1) throw notFound("Passkey");
  assertKeepsAWay({ ...ways, passkeys: ways.passkeys - 1 });
  await note(db, session.ownerId, "passkey.remove", now);
}

const note = (db: Queryable, ownerId: string, act: string, at: Date) =>
  record(db, { by: { kind: "owner", id: ownerId }, act, at });
