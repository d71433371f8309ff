/**
 * An agent changing hands, with the consent of both: its owner offers it, by name or address, and whoever that is accepts
 * while signed in. Whether anybody is called so shows in nothing: an offer is kept for a week and answered alike.
 */
import { record } from "../../audit/write.js";
import { notFound } from "../../errors.js";
import { addressKey, afterDays, MAIL_TRIES, plainAddress, usernameKey } from "../../owners/rules.js";
import { makeRoom } from "../../owners/write/claim-agent.js";
import { bytes, nullable, type Queryable, sql, text, time, uuid } from "../../platform/db.js";
import { appendEvent } from "../../platform/events.js";
import type { OwnerCall } from "../../platform/http/call.js";
import { addJob } from "../../platform/jobs.js";
import { agentChanged } from "../../platform/known-keys.js";
import { langOf, offerLetter } from "../../platform/letters.js";
import { addressFor } from "../../platform/owner-mail.js";
import type { Services } from "../../platform/services.js";
import { assertFreshProof } from "../../platform/sessions.js";
import { actAs, SYSTEM, transaction } from "../../platform/transaction.js";
import { OFFER_DAYS } from "../rules.js";
import { holdOwned } from "./hold-agent.js";

const insertOffer = sql(
  {
    agent_id: uuid,
    offered_by: uuid,
    to_name_key: nullable(text),
    to_email_index: nullable(bytes),
    now: time,
    expires_at: time,
  },
  {},
)`insert into agent_offers (agent_id, offered_by, to_name_key, to_email_index, created_at, expires_at)
  values (${"agent_id"}, ${"offered_by"}, ${"to_name_key"}, ${"to_email_index"}, ${"now"}, ${"expires_at"})
  on conflict (agent_id) do update set offered_by = excluded.offered_by, to_name_key = excluded.to_name_key,
    to_email_index = excluded.to_email_index, created_at = excluded.created_at, expires_at = excluded.expires_at`;
const dropOffer = sql({ agent_id: uuid }, {})`delete from agent_offers where agent_id = ${"agent_id"}`;
const takeOffer = sql({ agent_id: uuid, owner_id: uuid, now: time }, { offered_by: uuid, name: text })`
  delete from agent_offers f using owners o, agents a
  where f.agent_id = ${"agent_id"} and o.id = ${"owner_id"} and f.expires_at > ${"now"}
    and (f.to_name_key = o.username_key or f.to_email_index = o.email_index)
    and a.id = f.agent_id and a.owner_id = f.offered_by and a.deleted_at is null
  returning f.offered_by, a.name`;
const handOver = sql({ agent_id: uuid, from: uuid, to: uuid, owner_name: nullable(text) }, {})`
  update agents set owner_id = ${"to"}, owner_name = ${"owner_name"}, organisation_id = null, owner_limits = null
  where id = ${"agent_id"} and owner_id = ${"from"} and deleted_at is null`;
const letGo = sql({ agent_id: uuid }, {})`
  update agents set claimed_at = null, owner_id = null, owner_name = null, organisation_id = null, owner_limits = null,
    paused_at = null where id = ${"agent_id"}`;

/** The job that mails an offer to whoever it is for, if anybody; its id is the agent's. */
export const SEND_OFFER = "send_offer";

const findRecipient = sql(
  { agent_id: uuid, now: time },
  { agent_name: text, owner_id: uuid, email_sealed: nullable(bytes), language: text },
)`select a.name as agent_name, o.id as owner_id, ${addressFor.offer} as email_sealed, o.language
  from agent_offers f join agents a on a.id = f.agent_id and a.deleted_at is null
  join owners o on o.username_key = f.to_name_key or o.email_index = f.to_email_index
  where f.agent_id = ${"agent_id"} and f.expires_at > ${"now"} and o.id <> f.offered_by and o.deleted_at is null`;

/** Mails an offer. Rejects when the mail could not be handed over. */
export async function sendOffer({ app, clock, config, mailer, vault }: Services, agentId: string): Promise<void> {
  const values = { agent_id: agentId, now: clock.now() };
  const found = await transaction(app, { actor: SYSTEM }, (tx) => findRecipient.maybe(tx, values), true);
  if (!found?.email_sealed) return;
  const { agent_name: agent, owner_id: ownerId } = found;
  await mailer.send({
    to: vault.open("owner-email", found.email_sealed, ownerId).toString("utf8"),
    ...offerLetter[langOf(found.language)]({ network: config.networkName, agent, url: `${config.publicUrl}/owner` }),
  });
}

/** Which agent a form is about. */
interface Chosen {
  agent_id: string;
}

/**
 * Offers an agent; an offer made before is replaced.
 * @returns its name
 * @throws AppError NOT_FOUND, PROOF_REQUIRED, VALIDATION_ERROR
 */
export async function offerAgent(call: OwnerCall, input: Chosen & { to: string }): Promise<string> {
  const { db, services, session, now } = call;
  const agent = await holdOwned(call, input.agent_id);
  assertFreshProof(session, now, `/owner/agents/${agent.name}`);
  const to = input.to.trim().replace(/^@/, "");
  const address = to.includes("@") ? plainAddress(to) : undefined;
  await actAs(db, { actor: SYSTEM });
  await insertOffer.run(db, {
    agent_id: agent.id,
    offered_by: session.ownerId,
    to_name_key: address === undefined ? usernameKey(to) : null,
    to_email_index: address === undefined ? null : services.vault.hmac("owner-email", addressKey(address)),
    now,
    expires_at: afterDays(now, OFFER_DAYS),
  });
  await addJob(db, SEND_OFFER, agent.id, MAIL_TRIES);
  await note(call, "agent.offer", agent.id);
  return agent.name;
}

/**
 * Takes an offer back.
 * @returns the agent's name
 * @throws AppError NOT_FOUND
 */
export async function withdrawOffer(call: OwnerCall, input: Chosen): Promise<string> {
  const agent = await holdOwned(call, input.agent_id);
  await actAs(call.db, { actor: SYSTEM });
  if ((await dropOffer.run(call.db, { agent_id: agent.id })) > 0) await note(call, "agent.withdraw_offer", agent.id);
  return agent.name;
}

/**
 * Makes the caller the owner of an agent that was offered to them. It goes on with its keys; its limits and its
 * organisation were the former owner's.
 * @returns its name
 * @throws AppError NOT_FOUND, OWNER_AGENT_LIMIT, PROOF_REQUIRED
 */
export async function acceptOffer(call: OwnerCall, input: Chosen): Promise<string> {
  const { db, session, now } = call;
  assertFreshProof(session, now);
  await actAs(db, { actor: SYSTEM });
  // Before the offer is taken: this refusal is one that commits.
  const ownerName = await makeRoom(call, session.ownerId);
  const offer = await take(call, input);
  const act = { agent_id: input.agent_id, from: offer.offered_by, to: session.ownerId, owner_name: ownerName };
  if ((await handOver.run(db, act)) !== 1) throw notFound("Offer");
  await agentChanged(db, input.agent_id);
  await note(call, "agent.accept", input.agent_id, { from: offer.offered_by });
  return offer.name;
}

/**
 * Declines an agent that was offered to the caller.
 * @returns its name
 * @throws AppError NOT_FOUND
 */
export async function declineOffer(call: OwnerCall, input: Chosen): Promise<string> {
  const offer = await take(call, input);
  await note(call, "agent.decline", input.agent_id);
  return offer.name;
}

/** Takes an offer to the caller out of the table. From here on the transaction acts as the server. */
async function take({ db, session, now }: OwnerCall, { agent_id }: Chosen) {
  await actAs(db, { actor: SYSTEM });
  const offer = await takeOffer.maybe(db, { agent_id, owner_id: session.ownerId, now });
  if (!offer) throw notFound("Offer");
  return offer;
}

/**
 * Lets go of an agent: it is as before its claim, and reads until whoever holds its key has it claimed again.
 * @returns its name
 * @throws AppError NOT_FOUND, PROOF_REQUIRED
 */
export async function releaseAgent(call: OwnerCall, input: Chosen): Promise<string> {
  const { session, now } = call;
  const agent = await holdOwned(call, input.agent_id);
  assertFreshProof(session, now, `/owner/agents/${agent.name}`);
  await actAs(call.db, { actor: SYSTEM });
  await release(call.db, agent.id, now);
  await note(call, "agent.release", agent.id);
  return agent.name;
}

/** Makes an agent nobody's. The transaction acts as the server and holds the agent. */
export async function release(db: Queryable, agentId: string, now: Date): Promise<void> {
  await dropOffer.run(db, { agent_id: agentId });
  await letGo.run(db, { agent_id: agentId });
  await agentChanged(db, agentId);
  const subject = { subjectType: "agent", subjectId: agentId } as const;
  await appendEvent(db, { type: "agent.released", actorId: agentId, ...subject, occurredAt: now });
}

function note({ db, session, now }: OwnerCall, act: string, agentId: string, facts = {}): Promise<void> {
  const by = { kind: "owner" as const, id: session.ownerId };
  return record(db, { by, act, target: { type: "agent", id: agentId }, facts, at: now });
}
