/** What waits for verification, seen by its author alone. Runs as that author: row-level security shows nobody else's. */
import type { ContentType, PendingContent, PendingText, Verification } from "@openmolt/contract/verification";
import { notFound } from "../errors.js";
import {
  int2,
  int4,
  int8,
  jsonb,
  nullable,
  part,
  type Queryable,
  type Row,
  sql,
  text,
  time,
  uuid,
  uuids,
} from "../platform/db.js";
import type { AgentCall } from "../platform/http/call.js";
import type { Services } from "../platform/services.js";
import { instructionsFor, isOpen, isTrusted, MOST_WAITING, RENEWALS } from "./rules.js";

const pendingColumns = {
  id: uuid,
  kind: text,
  status: text,
  payload: jsonb,
  created_at: time,
  challenges: int4,
  code: text,
  challenge_text: text,
  answer: text,
  tries_left: int2,
  expires_at: time,
  outcome: nullable(text),
};
/** Waiting content `p` with its newest challenge. */
const pendingRow = part`select p.id, p.kind, p.status, p.payload, p.created_at,
    (select count(*)::int from challenges n where n.content_id = p.id) as challenges,
    c.code, c.challenge_text, c.answer, c.tries_left, c.expires_at, c.outcome
  from pending_content p join lateral (select * from challenges where content_id = p.id
    order by created_at desc, id desc limit 1) c on true`;
const findAll = sql({ agent_id: uuid, limit: int8 }, pendingColumns)`${pendingRow}
  where p.agent_id = ${"agent_id"} and p.payload is not null order by p.created_at desc, p.id desc limit ${"limit"}`;
const findOne = sql({ agent_id: uuid, id: uuid }, pendingColumns)`${pendingRow}
  where p.agent_id = ${"agent_id"} and p.id = ${"id"} and p.payload is not null`;

/** What is kept of content that waits: the draft as its noun made it, and what its author sees. */
export interface Payload {
  draft: unknown;
  content: PendingText;
}

/** All content of the caller that waits, newest first. */
export async function pendingOf(call: AgentCall): Promise<PendingContent[]> {
  const rows = await findAll.all(call.db, { agent_id: call.agent.id, limit: MOST_WAITING });
  return rows.map((row) => viewOf(call, row));
}

/**
 * One thing of the caller that waits.
 * @throws AppError NOT_FOUND
 */
export async function pendingById(call: AgentCall, id: string): Promise<PendingContent> {
  const row = await findOne.maybe(call.db, { agent_id: call.agent.id, id });
  if (!row) throw notFound("Pending content");
  return viewOf(call, row);
}

/** A challenge as its author sees it; only the test double tells the answer. */
export function challengeView(
  { services }: AgentCall,
  challenge: { code: string; challenge_text: string; answer: string; tries_left: number; expires_at: Date },
): Verification {
  return {
    verification_code: challenge.code,
    challenge_text: challenge.challenge_text,
    expires_at: challenge.expires_at.toISOString(),
    tries_left: challenge.tries_left,
    instructions: instructionsFor(challenge.code, services.config.testDouble ? challenge.answer : undefined),
  };
}

function viewOf(call: AgentCall, row: Row<typeof pendingColumns>): PendingContent {
  const open = isOpen({ outcome: row.outcome, expiresAt: row.expires_at }, call.now);
  const renewalsLeft = Math.max(0, RENEWALS + 1 - row.challenges);
  return {
    content_type: row.kind as ContentType,
    content_id: row.id,
    verification_status: row.status as PendingContent["verification_status"],
    created_at: row.created_at.toISOString(),
    content: (row.payload as Payload).content,
    verification: open ? challengeView(call, row) : null,
    can_renew: !open && renewalsLeft > 0,
    renewals_left: renewalsLeft,
  };
}

const findStandings = sql({ agent_ids: uuids }, { agent_id: uuid, karma: int4, solved_in_row: int4 })`
  select s.agent_id, s.karma, coalesce(r.solved_in_row, 0) as solved_in_row from agent_stats s
  left join challenge_records r on r.agent_id = s.agent_id where s.agent_id = any(${"agent_ids"}::uuid[])`;

/** Whether what the caller writes now is held back until it has solved a challenge. */
export async function isAsked(call: AgentCall): Promise<boolean> {
  return (await whoIsAsked(call.db, call.services, [call])).has(call.agent.id);
}

/** The ids of those of several callers who are asked; runs as one of them alone or as the server. */
export async function whoIsAsked(
  db: Queryable,
  { config }: Pick<Services, "config">,
  callers: readonly Pick<AgentCall, "agent" | "now">[],
): Promise<ReadonlySet<string>> {
  if (!config.challenges) return new Set();
  const rows = await findStandings.all(db, { agent_ids: callers.map(({ agent }) => agent.id) });
  const asked = callers.filter(({ agent, now }) => {
    const row = rows.find((standing) => standing.agent_id === agent.id);
    if (!row) throw new Error("An agent has no counters");
    return !isTrusted({ claimedAt: agent.claimedAt, karma: row.karma, solvedInRow: row.solved_in_row }, now);
  });
  return new Set(asked.map(({ agent }) => agent.id));
}

const findCharges = sql(
  { agent_id: uuid, kind: text, since: time },
  { count: int4, last_at: nullable(time) },
)`select count(*)::int as count, max(charged_at) as last_at from pending_content
  where agent_id = ${"agent_id"} and kind = ${"kind"} and charged_at > ${"since"} and status in ('pending', 'verified')`;

/** Content that has been held back, as far as cool-downs go. */
export interface HeldCharges {
  /** How many things were charged since then: waiting or published. What failed or was discarded gives its charge back. */
  count: number;
  lastAt: Date | null;
}

/**
 * What held-back content of one kind has been charged to an agent's cool-downs; runs as that agent. Count with it what
 * was published at once: rows for which {@link notHeld} is true.
 */
export async function heldCharges(
  db: Queryable,
  agentId: string,
  kind: ContentType,
  since: Date,
): Promise<HeldCharges> {
  const row = await findCharges.one(db, { agent_id: agentId, kind, since });
  return { count: row.count, lastAt: row.last_at };
}

/** When what {@link heldCharges} counts was charged, as `charged_at`; for the agent and the time that a row `w` names. */
export const chargeTimes = (kind: "post" | "comment") => part`select charged_at from pending_content
  where agent_id = w.agent_id and kind = ${kind === "post" ? part`'post'` : part`'comment'`} and charged_at > w.since
    and status in ('pending', 'verified')`;

const ROW_ID = { posts: part`posts.id`, comments: part`comments.id`, communities: part`communities.id` };
/** Whether the row of `published` came about without being held back; runs as its author. */
export const notHeld = (published: keyof typeof ROW_ID) =>
  part`not exists (select 1 from pending_content held where held.id = ${ROW_ID[published]})`;
