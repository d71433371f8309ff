/** An owner's passkeys, and the questions a browser is asked about them. */
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
} from "@simplewebauthn/server";
import { bytes, nullable, sql, text, time, uuid } from "../../platform/db.js";
import type { Call, OwnerCall } from "../../platform/http/call.js";
import { makeOneTime } from "../../platform/one-time.js";
import { assertFreshProof } from "../../platform/sessions.js";
import { CHALLENGE, QUESTION_MINUTES, relyingParty } from "../rules.js";

const findPasskeys = sql(
  { owner_id: uuid },
  {
    id: uuid,
    credential_id: bytes,
    transports: text,
    name: text,
    created_at: time,
    last_used_at: nullable(time),
  },
)`select id, credential_id, transports, name, created_at, last_used_at from passkeys
  where owner_id = ${"owner_id"} order by created_at, id`;
const findName = sql({ id: uuid }, { username: text })`select username from owners where id = ${"id"}`;

/** A passkey as its owner sees it. */
export interface PasskeyView {
  id: string;
  name: string;
  createdAt: Date;
  lastUsedAt: Date | null;
}

/** The caller's passkeys, the oldest first; the transaction acts as the owner. */
export async function ownPasskeys({ db, session }: OwnerCall): Promise<PasskeyView[]> {
  const rows = await findPasskeys.all(db, { owner_id: session.ownerId });
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
  call: OwnerCall,
): Promise<{ options: PublicKeyCredentialCreationOptionsJSON }> {
  const { db, services, session, now } = call;
  assertFreshProof(session, now, "/owner/passkeys");
  const { username } = await findName.one(db, { id: session.ownerId });
  const present = await findPasskeys.all(db, { owner_id: session.ownerId });
  const options = await generateRegistrationOptions({
    rpName: services.config.networkName,
    rpID: relyingParty(services.config).rpID,
    userName: username,
    userID: Buffer.from(session.ownerId),
    challenge: challengeFor(call, CHALLENGE.register(session.ownerId)),
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
  const options = await generateAuthenticationOptions({
    rpID: relyingParty(call.services.config).rpID,
    challenge: challengeFor(call, CHALLENGE.signIn),
    timeout: QUESTION_MINUTES * 60_000,
    userVerification: "required",
  });
  return { options };
}
