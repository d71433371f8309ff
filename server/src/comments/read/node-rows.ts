/** What statements tell of the comments of a page, as one row for each comment with those that answer it. */
import {
  type Fragment,
  int4Rows,
  int4s,
  nullable,
  nullableInt4s,
  nullableTexts,
  nullableUuids,
  type Queryable,
  type Row,
  type SqlType,
  sql,
  uuids,
  xids,
} from "../../platform/db.js";

/** Figures of a comment; `above` is the place of what it answers among those of the level above, from 1. */
type Figures = [
  level: number,
  above: number,
  rank: number,
  children: number,
  isVisible: number,
  upvotes: number,
  downvotes: number,
  score: number,
  replies: number,
];

/** One page in lists: comments, those of them that were edited or removed, and authors who are still there. */
export const nodeColumns = {
  comments: nullable(uuids),
  authors: nullable(nullableUuids),
  counters: nullable(int4Rows<Figures>()),
  changed: nullable(uuids),
  versions: nullable(int4s),
  reasons: nullable(nullableTexts),
  agents: nullable(uuids),
  agent_versions: nullable(xids),
  karma: nullable(nullableInt4s),
  followers: nullable(nullableInt4s),
};

/** One comment of a page, but for its text. */
export interface NodeRow {
  id: string;
  author_id: string | null;
  removed_reason: string | null;
  /** 0 for the first level of the page. */
  level: number;
  rank: number;
  /** Rows below it, on this page or not, and the visible ones of them. */
  children: number;
  replyCount: number;
  isVisible: boolean;
  upvotes: number;
  downvotes: number;
  score: number;
  version: number;
  authorVersion: number;
  karma: number;
  followers: number;
  /** Those on this page that answer it. */
  replies: NodeRow[];
}

type Known = Pick<NodeRow, "id" | "author_id" | "removed_reason" | "version" | "authorVersion" | "karma" | "followers">;

/** A comment of these figures, nothing below it yet. Written out: spreading objects into it cost ten times as much. */
export function nodeOf(known: Known, figures: Figures): NodeRow {
  const [level, , rank, children, isVisible, upvotes, downvotes, score, replyCount] = figures;
  return {
    id: known.id,
    author_id: known.author_id,
    removed_reason: known.removed_reason,
    level,
    rank,
    children,
    replyCount,
    isVisible: isVisible === 1,
    upvotes,
    downvotes,
    score,
    version: known.version,
    authorVersion: known.authorVersion,
    karma: known.karma,
    followers: known.followers,
    replies: [],
  };
}

/** The comments that stand in such lists, parents before what answers them. */
export function nodesIn(lists: Row<typeof nodeColumns>): NodeRow[] {
  const { comments, authors, counters, changed, versions, reasons, agents, agent_versions, karma, followers } = lists;
  const places = new Map(agents?.map((id, place) => [id, place]));
  const changes = new Map(changed?.map((id, place) => [id, place]));
  const rows: NodeRow[] = [];
  const levels: NodeRow[][] = [];
  for (const [index, id] of (comments ?? []).entries()) {
    const own = counters?.[index];
    if (own === undefined) throw new Error(`Comment ${id} has no figures`);
    const [level, above] = own;
    const change = changes.get(id) ?? -1;
    const removed_reason = reasons?.[change] ?? null;
    // Of what is deleted nobody is shown as the author, of what was removed whoever wrote it.
    const authorId = own[4] === 1 || removed_reason !== null ? (authors?.[index] ?? null) : null;
    const place = authorId === null ? undefined : places.get(authorId);
    const row = nodeOf(
      {
        id,
        author_id: place === undefined ? null : authorId,
        removed_reason,
        version: versions?.[change] ?? 1,
        authorVersion: agent_versions?.[place ?? -1] ?? 0,
        karma: karma?.[place ?? -1] ?? 0,
        followers: followers?.[place ?? -1] ?? 0,
      },
      own,
    );
    rows.push(row);
    if (level < 0) continue;
    levels[level] ??= [];
    levels[level].push(row);
    if (level > 0) levels[level - 1]?.[above - 1]?.replies.push(row);
  }
  return rows;
}

/** A statement for comments of a page alone. */
export function nodeStatement<P extends Record<string, SqlType<unknown>>>(types: P, rows: Fragment) {
  const statement = sql(types, nodeColumns)`${rows}`;
  return { all: async (db: Queryable, values: Row<P>) => nodesIn(await statement.one(db, values)) };
}
