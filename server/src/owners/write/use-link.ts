/** Using a one-time link, once: claiming, adopting, signing in. A thousand at once find one winner. */
import { record } from "../../audit/write.js";
import { AppError } from "../../errors.js";
import { bytes, nullable, type Row, sql, text, time, uuid } from "../../platform/db.js";
import { isUniqueViolation } from "../../platform/db-errors.js";
import type { Call } from "../../platform/http/call.js";
import type { SignIn, Ticket } from "../../platform/sessions.js";
import { actAs, SYSTEM } from "../../platform/transaction.js";
import { alternativeName, assertClaimable, assertUsable } from "../rules.js";
import { adoptAgent, claimForOwner } from "./claim-agent.js";
import { findOrMakeOwner, ownerByAddress, type ProvenAddress } from "./find-owner.js";
import { operatorToSignIn } from "./operator-account.js";
import { noteRefusedSignIn, signIn } from "./sign-in.js";

const linkColumns = {
  id: uuid,
  purpose: text,
  email_sealed: nullable(bytes),
  email_index: nullable(bytes),
  username: nullable(text),
  claim_id: nullable(uuid),
  agent_id: nullable(uuid),
  owner_id: nullable(uuid),
  operator_id: nullable(uuid),
  expires_at: time,
  used_at: nullable(time),
};
type LinkRow = Row<typeof linkColumns>;
const holdLink = sql({}, linkColumns)`
  select id, purpose, email_sealed, email_index, username, claim_id, agent_id, owner_id, operator_id, expires_at, used_at
  from magic_links where token_hash = (select current_token()) for update`;
const markUsed = sql({ id: uuid, now: time }, {})`update magic_links set used_at = ${"now"} where id = ${"id"}`;
const holdClaim = sql({ id: uuid }, { id: uuid, agent_id: uuid, expires_at: time, used_at: nullable(time) })`
  select id, agent_id, expires_at, used_at from claims where id = ${"id"} for update`;
const holdOwnership = sql({ agent_id: uuid }, { owner_id: nullable(uuid) })`
  select owner_id from agents where id = ${"agent_id"} and deleted_at is null for update`;

/**
 * Uses a link and signs in whoever brought it.
 * @throws AppError LINK_EXPIRED, ALREADY_CLAIMED, CLAIM_EXPIRED, OWNER_AGENT_LIMIT, CONFLICT
 */
export async function useLink(call: Call, input: { token: string }): Promise<Ticket> {
  const { db, services } = call;
  await actAs(db, { token: services.vault.hmac("link-token", input.token) });
  const link = await holdLink.maybe(db, {});
  if (!link) throw new AppError("LINK_EXPIRED");
  try {
    return await use(call, link);
  } catch (error) {
    if (error instanceof AppError) noteRefusedSignIn(call, await ownerOf(call, link), "link", error);
    throw error;
  }
}

async function use(call: Call, link: LinkRow): Promise<Ticket> {
  const { db, now } = call;
  // Somebody who clicks twice should hear that all is done, not that the link is dead.
  if (link.used_at && link.purpose === "claim") throw new AppError("ALREADY_CLAIMED");
  assertUsable({ usedAt: link.used_at, expiresAt: link.expires_at }, now);
  await actAs(db, { actor: SYSTEM });
  const who = await act(call, link);
  await markUsed.run(db, { id: link.id, now });
  return signIn(call, who, "link");
}

/** Whom a link was for, as far as that can be said: the refusal may have spoilt the transaction. */
async function ownerOf({ db }: Call, { owner_id: ownerId, email_index: index }: LinkRow): Promise<string | undefined> {
  if (ownerId !== null || index === null) return ownerId ?? undefined;
  return actAs(db, { actor: SYSTEM }).then(
    () => ownerByAddress(db, index),
    () => undefined,
  );
}

async function act(call: Call, link: LinkRow): Promise<SignIn> {
  const { db, now } = call;
  if (link.purpose === "claim" && link.claim_id !== null) {
    const claim = await holdClaim.maybe(db, { id: link.claim_id });
    if (!claim) throw new AppError("CLAIM_TOKEN_INVALID");
    assertClaimable({ usedAt: claim.used_at, expiresAt: claim.expires_at }, now);
    const ownerId = await findOrMakeOwner(call, addressOf(call, link), link.username ?? alternativeName("owner"));
    await claimForOwner(call, { agentId: claim.agent_id, ownerId, claimId: claim.id });
    return { ownerId };
  }
  if (link.purpose === "setup" && link.owner_id !== null)
    return { ownerId: await setAddress(call, link, link.owner_id) };
  if (link.purpose === "setup" && link.agent_id !== null) return { ownerId: await setUp(call, link, link.agent_id) };
  if (link.purpose === "operator") {
    const operatorId = await operatorToSignIn(db, link.operator_id, now);
    return { operatorId };
  }
  const ownerId = link.owner_id ?? (await ownerByAddress(db, addressOf(call, link).index));
  if (ownerId === undefined) throw new AppError("LINK_EXPIRED");
  return { ownerId };
}

const giveAddress = sql({ id: uuid, email_sealed: bytes, email_index: bytes }, {})`
  update owners set email_sealed = ${"email_sealed"}, email_index = ${"email_index"}
  where id = ${"id"} and email_index is null and deleted_at is null`;

/** The address may have been mistyped: whoever reads the mail must be signed in as the owner, or would become the owner. */
async function setAddress(call: Call, link: LinkRow, ownerId: string): Promise<string> {
  const { db, services, session, now } = call;
  if (session?.ownerId !== ownerId) {
    throw new AppError("SESSION_REQUIRED", { message: "Open this link in the browser in which you are signed in" });
  }
  const { address, index } = addressOf(call, link);
  const sealed = services.vault.seal("owner-email", address, ownerId);
  try {
    const given = await giveAddress.run(db, { id: ownerId, email_sealed: sealed, email_index: index });
    if (given === 0) throw new AppError("CONFLICT", { message: "You have an e-mail address already" });
  } catch (error) {
    if (isUniqueViolation(error)) throw new AppError("CONFLICT", { message: "Another account has this address" });
    throw error;
  }
  await record(db, { by: { kind: "owner", id: ownerId }, act: "owner.set_address", at: now });
  return ownerId;
}

/** Whoever reads the mail becomes the owner of an agent that has none. */
async function setUp(call: Call, link: LinkRow, agentId: string): Promise<string> {
  const agent = await holdOwnership.maybe(call.db, { agent_id: agentId });
  if (!agent) throw new AppError("LINK_EXPIRED");
  if (agent.owner_id !== null) throw new AppError("CONFLICT", { message: "The agent has an owner already" });
  const ownerId = await findOrMakeOwner(call, addressOf(call, link), link.username ?? alternativeName("owner"));
  await adoptAgent(call, agentId, ownerId);
  return ownerId;
}

function addressOf({ services }: Call, link: LinkRow): ProvenAddress {
  if (!link.email_sealed || !link.email_index) throw new AppError("LINK_EXPIRED");
  return {
    address: services.vault.open("link-email", link.email_sealed, link.id).toString("utf8"),
    index: link.email_index,
  };
}
