/** Adding, naming and removing passkeys; the transactions act as the caller. */
import type { RegistrationResponseJSON } from "@simplewebauthn/server";
import { record } from "../../audit/write.js";
import { AppError, notFound } from "../../errors.js";
import { bytes, int4, int8, nullable, sql, text, time, uuid } from "../../platform/db.js";
import { byPerson, type PersonCall } from "../../platform/http/call.js";
import { newId } from "../../platform/ids.js";
import { useOneTime } from "../../platform/one-time.js";
import { assertFreshProof, type Session } from "../../platform/sessions.js";
import {
  assertKeepsAWay,
  assertMayAddPasskey,
  browserAnswer,
  CHALLENGE,
  holderId,
  holderOf,
  relyingParty,
} from "../rules.js";
import { waysOf } from "./ways.js";

const pageOf = ({ operator }: Session) => (operator ? "/operator/passkeys" : "/owner/passkeys");
const holder = { owner_id: nullable(uuid), operator_id: nullable(uuid) };

const holdOwner = sql({ id: uuid }, { id: uuid })`select id from owners where id = ${"id"} for no key update`;
const holdOperator = sql({ id: uuid }, { id: uuid })`select id from operators where id = ${"id"} for no key update`;
const countPasskeys = sql(holder, { passkeys: int4 })`
  select count(*)::int as passkeys from passkeys
  where owner_id is not distinct from ${"owner_id"} and operator_id is not distinct from ${"operator_id"}`;
const insertPasskey = sql(
  {
    ...holder,
    id: uuid,
    credential_id: bytes,
    public_key: bytes,
    counter: int8,
    transports: text,
    name: text,
    now: time,
  },
  {},
)`insert into passkeys (id, owner_id, operator_id, credential_id, public_key, counter, transports, name, created_at)
  values (${"id"}, ${"owner_id"}, ${"operator_id"}, ${"credential_id"}, ${"public_key"}, ${"counter"}, ${"transports"}, ${"name"}, ${"now"})
  on conflict do nothing`;
const setName = sql({ ...holder, id: uuid, name: text }, {})`
  update passkeys set name = ${"name"} where id = ${"id"}
    and owner_id is not distinct from ${"owner_id"} and operator_id is not distinct from ${"operator_id"}`;
const deletePasskey = sql({ ...holder, id: uuid }, {})`
  delete from passkeys where id = ${"id"}
    and owner_id is not distinct from ${"owner_id"} and operator_id is not distinct from ${"operator_id"}`;

/**
 * Adds a passkey that the caller's browser has just made.
 * @throws AppError PASSKEY_REFUSED, CONFLICT, PROOF_REQUIRED
 */
export async function addPasskey(call: PersonCall, input: { name: string; response: string }): Promise<void> {
  const { db, session, now } = call;
  const holder = holderOf(session);
  assertFreshProof(session, now, pageOf(session));
  const made = await madeBy(call, input.response);
  await (session.operator ? holdOperator : holdOwner).one(db, { id: holderId(holder) });
  assertMayAddPasskey((await countPasskeys.one(db, holder)).passkeys);
  const added = await insertPasskey.run(db, {
    ...holder,
    id: newId(),
    credential_id: Buffer.from(made.id, "base64url"),
    public_key: Buffer.from(made.publicKey),
    counter: made.counter,
    transports: (made.transports ?? []).join(","),
    name: input.name,
    now,
  });
  if (added !== 1) throw new AppError("PASSKEY_REFUSED", { message: "This passkey is somebody's already" });
  await record(db, { by: byPerson(call), act: "passkey.add", at: now });
}

async function madeBy({ db, services, session, now }: PersonCall, response: string) {
  const { expectedOrigin, rpID } = relyingParty(services.config);
  const purpose = CHALLENGE.register(holderId(holderOf(session)));
  // A fifth of the time the server takes to start, if it were loaded with it.
  const { verifyRegistrationResponse } = await import("@simplewebauthn/server");
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
  { db, session }: PersonCall,
  input: { passkey_id: string; name: string },
): Promise<void> {
  const named = await setName.run(db, { ...holderOf(session), id: input.passkey_id, name: input.name });
  if (named !== 1) throw notFound("Passkey");
}

/**
 * Removes a passkey of the caller.
 * @throws AppError NOT_FOUND, PROOF_REQUIRED, CONFLICT when no other way to sign in would be left
 */
export async function removePasskey(call: PersonCall, input: { passkey_id: string }): Promise<void> {
  const { db, session, now } = call;
  assertFreshProof(session, now, pageOf(session));
  // An operator has the console, or another admin, to come back by.
  const ways = session.ownerId === null ? undefined : await waysOf(db, session.ownerId);
  const removed = await deletePasskey.run(db, { ...holderOf(session), id: input.passkey_id });
  if (removed !== 1) throw notFound("Passkey");
  if (ways) assertKeepsAWay({ ...ways, passkeys: ways.passkeys - 1 });
  await record(db, { by: byPerson(call), act: "passkey.remove", at: now });
}
