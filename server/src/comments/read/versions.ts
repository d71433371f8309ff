/** The versions of a comment as people compare them: all by their times, the texts of two. */
import { notFound } from "../../errors.js";
import { bool, bytes, int4, nullable, sql, text, time, uuid } from "../../platform/db.js";
import type { Call } from "../../platform/http/call.js";
import { type Compared, versionLine } from "../../posts/read/versions.js";
import { type CommentLine, commentLine } from "./comment.js";

const findVersions = sql(
  { id: uuid, version: nullable(int4) },
  { version: int4, written_at: time, digest: nullable(bytes), is_asked: bool, content: nullable(text) },
)`select v.version, v.written_at, e.digest, v.version = w.asked as is_asked, t.content
  from comments c
  cross join lateral (select coalesce(${"version"}::int, c.version) as asked) w
  cross join lateral (select version, content, written_at from comment_revisions where comment_id = c.id
    union all select c.version, c.content, coalesce(c.edited_at, c.created_at)) v
  left join lateral (select v.content) t on v.version in (w.asked, w.asked - 1)
  left join lateral (select digest from events where subject_id = c.id and version = v.version
    and type in ('comment.created', 'comment.edited') limit 1) e on true
  where c.id = ${"id"} and c.deleted_at is null order by v.version`;

/**
 * A version of a comment and the one before, and the comment in its line.
 * @param version undefined stands for the present one
 * @throws AppError NOT_FOUND, GONE
 */
export async function commentVersions(
  call: Call,
  id: string,
  version?: number,
): Promise<CommentLine & { compared: Compared<string> }> {
  const line = await commentLine(call, id);
  const rows = await findVersions.all(call.db, { id, version: version ?? null });
  const index = rows.findIndex((row) => row.is_asked);
  const asked = rows[index];
  if (asked === undefined) throw notFound("Version");
  const compared = {
    versions: rows.map(versionLine),
    version: asked.version,
    shown: asked.content ?? "",
    before: index === 0 ? undefined : (rows[index - 1]?.content ?? ""),
  };
  return { ...line, compared };
}
