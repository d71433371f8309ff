/**
 * One-time links by mail. The request leaves a row and a job; the token is made when the mail is sent, so that nothing
 * that could open the link is ever at rest, and the minutes of its life begin when it leaves.
 */
import { AppError } from "../../errors.js";
import { assertFullKey } from "../../keys/read/full-key.js";
import { bool, bytes, nullable, type Queryable, type Row, sql, text, time, uuid } from "../../platform/db.js";
import type { AgentCall, Call, OwnerCall } from "../../platform/http/call.js";
import { variantOf } from "../../platform/http/variant.js";
import { newId } from "../../platform/ids.js";
import { addJob } from "../../platform/jobs.js";
import { newToken } from "../../platform/keys.js";
import { addressLetter, claimLetter, type Letter, langOf, signInLetter } from "../../platform/letters.js";
import type { Services } from "../../platform/services.js";
import { assertFreshProof } from "../../platform/sessions.js";
import { actAs, SYSTEM, transaction } from "../../platform/transaction.js";
import {
  addressKey,
  afterMinutes,
  assertOffered,
  assertUsernameIsFree,
  LINK_MINUTES,
  type LinkPurpose,
  MAIL_PATIENCE_MINUTES,
  MAIL_TRIES,
  plainAddress,
} from "../rules.js";
import { noteClaimFailure } from "./claim-agent.js";
import { claimToProve } from "./claim-to-prove.js";
import { ownerByAddress } from "./find-owner.js";

/** The job that mails a link; its id is the link's. */
export const SEND_LINK = "send_link";

const insertLink = sql(
  {
    id: uuid,
    token_hash: bytes,
    purpose: text,
    email_sealed: nullable(bytes),
    email_index: nullable(bytes),
    username: nullable(text),
    claim_id: nullable(uuid),
    agent_id: nullable(uuid),
    owner_id: nullable(uuid),
    operator_id: nullable(uuid),
    now: time,
    expires_at: time,
    language: text,
  },
  {},
)`insert into magic_links (id, token_hash, purpose, email_sealed, email_index, username, claim_id, agent_id, owner_id,
    operator_id, created_at, expires_at, language)
  values (${"id"}, ${"token_hash"}, ${"purpose"}, ${"email_sealed"}, ${"email_index"}, ${"username"}, ${"claim_id"},
    ${"agent_id"}, ${"owner_id"}, ${"operator_id"}, ${"now"}, ${"expires_at"}, ${"language"})`;

interface NewLink {
  purpose: LinkPurpose;
  username?: string;
  claimId?: string;
  agentId?: string;
  ownerId?: string;
  operatorId?: string;
}

/** Makes a link that is handed over at once. The transaction acts as the server. */
export async function makeLink(
  db: Queryable,
  services: Services,
  now: Date,
  link: NewLink & { expiresAt: Date },
): Promise<string> {
  const token = newToken("moltlink_");
  await insertLink.run(db, {
    ...columnsOf(link),
    id: newId(),
    token_hash: services.vault.hmac("link-token", token),
    email_sealed: null,
    email_index: null,
    now,
    expires_at: link.expiresAt,
    language: "en",
  });
  return linkUrl(services, token);
}

const columnsOf = ({ purpose, username, claimId, agentId, ownerId, operatorId }: NewLink) => ({
  purpose,
  username: username ?? null,
  claim_id: claimId ?? null,
  agent_id: agentId ?? null,
  owner_id: ownerId ?? null,
  operator_id: operatorId ?? null,
});

const linkUrl = ({ config }: Services, token: string) => `${config.publicUrl}/confirm/${token}`;

/**
 * Leaves a link to be mailed after the commit. From here on the transaction acts as the server.
 * @throws AppError VALIDATION_ERROR, RATE_LIMITED
 */
async function requestLink({ db, services, headers, now }: Call, email: string, link: NewLink): Promise<void> {
  const address = plainAddress(email);
  const index = services.vault.hmac("owner-email", addressKey(address));
  await services.limits.charge("mail", index.toString("base64"));
  await actAs(db, { actor: SYSTEM });
  const id = newId();
  await insertLink.run(db, {
    ...columnsOf(link),
    id,
    // Nobody knows this token: the one that works is made when the mail leaves.
    token_hash: services.vault.hmac("link-token", newToken("")),
    email_sealed: services.vault.seal("link-email", address, id),
    email_index: index,
    now,
    expires_at: afterMinutes(now, LINK_MINUTES),
    language: variantOf(headers).lang,
  });
  await addJob(db, SEND_LINK, id, MAIL_TRIES);
}

/**
 * Asks for the mail with which a claim is proven. The answer says nothing about whether the address is known.
 * @throws AppError CLAIM_TOKEN_INVALID, ALREADY_CLAIMED, CLAIM_EXPIRED, CLAIM_METHOD_NOT_OFFERED, NAME_TAKEN,
 *   VALIDATION_ERROR, RATE_LIMITED
 */
export async function requestEmailProof(
  call: Call,
  input: { email: string; claim_token: string; username: string },
): Promise<void> {
  const claim = await claimToProve(call, input.claim_token, "email");
  assertUsernameIsFree(input.username);
  await requestLink(call, input.email, { purpose: "claim", claimId: claim.id, username: input.username });
}

/** @throws AppError CLAIM_METHOD_NOT_OFFERED, always: nothing here depends on another network */
export async function refuseTweet({ services }: Call): Promise<never> {
  assertOffered("tweet", services.config.claimMethods);
  throw new Error("No claim method is called tweet");
}

/** Asks for a sign-in link; whether the address is known shows only in whether a mail arrives. */
export async function requestLogin(call: Call, input: { email: string }): Promise<void> {
  await requestLink(call, input.email, { purpose: "login" });
}

const findOwnership = sql({ agent_id: uuid }, { claimed_at: nullable(time), owner_id: nullable(uuid) })`
  select claimed_at, owner_id from agents where id = ${"agent_id"}`;

/**
 * Asks for the mail with which somebody becomes the owner of a claimed agent that has none. Who has an owner names nobody:
 * a key of an agent is no proof of being its owner.
 * @throws AppError NOT_CLAIMED_YET, CONFLICT, NAME_TAKEN, VALIDATION_ERROR, RATE_LIMITED, KEY_TOO_NARROW
 */
export async function requestOwnerSetup(call: AgentCall, input: { email: string; username?: string }): Promise<void> {
  const { db, agent } = call;
  await assertFullKey(db, agent);
  if (input.username !== undefined) assertUsernameIsFree(input.username);
  await actAs(db, { actor: SYSTEM });
  const { claimed_at: claimedAt, owner_id: ownerId } = await findOwnership.one(db, { agent_id: agent.id });
  if (!claimedAt) throw new AppError("NOT_CLAIMED_YET");
  if (ownerId !== null) {
    throw new AppError("CONFLICT", { message: "You have an owner already", hint: "Your owner signs in at /login." });
  }
  const { username } = input;
  await requestLink(call, input.email, {
    purpose: "setup",
    agentId: agent.id,
    ...(username === undefined ? {} : { username }),
  });
}

const hasAddress = sql({ id: uuid }, { has_address: bool })`
  select email_index is not null as has_address from owners where id = ${"id"} and deleted_at is null`;

/**
 * Asks for the mail that confirms the address of an owner who has none yet.
 * @throws AppError PROOF_REQUIRED, CONFLICT, VALIDATION_ERROR, RATE_LIMITED
 */
export async function requestAddress(call: OwnerCall, input: { email: string }): Promise<void> {
  const { db, session, now } = call;
  assertFreshProof(session, now);
  const owner = await hasAddress.maybe(db, { id: session.ownerId });
  if (owner?.has_address !== false) throw new AppError("CONFLICT", { message: "You have an e-mail address already" });
  await requestLink(call, input.email, { purpose: "setup", ownerId: session.ownerId });
}

const linkColumns = {
  purpose: text,
  email_sealed: nullable(bytes),
  email_index: nullable(bytes),
  claim_id: nullable(uuid),
  created_at: time,
  agent_name: nullable(text),
  code: nullable(text),
  claim_open: bool,
  language: text,
};
const takeLink = sql({ id: uuid, now: time }, linkColumns)`
  select l.purpose, l.email_sealed, l.email_index, l.claim_id, l.created_at, a.name as agent_name, c.code,
    l.claim_id is null or (c.used_at is null and c.expires_at > ${"now"}) as claim_open, l.language
  from magic_links l left join claims c on c.id = l.claim_id left join agents a on a.id = coalesce(c.agent_id, l.agent_id)
  where l.id = ${"id"} and l.used_at is null for update of l`;
const armLink = sql({ id: uuid, token_hash: bytes, expires_at: time }, {})`
  update magic_links set token_hash = ${"token_hash"}, expires_at = ${"expires_at"} where id = ${"id"}`;
const dropLink = sql({ id: uuid }, {})`delete from magic_links where id = ${"id"}`;
const noteSent = sql({ id: uuid, expires_at: time }, {})`
  update claims set link_expires_at = ${"expires_at"}, failed_step = null, failed_at = null
  where id = ${"id"} and used_at is null`;

/** Mails a link that was asked for. Rejects when the mail could not be handed over; a later try makes a new token. */
export async function deliverLink(services: Services, id: string): Promise<void> {
  const now = services.clock.now();
  const letter = await transaction(services.app, { actor: SYSTEM }, (db) => prepareLetter(db, services, id, now));
  if (!letter) return;
  const outcome = await services.mailer.send(letter.mail).then(
    () => undefined,
    (error: Error) => error,
  );
  const { claimId, expiresAt } = letter;
  if (claimId !== null) {
    await transaction(services.app, { actor: SYSTEM }, async (db) => {
      if (outcome) await noteClaimFailure(db, claimId, "send_mail", now);
      else await noteSent.run(db, { id: claimId, expires_at: expiresAt });
    });
  }
  if (outcome) throw outcome;
}

async function prepareLetter(db: Queryable, services: Services, id: string, now: Date) {
  const link = await takeLink.maybe(db, { id, now });
  if (!link?.email_sealed || !link.email_index) return undefined;
  const isStale = link.created_at < afterMinutes(now, -MAIL_PATIENCE_MINUTES);
  const isStranger = link.purpose === "login" && (await ownerByAddress(db, link.email_index)) === undefined;
  if (isStale || isStranger || !link.claim_open) {
    await dropLink.run(db, { id });
    return undefined;
  }
  const token = newToken("moltlink_");
  const expiresAt = afterMinutes(now, LINK_MINUTES);
  await armLink.run(db, { id, token_hash: services.vault.hmac("link-token", token), expires_at: expiresAt });
  const to = services.vault.open("link-email", link.email_sealed, id).toString("utf8");
  return { mail: { to, ...letterOf(services, link, linkUrl(services, token)) }, claimId: link.claim_id, expiresAt };
}

function letterOf({ config }: Services, link: Row<typeof linkColumns>, url: string): Letter {
  const lang = langOf(link.language);
  const once = { network: config.networkName, url, minutes: LINK_MINUTES };
  if (link.purpose === "login") return signInLetter[lang](once);
  if (link.agent_name === null) return addressLetter[lang](once);
  return claimLetter[lang]({ ...once, agent: link.agent_name, code: link.code });
}
