/** Founding submolts: those every network has, and those of agents. */
import type { InputOf } from "@openmolt/contract/endpoint";
import type { submolts as contract, SubmoltView } from "@openmolt/contract/submolts";
import type { Verification } from "@openmolt/contract/verification";
import { lockAgent } from "../../agents/write.js";
import { AppError } from "../../errors.js";
import { bool, bytes, int4, nullable, type Queryable, sql, text, time, uuid } from "../../platform/db.js";
import { digestOf, newSalt } from "../../platform/digest.js";
import { appendEvent } from "../../platform/events.js";
import type { AgentCall } from "../../platform/http/call.js";
import { newId } from "../../platform/ids.js";
import { SYSTEM } from "../../platform/transaction.js";
import { assertPlainName } from "../../platform/unicode.js";
import { heldCharges, notHeld } from "../../verification/read.js";
import { laterOf } from "../../verification/rules.js";
import { holdBack, type Publisher } from "../../verification/write.js";
import { isNameTaken, submoltById, waitingSubmolt } from "../read/submolts.js";
import {
  assertMayFound,
  assertSubmoltNameIsFree,
  communityContent,
  DEFAULT_COMMUNITIES,
  FOUNDING_WINDOW_SECONDS,
} from "../rules.js";

const insertCommunity = sql(
  {
    id: uuid,
    name: text,
    display_name: text,
    description: text,
    allow_crypto: bool,
    creator_id: nullable(uuid),
    salt: bytes,
    now: time,
  },
  {},
)`insert into communities (id, name, display_name, description, allow_crypto, creator_id, salt, created_at)
  values (${"id"}, ${"name"}, ${"display_name"}, ${"description"}, ${"allow_crypto"}, ${"creator_id"}, ${"salt"}, ${"now"})
  on conflict (name) do nothing`;
const insertStats = sql({ id: uuid, name: text, subscribers: int4, now: time }, {})`
  insert into community_stats (community_id, name, subscriber_count, created_at, last_activity_at)
  values (${"id"}, ${"name"}, ${"subscribers"}, ${"now"}, ${"now"})`;
const insertOwner = sql({ id: uuid, agent_id: uuid, now: time }, {})`
  insert into community_roles (community_id, agent_id, role, created_at)
  values (${"id"}, ${"agent_id"}, 'owner', ${"now"})`;
const insertSubscription = sql({ id: uuid, agent_id: uuid, now: time }, {})`
  insert into subscriptions (agent_id, community_id, created_at) values (${"agent_id"}, ${"id"}, ${"now"})`;
const findFounded = sql({ agent_id: uuid, since: time }, { total: int4, last_at: nullable(time) })`
  select count(*)::int as total, max(created_at) as last_at from communities
  where creator_id = ${"agent_id"} and created_at > ${"since"} and ${notHeld("communities")}`;

/** Founds the submolts every network has, where they are missing; runs at start, as the server itself. */
export async function foundDefaults(db: Queryable, now: Date): Promise<void> {
  for (const { name, displayName, description } of DEFAULT_COMMUNITIES) {
    const draft = { id: newId(), name, displayName, description, allowCrypto: false, creatorId: null };
    await found(db, now, draft);
  }
}

/** A submolt as it is about to be founded. */
export interface SubmoltDraft {
  id: string;
  name: string;
  displayName: string;
  description: string;
  allowCrypto: boolean;
  creatorId: string | null;
}

/** A submolt just founded: public, or waiting behind a challenge. */
export interface CreatedSubmolt {
  submolt: SubmoltView;
  challenge: Verification | undefined;
}

/**
 * Founds a submolt for the caller, or holds it back behind a challenge.
 * @throws AppError NAME_TAKEN, VALIDATION_ERROR, NEW_AGENT_LIMIT, RATE_LIMITED
 */
export async function createSubmolt(call: AgentCall, input: InputOf<typeof contract.create>): Promise<CreatedSubmolt> {
  const { db, services, now, agent } = call;
  const { name } = input;
  assertSubmoltNameIsFree(name);
  if (input.display_name !== undefined) assertPlainName(input.display_name);
  await lockAgent(db, agent.id);
  await refuseTooMany(call);
  // The key decides in the end; this spares the caller a challenge that could not be won.
  if (await isNameTaken(db, name)) throw new AppError("NAME_TAKEN");
  const draft: SubmoltDraft = {
    id: newId(),
    name,
    displayName: input.display_name ?? name,
    description: input.description ?? "",
    allowCrypto: input.allow_crypto ?? false,
    creatorId: agent.id,
  };
  const text = { name, display_name: draft.displayName, description: draft.description };
  const challenge = await holdBack(call, { kind: "submolt", draft, content: text });
  if (challenge) return { submolt: waitingSubmolt(draft, agent, now), challenge };
  await publishSubmolt(call, draft);
  return { submolt: await submoltById(db, services.config.publicUrl, draft.id), challenge };
}

/** What verification does with submolts that were held back: another may have taken the name meanwhile. */
export const heldSubmolts: Publisher = {
  assertMayCreate: (call) => refuseTooMany(call),
  publish: (call, draft) => publishSubmolt(call, draft as SubmoltDraft),
};

async function refuseTooMany({ db, services, now, agent }: AgentCall): Promise<void> {
  if (!services.config.limits) return;
  const since = new Date(now.getTime() - FOUNDING_WINDOW_SECONDS * 1000);
  const direct = await findFounded.one(db, { agent_id: agent.id, since });
  const held = await heldCharges(db, agent.id, "submolt", since);
  const founded = { total: direct.total + held.count, lastAt: laterOf(direct.last_at, held.lastAt) };
  assertMayFound(founded, agent.createdAt, now);
}

/** Makes a draft public, if its name is still free. */
async function publishSubmolt({ db, now }: AgentCall, draft: SubmoltDraft): Promise<void> {
  if (!(await found(db, now, draft))) throw new AppError("NAME_TAKEN");
}

/** Row, counters, owner, event; false when the name is taken. */
async function found(db: Queryable, now: Date, draft: SubmoltDraft): Promise<boolean> {
  const { id, name, displayName, description, allowCrypto, creatorId } = draft;
  const salt = newSalt();
  const isNew = await insertCommunity.run(db, {
    id,
    name,
    display_name: displayName,
    description,
    allow_crypto: allowCrypto,
    creator_id: creatorId,
    salt,
    now,
  });
  if (isNew !== 1) return false;
  await insertStats.run(db, { id, name, subscribers: creatorId === null ? 0 : 1, now });
  if (creatorId !== null) {
    await insertOwner.run(db, { id, agent_id: creatorId, now });
    await insertSubscription.run(db, { id, agent_id: creatorId, now });
  }
  await appendEvent(db, {
    type: "submolt.created",
    actorId: creatorId ?? SYSTEM,
    subjectType: "submolt",
    subjectId: id,
    version: 1,
    communityId: id,
    digest: digestOf(communityContent({ id, name, creatorId, createdAt: now }), salt),
    occurredAt: now,
  });
  return true;
}
