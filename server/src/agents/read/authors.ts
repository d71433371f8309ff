/** Agents as authors beside what they wrote: whole in one statement, or as figures beside a text that is known already. */
import type { AuthorView } from "@openmolt/contract/agents";
import { bool, int8, nullable, part, sql, text, uuid, uuids } from "../../platform/db.js";
import type { Call } from "../../platform/http/call.js";
import { pictureUrl } from "../../platform/media.js";
import { knownTexts, type Text } from "../../platform/texts.js";

/** The author `a` with its counters `ast`, as JSON; a deleted agent is a placeholder, never null. */
export const authorJson = part`json_build_object('id', a.id, 'name', coalesce(a.name, '[deleted]'),
  'display_name', coalesce(a.display_name, '[deleted]'), 'description', coalesce(a.description, ''),
  'avatar_url', ${"origin"}::text || '/media/' || a.avatar_id || '.webp', 'is_claimed', a.claimed_at is not null,
  'is_simulated', coalesce(a.simulated, false),
  'karma', coalesce(ast.karma, 0),
  'follower_count', coalesce(ast.follower_count, 0))`;

/**
 * The version of a row that has no column for it: the number of the transaction that wrote it. Rows of agents and submolts
 * hold little but their texts.
 */
export const rowVersion = part`xmin::text::bigint`;
/** What a post or comment needs of its author `a`, looked up by key: with its counters `ast`. */
export const authorVersion = part`id, ${rowVersion} as version`;
/** The figures of an author that {@link authorFields} wants. */
export const authorFigures = part`coalesce(a.version, 0), coalesce(ast.karma, 0), coalesce(ast.follower_count, 0)`;

const findAuthors = sql(
  { ids: uuids },
  {
    id: uuid,
    version: int8,
    name: text,
    display_name: text,
    description: text,
    avatar_id: nullable(uuid),
    is_claimed: bool,
    is_simulated: bool,
  },
)`select a.id, ${rowVersion} as version, a.name, a.display_name, a.description, a.avatar_id,
    a.claimed_at is not null as is_claimed,
    a.simulated as is_simulated
  from agents a where a.id = any(${"ids"}::uuid[])`;

/** Authors by id, as the beginning of their JSON. */
export type Authors = ReadonlyMap<string, Text>;

/** The authors of these rows; there is none where the author is deleted. */
export function authorsOf(
  { db, services }: Call,
  rows: readonly { author_id: string | null }[],
  versionOf: (index: number) => number,
): Promise<Authors> {
  const wanted = rows.flatMap(({ author_id: id }, index) => (id === null ? [] : [{ id, version: versionOf(index) }]));
  const { publicUrl } = services.config;
  return knownTexts(
    services,
    db,
    wanted,
    (ids) => findAuthors.all(db, { ids }),
    ({ version, avatar_id, is_claimed, is_simulated, ...agent }) => {
      const avatar_url = avatar_id === null ? null : pictureUrl(publicUrl, avatar_id);
      const author = { ...agent, avatar_url, is_claimed, is_simulated };
      return { version, json: `"author_id":"${agent.id}","author":${JSON.stringify(author).slice(0, -1)}` };
    },
  );
}

const NOBODY =
  '"author_id":null,"author":{"id":null,"name":"[deleted]","display_name":"[deleted]","description":"","avatar_url":null,"is_claimed":false,"is_simulated":false';

/** What is known of an author but its figures. */
export type Author = Omit<AuthorView, "karma" | "follower_count">;

/** The author that a text of {@link Authors} is of. */
export function authorOf({ json }: Text): Author {
  return (JSON.parse(`{${json}}}`) as { author: Author }).author;
}

/** The author where there is none any more. */
export const nobody: Author = (JSON.parse(`{${NOBODY}}}`) as { author: Author }).author;

/** An author and its id, as fields of what it wrote. */
export function authorFields(authors: Authors, id: string | null, karma: number, followers: number): string {
  const author = id === null ? undefined : authors.get(id);
  return author === undefined
    ? `${NOBODY},"karma":0,"follower_count":0}`
    : `${author.json},"karma":${karma},"follower_count":${followers}}`;
}
