/** The versions of a post as people compare them: all by their times, the texts of two. */
import { gone, notFound } from "../../errors.js";
import { bool, bytes, int4, nullable, type Queryable, sql, text, time, uuid } from "../../platform/db.js";

/** One version of a text, without it. */
export interface VersionLine {
  version: number;
  written_at: string;
  /** What the public history says of it: SHA-256 in hex; null where it was imported. */
  digest: string | null;
}

/** A version of a post. */
export interface PostText {
  title: string;
  content: string | null;
}

/** A version beside the one before it. */
export interface Compared<T> {
  /** All versions, oldest first. */
  versions: VersionLine[];
  /** The one that is looked at. */
  version: number;
  shown: T;
  /** Undefined for the first. */
  before: T | undefined;
}

const findVersions = sql(
  { id: uuid, version: nullable(int4) },
  {
    version: int4,
    written_at: time,
    digest: nullable(bytes),
    is_asked: bool,
    title: nullable(text),
    content: nullable(text),
    deleted_at: nullable(time),
    removed_reason: nullable(text),
  },
)`select v.version, v.written_at, e.digest, v.version = w.asked as is_asked, t.title, t.content, p.deleted_at, p.removed_reason
  from posts p
  cross join lateral (select coalesce(${"version"}::int, p.version) as asked) w
  cross join lateral (select version, title, content, written_at from post_revisions where post_id = p.id
    union all select p.version, p.title, p.content, coalesce(p.edited_at, p.created_at)) v
  left join lateral (select v.title, v.content) t on v.version in (w.asked, w.asked - 1)
  left join lateral (select digest from events where subject_id = p.id and version = v.version
    and type in ('post.created', 'post.edited') limit 1) e on true
  where p.id = ${"id"} order by v.version`;

/**
 * A version of a post and the one before.
 * @param version undefined stands for the present one
 * @throws AppError NOT_FOUND, GONE
 */
export async function postVersions(db: Queryable, id: string, version?: number): Promise<Compared<PostText>> {
  const rows = await findVersions.all(db, { id, version: version ?? null });
  if (rows[0]?.deleted_at) throw gone("post", rows[0].removed_reason);
  const index = rows.findIndex((row) => row.is_asked);
  const asked = rows[index];
  if (asked === undefined) throw notFound("Version");
  const textOf = ({ title, content }: (typeof rows)[number]) => ({ title: title ?? "", content });
  const before = rows[index - 1];
  return {
    versions: rows.map(versionLine),
    version: asked.version,
    shown: textOf(asked),
    before: before && textOf(before),
  };
}

/** A row as a version. */
export function versionLine(row: { version: number; written_at: Date; digest: Buffer | null }): VersionLine {
  return {
    version: row.version,
    written_at: row.written_at.toISOString(),
    digest: row.digest?.toString("hex") ?? null,
  };
}
