/** The history of an import: one event per item, by the server, numbered and placed in bulk without gaps. */
import { placeAlone } from "../../platform/background.js";
import { int8, jsonb, type Queryable, sql, time, uuid } from "../../platform/db.js";
import { newId } from "../../platform/ids.js";
import { SYSTEM } from "../../platform/transaction.js";
import type { ItemKind } from "../rules/lines.js";

const insertEvents = sql({ rows: jsonb, actor_id: uuid, added: int8, recorded_at: time }, {})`
  with last as (update agent_seq set seq = seq + ${"added"}::bigint where agent_id = ${"actor_id"} returning seq),
    top as (select coalesce(max(position), 0) as position from events)
  insert into events (id, position, type, actor_id, seq, subject_type, subject_id, version, post_id, community_id, facts,
    digest, occurred_at, recorded_at)
  select r.event_id, top.position + r.n, r.type, ${"actor_id"}, last.seq - ${"added"}::bigint + r.n, r.kind, r.id, r.version, r.post_id,
    r.community_id, jsonb_build_object('author_id', r.author_id), decode(r.digest, 'hex'), r.occurred_at, ${"recorded_at"}
  from last, top, json_to_recordset(${"rows"}::json) as r(event_id uuid, n bigint, type text, kind text, id uuid, version integer,
    post_id uuid, community_id uuid, author_id uuid, digest text, occurred_at timestamptz)`;

/** An item that was imported. */
export interface Imported {
  kind: ItemKind;
  id: string;
  /** Who wrote it; of an agent the agent itself. */
  authorId: string | null;
  postId?: string;
  communityId?: string;
  /** The version the digest covers; the first unless the item was edited where it comes from. */
  version?: number;
  /** SHA-256 in hex. */
  digest: string;
  occurredAt: Date;
}

/** Records what was imported. Call it last: nobody else places or numbers events of the server until commit. */
export async function recordImports(tx: Queryable, items: readonly Imported[]): Promise<void> {
  if (items.length === 0) return;
  const rows = items.map(({ kind, id, authorId, postId, communityId, version, digest, occurredAt }, index) => ({
    event_id: newId(),
    n: index + 1,
    type: `${kind}.imported`,
    kind,
    id,
    version: version ?? 1,
    post_id: postId ?? null,
    community_id: communityId ?? null,
    author_id: authorId,
    digest,
    occurred_at: occurredAt,
  }));
  await placeAlone(tx);
  const written = await insertEvents.run(tx, {
    rows: JSON.stringify(rows),
    actor_id: SYSTEM,
    added: rows.length,
    recorded_at: new Date(),
  });
  if (written !== rows.length) throw new Error(`${written} events were written for ${rows.length} items`);
}
