/** The private record of acts that somebody must answer for. Append-only: no login of the server can change or delete it. */
import { jsonb, nullable, type Queryable, sql, text, time, uuid } from "../platform/db.js";
import { newId } from "../platform/ids.js";

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

/** Records an act in the transaction that does it, so that neither is there without the other. */
export async function record(tx: Queryable, { by, act, target, facts, at }: AuditEntry): Promise<void> {
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
}
