/** What is done about identity: agents get tokens, operators let third-party apps in and out. */
import type { InputOf } from "@openmolt/contract/endpoint";
import type { identity as contract } from "@openmolt/contract/identity";
import { SignJWT } from "jose";
import { type AuditActor, record } from "../audit/write.js";
import { notFound } from "../errors.js";
import { bytes, int4, type Queryable, sql, text, time, uuid } from "../platform/db.js";
import type { AgentCall } from "../platform/http/call.js";
import { newId } from "../platform/ids.js";
import { newToken } from "../platform/keys.js";
import type { Vault } from "../platform/secrets.js";
import { ALGORITHM } from "./read.js";
import { TOKEN_SECONDS } from "./rules.js";

/** An identity token and its end. */
export interface IssuedToken {
  token: string;
  /** Seconds. */
  expiresIn: number;
  expiresAt: Date;
}

const findSeries = sql({ id: uuid }, { series: int4 })`
  select identity_series as series from agents where id = ${"id"}`;

/** Signs a token that says who the caller is. Nothing is stored; the token names the series that its end will be known by. */
export async function issueToken(call: AgentCall, input: InputOf<typeof contract.token>): Promise<IssuedToken> {
  const { agent, db, now, services } = call;
  const { series } = await findSeries.one(db, { id: agent.id });
  const issuedAt = Math.floor(now.getTime() / 1000);
  const expiresAt = issuedAt + TOKEN_SECONDS;
  const jwt = new SignJWT({ name: agent.name, series })
    .setProtectedHeader({ alg: ALGORITHM, kid: services.signingKey.kid ?? "", typ: "JWT" })
    .setIssuer(services.config.publicUrl)
    .setSubject(agent.id)
    .setJti(newId())
    .setIssuedAt(issuedAt)
    .setExpirationTime(expiresAt);
  if (input.audience !== undefined) jwt.setAudience(input.audience);
  const token = await jwt.sign(services.signingKey);
  return { token, expiresIn: TOKEN_SECONDS, expiresAt: new Date(expiresAt * 1000) };
}

const insertApp = sql({ id: uuid, name: text, key_hash: bytes, now: time }, {})`
  insert into identity_apps (id, name, key_hash, created_at) values (${"id"}, ${"name"}, ${"key_hash"}, ${"now"})`;
const revokeApp = sql({ id: uuid, now: time }, { name: text })`
  update identity_apps set revoked_at = ${"now"} where id = ${"id"} and revoked_at is null returning name`;

/** A third-party app with its key, which is shown this once. */
export interface CreatedApp {
  id: string;
  name: string;
  key: string;
}

/**
 * Lets a third-party app in: it may then ask whose token it was shown. Only the key's hash is kept. The operator's act.
 * @param name what the operator calls the app
 */
export async function createIdentityApp(
  db: Queryable,
  vault: Vault,
  name: string,
  now: Date,
  by: AuditActor,
): Promise<CreatedApp> {
  const id = newId();
  const key = newToken("moltdev_");
  await insertApp.run(db, { id, name, key_hash: vault.hmac("app-key", key), now });
  await record(db, { by, act: "identity_app.create", facts: { app_id: id, name }, at: now });
  return { id, name, key };
}

/**
 * Ends an app's key at once. The operator's act.
 * @returns the app's name
 * @throws AppError NOT_FOUND, also when it had ended before
 */
export async function revokeIdentityApp(db: Queryable, id: string, now: Date, by: AuditActor): Promise<string> {
  const app = await revokeApp.maybe(db, { id, now });
  if (!app) throw notFound("App");
  await record(db, { by, act: "identity_app.revoke", facts: { app_id: id, name: app.name }, at: now });
  return app.name;
}
