/** Somebody's passkeys, and the questions a browser is asked about them. */
import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from "@simplewebauthn/server";
import { bytes, nullable, sql, text, time, uuid } from "../../platform/db.js";
import type { Call, PersonCall } from "../../platform/http/call.js";
import { makeOneTime } from "../../platform/one-time.js";
import { assertFreshProof } from "../../platform/sessions.js";
import { CHALLENGE, holderId, holderOf, QUESTION_MINUTES, relyingParty } from "../rules.js";

const holder = { owner_id: nullable(uuid), operator_id: nullable(uuid) };
const findPasskeys = sql(holder, {
  id: uuid,
  credential_id: bytes,
  transports: text,
  name: text,
  created_at: time,
  last_used_at: nullable(time),
})`select id, credential_id, transports, name, created_at, last_used_at from passkeys
  where owner_id is not distinct from ${"owner_id"} and operator_id is not distinct from ${"operator_id"}
  order by created_at, id`;
const findName = sql(holder, { name: text })`
  select username as name from owners where id = ${"owner_id"} union all
  select name from operators where id = ${"operator_id"}`;

/** A passkey as its owner sees it. */
export interface PasskeyView {
  id: string;
  name: string;
  createdAt: Date;
  lastUsedAt: Date | null;
}

/** The caller's passkeys, the oldest first; the transaction acts as the caller. */
export async function ownPasskeys({ db, session }: PersonCall): Promise<PasskeyView[]> {
  const rows = await findPasskeys.all(db, holderOf(session));
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
  }));
}

const challengeFor = ({ services, now }: Call, purpose: string) => {
  const expiresAt = new Date(now.getTime() + QUESTION_MINUTES * 60_000);
  return Buffer.from(makeOneTime(services.vault, purpose, expiresAt), "base64url");
};

/**
 * What a browser is asked when the caller makes a passkey: one that it finds by itself and that checks who uses it.
 * @throws AppError PROOF_REQUIRED
 */
export async function registrationOptions(
  call: PersonCall,
): Promise<{ options: PublicKeyCredentialCreationOptionsJSON }> {
  const { db, services, session, now } = call;
  const holder = holderOf(session);
  assertFreshProof(session, now, session.operator ? "/operator/passkeys" : "/owner/passkeys");
  const { name } = await findName.one(db, holder);
  const present = await findPasskeys.all(db, holder);
  const { generateRegistrationOptions } = await import("@simplewebauthn/server");
  const options = await generateRegistrationOptions({
    rpName: services.config.networkName,
    rpID: relyingParty(services.config).rpID,
    userName: name,
    userID: Buffer.from(holderId(holder)),
    challenge: challengeFor(call, CHALLENGE.register(holderId(holder))),
    timeout: QUESTION_MINUTES * 60_000,
    attestationType: "none",
    excludeCredentials: present.map((row) => ({
      id: row.credential_id.toString("base64url"),
      transports: row.transports.split(",").filter(Boolean),
    })),
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
  });
  return { options };
}

/** What a browser is asked when somebody signs in; it finds the passkey by itself, so nobody is named. */
export async function signInOptions(call: Call): Promise<{ options: PublicKeyCredentialRequestOptionsJSON }> {
  const { generateAuthenticationOptions } = await import("@simplewebauthn/server");
  const options = await generateAuthenticationOptions({
    rpID: relyingParty(call.services.config).rpID,
    challenge: challengeFor(call, CHALLENGE.signIn),
    timeout: QUESTION_MINUTES * 60_000,
    userVerification: "required",
  });
  return { options };
}
