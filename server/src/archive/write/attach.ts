/** Labels put on what is imported. A label or target that is not here makes no attachment. */
import { jsonb, type Queryable, sql, text } from "../../platform/db.js";
import type { AttachmentLine } from "../rules/lines.js";

const insertAttachments = sql({ rows: jsonb, target_type: text }, {})`
  insert into label_attachments (id, label_id, target_type, target_id, placement, created_at)
  select r.id, r.label_id, ${"target_type"}, r.target_id, r.placement, r.created_at
  from json_to_recordset(${"rows"}::json) as r(id uuid, label_id uuid, target_id uuid, placement text, created_at timestamptz)
  join labels l on l.id = r.label_id and (l.kind = 'role') = (${"target_type"} = 'agent')
  where ${"target_type"} = 'post' or exists (select from agents a where a.id = r.target_id and a.deleted_at is null)
  on conflict do nothing`;

/** Attaches labels in the caller's transaction; an undefined target is one that is not here. */
export async function attach(
  tx: Queryable,
  target: "post" | "agent",
  attachments: readonly (AttachmentLine & { labelId: string; targetId: string | undefined })[],
): Promise<void> {
  const rows = attachments.flatMap(({ id, labelId, targetId, placement, createdAt }) =>
    targetId === undefined ? [] : { id, label_id: labelId, target_id: targetId, placement, created_at: createdAt },
  );
  if (rows.length > 0) await insertAttachments.run(tx, { rows: JSON.stringify(rows), target_type: target });
}
