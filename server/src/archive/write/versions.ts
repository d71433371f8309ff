/** Earlier versions of imported texts. Their events stay with the network they come from; what they said can be read here. */
import { jsonb, type Queryable, sql } from "../../platform/db.js";
import { newSalt } from "../../platform/digest.js";
import type { ItemKind, VersionLine } from "../rules/lines.js";

const insertVersions = {
  post: sql({ rows: jsonb }, {})`
    insert into post_revisions (post_id, version, title, content, salt, written_at)
    select r.id, r.version, r.title, r.content, decode(r.salt, 'hex'), r.written_at
    from json_to_recordset(${"rows"}::json) as r(id uuid, version integer, title text, content text, salt text,
      written_at timestamptz)`,
  comment: sql({ rows: jsonb }, {})`
    insert into comment_revisions (comment_id, version, content, salt, written_at)
    select r.id, r.version, coalesce(r.content, ''), decode(r.salt, 'hex'), r.written_at
    from json_to_recordset(${"rows"}::json) as r(id uuid, version integer, content text, salt text, written_at timestamptz)`,
};

/** Keeps the earlier versions of posts or comments that were just imported. */
export async function keepVersions(
  tx: Queryable,
  kind: Extract<ItemKind, "post" | "comment">,
  items: readonly { id: string; versions: readonly VersionLine[] }[],
): Promise<void> {
  const rows = items.flatMap(({ id, versions }) =>
    versions.map(({ writtenAt, salt, ...version }) => ({
      id,
      ...version,
      salt: salt ?? newSalt().toString("hex"),
      written_at: writtenAt,
    })),
  );
  if (rows.length > 0) await insertVersions[kind].run(tx, { rows: JSON.stringify(rows) });
}
