/** Signing in with a passkey. */
import type { AuthenticationResponseJSON } from "@simplewebauthn/server";
import { AppError } from "../../errors.js";
import { operatorToSignIn } from "../../owners/write/operator-account.js";
import { noteRefusedSignIn, signIn } from "../../owners/write/sign-in.js";
import { bytes, int8, nullable, type Row, sql, time, uuid } from "../../platform/db.js";
import type { Call } from "../../platform/http/call.js";
import { useOneTime } from "../../platform/one-time.js";
import type { Ticket } from "../../platform/sessions.js";
import { actAs, SYSTEM } from "../../platform/transaction.js";
import { browserAnswer, CHALLENGE, relyingParty } from "../rules.js";

const passkeyColumns = {
  id: uuid,
  owner_id: nullable(uuid),
  operator_id: nullable(uuid),
  public_key: bytes,
  counter: int8,
};
const holdPasskey = sql({ credential_id: bytes }, passkeyColumns)`
  select p.id, p.owner_id, p.operator_id, p.public_key, p.counter from passkeys p
  left join owners o on o.id = p.owner_id left join operators r on r.id = p.operator_id
  where p.credential_id = ${"credential_id"} and o.deleted_at is null and r.removed_at is null for update of p`;
const noteUse = sql({ id: uuid, counter: int8, now: time }, {})`
  update passkeys set counter = ${"counter"}, last_used_at = ${"now"} where id = ${"id"}`;

/**
 * Signs in whoever holds a passkey and has shown their device that it is them.
 * @throws AppError PASSKEY_REFUSED, whatever is wrong with it
 */
export async function signInWithPasskey(call: Call, input: { response: string }): Promise<Ticket> {
  const { db, now } = call;
  const response = browserAnswer(input.response) as AuthenticationResponseJSON;
  await actAs(db, { actor: SYSTEM });
  const passkey = await holdPasskey.maybe(db, { credential_id: Buffer.from(response.id, "base64url") });
  if (!passkey) throw new AppError("PASSKEY_REFUSED");
  const counter = await counterIn(call, response, passkey).catch((error: unknown) => {
    noteRefusedSignIn(call, passkey.owner_id, "passkey", error);
    throw error;
  });
  await noteUse.run(db, { id: passkey.id, counter, now });
  if (passkey.owner_id !== null) return signIn(call, { ownerId: passkey.owner_id }, "passkey");
  return signIn(call, { operatorId: await operatorToSignIn(db, passkey.operator_id, now) }, "passkey");
}

/** Checks signature, origin, challenge, person and counter. @returns the counter as it is now */
async function counterIn(
  { db, services, now }: Call,
  response: AuthenticationResponseJSON,
  passkey: Row<typeof passkeyColumns>,
): Promise<number> {
  const { expectedOrigin, rpID } = relyingParty(services.config);
  const { verifyAuthenticationResponse } = await import("@simplewebauthn/server");
  const verified = await verifyAuthenticationResponse({
    response,
    expectedChallenge: (challenge) => useOneTime(db, services.vault, CHALLENGE.signIn, challenge, now),
    expectedOrigin,
    expectedRPID: rpID,
    credential: { id: response.id, publicKey: new Uint8Array(passkey.public_key), counter: passkey.counter },
    requireUserVerification: true,
  }).catch(() => undefined);
  if (!verified?.verified) throw new AppError("PASSKEY_REFUSED");
  return verified.authenticationInfo.newCounter;
}
