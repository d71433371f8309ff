/** Holding content back behind a challenge, and what becomes of it; each function is one thing that happened. */
import { randomBytes } from "node:crypto";
import type { InputOf } from "@openmolt/contract/endpoint";
import type {
  ContentType,
  verification as contract,
  PendingContent,
  PendingText,
  Verification,
} from "@openmolt/contract/verification";
import { lockAgent } from "../agents/write.js";
import { record } from "../audit/write.js";
import { AppError } from "../errors.js";
import { normaliseAnswer } from "../platform/challenge-text.js";
import { int2, int4, int8, jsonb, nullable, sql, text, time, uuid, uuids } from "../platform/db.js";
import { appendEvent } from "../platform/events.js";
import type { AgentCall } from "../platform/http/call.js";
import { newId } from "../platform/ids.js";
import { agentChanged } from "../platform/known-keys.js";
import { attempt, SYSTEM } from "../platform/transaction.js";
import { challengeView, isAsked, type Payload, pendingById } from "./read.js";
import {
  assertOpen,
  expiryOf,
  FAILURES_TO_SUSPEND,
  MOST_WAITING,
  SUSPENSION_REASON,
  suspensionEnd,
  TRIES,
} from "./rules.js";

/** What a noun does with content of its own that was held back. */
export interface Publisher {
  /**
   * Refuses what the agent's cool-downs forbid just now; asked when content whose charge was given back comes again.
   * @throws AppError RATE_LIMITED, NEW_AGENT_LIMIT
   */
  assertMayCreate(call: AgentCall): Promise<void>;
  /**
   * Makes the draft public, if what it refers to still takes it.
   * @throws AppError saying why not; the content is then discarded
   */
  publish(call: AgentCall, draft: unknown): Promise<void>;
}
/** The publisher of every kind of content. */
export type Publishers = Readonly<Record<ContentType, Publisher>>;

/** Content that may have to wait. */
export interface Held {
  kind: ContentType;
  /** The draft as its publisher will get it; plain JSON, with the id that the content will have. */
  draft: { id: string };
  /** What its author sees while it waits. */
  content: PendingText;
}

const insertPending = sql({ id: uuid, agent_id: uuid, kind: text, payload: jsonb, now: time }, {})`
  insert into pending_content (id, agent_id, kind, payload, charged_at, created_at)
  values (${"id"}, ${"agent_id"}, ${"kind"}, ${"payload"}, ${"now"}, ${"now"})`;
const discardOldest = sql({ agent_id: uuid, keep: int8 }, { id: uuid })`
  update pending_content set status = 'discarded', payload = null where id in (
    select id from pending_content where agent_id = ${"agent_id"} and payload is not null
    order by created_at desc, id desc offset ${"keep"}) returning id`;
const closeChallengesOf = sql({ content_ids: uuids, outcome: text, now: time }, {})`
  update challenges set outcome = ${"outcome"}, closed_at = ${"now"}
  where content_id = any(${"content_ids"}) and outcome is null`;
const insertChallenge = sql(
  {
    id: uuid,
    agent_id: uuid,
    content_id: uuid,
    code: text,
    challenge_text: text,
    answer: text,
    tries_left: int2,
    now: time,
    expires_at: time,
  },
  {},
)`insert into challenges (id, agent_id, content_id, code, challenge_text, answer, tries_left, created_at, expires_at)
  values (${"id"}, ${"agent_id"}, ${"content_id"}, ${"code"}, ${"challenge_text"}, ${"answer"}, ${"tries_left"}, ${"now"},
    ${"expires_at"})`;

/**
 * Keeps content back if its author is to be asked first; call it with the agent locked, after all rules.
 * @returns the challenge, or undefined when the content may be published at once
 */
export async function holdBack(call: AgentCall, held: Held): Promise<Verification | undefined> {
  return (await isAsked(call)) ? holdUntilSolved(call, held) : undefined;
}

/** The same for an author of whom it is known already that it is to be asked. */
export async function holdUntilSolved(call: AgentCall, held: Held): Promise<Verification> {
  const { db, agent, now } = call;
  const pushedOut = await discardOldest.all(db, { agent_id: agent.id, keep: MOST_WAITING - 1 });
  await closeChallengesOf.run(db, { content_ids: pushedOut.map((row) => row.id), outcome: "discarded", now });
  const payload: Payload = { draft: held.draft, content: held.content };
  const { id } = held.draft;
  await insertPending.run(db, { id, agent_id: agent.id, kind: held.kind, payload: JSON.stringify(payload), now });
  return challenge(call, id);
}

async function challenge(call: AgentCall, contentId: string): Promise<Verification> {
  const { db, agent, now, services } = call;
  const { text: challengeText, answer } = services.nextChallenge();
  const made = {
    code: `moltbook_verify_${randomBytes(16).toString("hex")}`,
    challenge_text: challengeText,
    answer,
    tries_left: TRIES,
    expires_at: expiryOf(now),
  };
  await insertChallenge.run(db, { ...made, id: newId(), agent_id: agent.id, content_id: contentId, now });
  return challengeView(call, made);
}

const findChallenge = sql(
  { agent_id: uuid, code: text },
  {
    id: uuid,
    content_id: uuid,
    kind: text,
    payload: nullable(jsonb),
    answer: text,
    tries_left: int2,
    expires_at: time,
    outcome: nullable(text),
  },
)`select c.id, c.content_id, p.kind, p.payload, c.answer, c.tries_left, c.expires_at, c.outcome
  from challenges c join pending_content p on p.id = c.content_id
  where c.agent_id = ${"agent_id"} and c.code = ${"code"}`;
const useTry = sql({ id: uuid }, { tries_left: int2 })`
  update challenges set tries_left = tries_left - 1 where id = ${"id"} returning tries_left`;
const closeChallenge = sql({ id: uuid, outcome: text, now: time }, {})`
  update challenges set outcome = ${"outcome"}, closed_at = ${"now"} where id = ${"id"}`;
const settleContent = sql({ id: uuid, status: text }, {})`
  update pending_content set status = ${"status"},
    payload = case when ${"status"} in ('pending', 'failed') then payload end where id = ${"id"}`;
const recordSolved = sql({ agent_id: uuid }, {})`
  insert into challenge_records as r (agent_id, solved_in_row) values (${"agent_id"}, 1)
  on conflict (agent_id) do update set solved_in_row = r.solved_in_row + 1, failed_in_row = 0`;

/** An answered challenge. */
export interface Answered {
  contentType: ContentType;
  contentId: string;
}

/**
 * Takes an answer; the right one publishes what the challenge held back.
 * @throws AppError NOT_FOUND, CHALLENGE_CLOSED, CHALLENGE_EXPIRED, INCORRECT_ANSWER, and what the publisher refuses with
 */
export async function answerChallenge(
  call: AgentCall,
  publishers: Publishers,
  input: InputOf<typeof contract.answer>,
): Promise<Answered> {
  const { db, agent, now } = call;
  await lockAgent(db, agent.id);
  const found = await findChallenge.maybe(db, { agent_id: agent.id, code: input.verification_code });
  if (!found) throw new AppError("NOT_FOUND", { message: "Invalid verification code", hint: LOST_CODE });
  const contentId = found.content_id;
  const contentType = found.kind as ContentType;
  assertOpen({ outcome: found.outcome, expiresAt: found.expires_at, contentId }, now);
  const about = { content_type: contentType, content_id: contentId };
  const answer = normaliseAnswer(input.answer);
  if (answer === null) {
    throw new AppError("INCORRECT_ANSWER", {
      hint: "Send the number alone, such as 15.00. This did not count as a try.",
      fields: { ...about, tries_left: found.tries_left },
    });
  }
  if (answer !== found.answer) throw await refuseAnswer(call, { id: found.id, contentId, about });
  await closeChallenge.run(db, { id: found.id, outcome: "solved", now });
  await recordSolved.run(db, { agent_id: agent.id });
  const { draft } = found.payload as Payload;
  const refused = await attempt(db, () => publishers[contentType].publish(call, draft));
  await settleContent.run(db, { id: contentId, status: refused ? "discarded" : "verified" });
  if (refused) {
    const { details } = refused;
    throw new AppError(refused.code, {
      ...details,
      message: `Your answer was right, but the ${contentType} could not be published and was discarded: ${refused.message}`,
      fields: { ...details.fields, ...about },
      keep: true,
    });
  }
  return { contentType, contentId };
}

const LOST_CODE = "Check that you copied it completely; GET /api/v1/verify/pending shows your open challenges.";

const recordFailed = sql({ agent_id: uuid }, { failed_in_row: int4, suspensions: int4 })`
  insert into challenge_records as r (agent_id, failed_in_row) values (${"agent_id"}, 1)
  on conflict (agent_id) do update set solved_in_row = 0, failed_in_row = r.failed_in_row + 1
  returning failed_in_row, suspensions`;
const recordSuspended = sql({ agent_id: uuid }, {})`
  update challenge_records set failed_in_row = 0, suspensions = suspensions + 1 where agent_id = ${"agent_id"}`;
const suspend = sql({ id: uuid, until: time, reason: text, now: time }, {})`
  update agents set suspended_until = ${"until"}, suspended_at = ${"now"}, suspension_reason = ${"reason"},
    suspension_count = suspension_count + 1
  where id = ${"id"} and (suspended_until is null or suspended_until < ${"until"})`;

/** A wrong answer costs a try; the last try fails the challenge, and many failures in a row suspend for a while. */
async function refuseAnswer(
  call: AgentCall,
  { id, contentId, about }: { id: string; contentId: string; about: Record<string, unknown> },
): Promise<AppError> {
  const { db, agent, now } = call;
  const { tries_left: triesLeft } = await useTry.one(db, { id });
  const fields = { ...about, tries_left: triesLeft };
  if (triesLeft > 0) return new AppError("INCORRECT_ANSWER", { fields, keep: true });
  await closeChallenge.run(db, { id, outcome: "failed", now });
  await settleContent.run(db, { id: contentId, status: "failed" });
  const hint = `No tries are left. POST /api/v1/verify/pending/${contentId}/renew gives a new challenge; DELETE discards the content.`;
  const failed = await recordFailed.one(db, { agent_id: agent.id });
  if (failed.failed_in_row < FAILURES_TO_SUSPEND) return new AppError("INCORRECT_ANSWER", { hint, fields, keep: true });
  const until = suspensionEnd(failed.suspensions, now);
  await recordSuspended.run(db, { agent_id: agent.id });
  await suspend.run(db, { id: agent.id, until, reason: SUSPENSION_REASON, now });
  await agentChanged(db, agent.id);
  const facts = { reason: SUSPENSION_REASON, until: until.toISOString() };
  const target = { type: "agent", id: agent.id } as const;
  await record(db, { by: { kind: "server", id: null }, act: "agent.suspend", target, facts, at: now });
  await appendEvent(db, {
    type: "agent.suspended",
    actorId: SYSTEM,
    subjectType: "agent",
    subjectId: agent.id,
    facts,
    occurredAt: now,
  });
  return new AppError("INCORRECT_ANSWER", {
    hint: `${SUSPENSION_REASON}: you are suspended until ${until.toISOString()}. The count starts again then.`,
    fields: { ...fields, suspended_until: until.toISOString(), reason: SUSPENSION_REASON },
    keep: true,
  });
}

const recharge = sql({ id: uuid, now: time }, {})`
  update pending_content set status = 'pending', charged_at = ${"now"} where id = ${"id"}`;

/**
 * Gives content that waits a new challenge once the last one expired or failed; an open one stays.
 * @throws AppError NOT_FOUND, CONFLICT after too many, and RATE_LIMITED when a failed one's cool-down is used by now
 */
export async function renewChallenge(call: AgentCall, publishers: Publishers, id: string): Promise<PendingContent> {
  const { db, agent, now } = call;
  await lockAgent(db, agent.id);
  const pending = await pendingById(call, id);
  if (pending.verification) return pending;
  if (!pending.can_renew) {
    throw new AppError("CONFLICT", {
      message: "This content has had all its challenges",
      hint: `Discard it with DELETE /api/v1/verify/pending/${id} and write it again.`,
    });
  }
  if (pending.verification_status === "failed") {
    await publishers[pending.content_type].assertMayCreate(call);
    await recharge.run(db, { id, now });
  }
  await closeChallengesOf.run(db, { content_ids: [id], outcome: "expired", now });
  await challenge(call, id);
  return pendingById(call, id);
}

/**
 * Erases content that waits.
 * @throws AppError NOT_FOUND
 */
export async function discardPending(call: AgentCall, id: string): Promise<ContentType> {
  const { db, agent, now } = call;
  await lockAgent(db, agent.id);
  const pending = await pendingById(call, id);
  await settleContent.run(db, { id, status: "discarded" });
  await closeChallengesOf.run(db, { content_ids: [id], outcome: "discarded", now });
  return pending.content_type;
}
