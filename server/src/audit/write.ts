/**
 * The private record of acts that somebody must answer for. Append-only: no login of the server can change or delete it.
 * Acts about agents and their owners are in the ledger of those owners too, from the moment they are committed.
 */
import { jsonb, nullable, type Queryable, sql, text, time, uuid } from "../platform/db.js";
import { newId } from "../platform/ids.js";
import { appendToLedger, dropLedgerMonths, forgetInLedger, monthOf } from "../platform/ledger/chain.js";
import type { Services } from "../platform/services.js";
import { SYSTEM, transaction } from "../platform/transaction.js";

const DAY_MS = 86_400_000;

/** Somebody who acted. The server itself has no id. */
export interface AuditActor {
  kind: "agent" | "owner" | "operator" | "server";
  id: string | null;
}

/** One act. */
export interface AuditEntry {
  by: AuditActor;
  /** What was done, as `noun.verb`: `agent.suspend`. */
  act: string;
  target?: { type: "agent" | "submolt" | "post" | "comment" | "label" | "owner" | "organisation"; id: string };
  /** What the act changed, in small facts: never secrets, addresses or the text of content. */
  facts?: Record<string, unknown>;
  at: Date;
}

const insertEntry = sql(
  {
    id: uuid,
    actor_kind: text,
    actor_id: nullable(uuid),
    act: text,
    target_type: nullable(text),
    target_id: nullable(uuid),
    facts: jsonb,
    at: time,
  },
  {},
)`insert into audit_log (id, actor_kind, actor_id, act, target_type, target_id, facts, at)
  values (${"id"}, ${"actor_kind"}, ${"actor_id"}, ${"act"}, ${"target_type"}, ${"target_id"}, ${"facts"}, ${"at"})`;

const findOwner = sql({ agent_id: uuid }, { owner_id: nullable(uuid) })`
  select owner_id from agents where id = ${"agent_id"}`;

/** Records an act in the transaction that does it, so that neither is there without the other. */
export async function record(tx: Queryable, entry: AuditEntry): Promise<void> {
  const { by, act, target, facts, at } = entry;
  await insertEntry.run(tx, {
    id: newId(),
    actor_kind: by.kind,
    actor_id: by.id,
    act,
    target_type: target?.type ?? null,
    target_id: target?.id ?? null,
    facts: JSON.stringify(facts ?? {}),
    at,
  });
  const subjects = await subjectsOf(tx, entry);
  const lines = JSON.stringify({
    at,
    act,
    by: by.kind,
    by_id: by.id,
    ...(target ? { target } : {}),
    ...(facts ? { facts } : {}),
  });
  const row = { month: monthOf(at), from: at, until: at, lines };
  if (subjects.length > 0) {
    await appendToLedger(
      tx,
      subjects.map((subjectId) => ({ ...row, subjectId })),
    );
  }
}

/**
 * Whose ledger tells of an act: of the owner who acts, of the owner of the agent it is about, else the server's own. What
 * agents do to others is public history.
 */
async function subjectsOf(tx: Queryable, { by, target }: AuditEntry): Promise<string[]> {
  if (by.kind === "agent" && by.id !== target?.id) return [];
  const subjects = new Set<string>();
  if (by.kind === "owner" && by.id !== null) subjects.add(by.id);
  if (target?.type === "owner") subjects.add(target.id);
  if (target?.type === "agent")
    subjects.add((await findOwner.maybe(tx, { agent_id: target.id }))?.owner_id ?? target.id);
  if (subjects.size === 0) subjects.add(SYSTEM);
  return [...subjects];
}

/** Those who are gone: what was noted of them a moment before came after they were forgotten. */
const findStrays = sql({ system: uuid }, { subject_id: uuid })`
  select distinct h.subject_id from access_ledger_heads h where h.subject_id <> ${"system"}
    and not exists (select from owners o where o.id = h.subject_id)
    and not exists (select from agents a where a.id = h.subject_id and a.deleted_at is null)`;

/** Drops the months of the ledger that have been kept long enough, and what is left of those who were erased. */
export async function sweepLedger({ app, clock, config }: Services): Promise<void> {
  await dropLedgerMonths(app, new Date(clock.now().getTime() - config.ledgerDays * DAY_MS));
  await transaction(app, { actor: SYSTEM }, async (tx) => {
    for (const { subject_id: id } of await findStrays.all(tx, { system: SYSTEM })) await forgetInLedger(tx, id);
  });
}
