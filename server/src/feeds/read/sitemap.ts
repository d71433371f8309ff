/**
 * Everything that has a page, oldest first, in parts for search engines. A part begins behind a place in the order of
 * creation; what is new goes to the end, so the others stay as they are.
 */
import { nullable, part, type Queryable, type Statement, sql, text, time, uuid } from "../../platform/db.js";

/** Pages in one part: few enough that a part costs no more than a few pages do. Limits of statements are literals. */
const PART = { all: part`limit 5000`, last: part`offset 4999 limit 1` };
/** Parts that are looked for at once; a network with more gets the rest with the next look. */
const MOST_STEPS = 1_000;
/** Milliseconds after which the places are looked for anew: imports and deletions shift them. */
const ANEW_MS = 3_600_000;

/** A place in the order: behind what was created at this time with this id. */
export interface Place {
  at: Date;
  id: string;
}

/** Before everything. */
export const BEGINNING: Place = { at: new Date(0), id: "00000000-0000-0000-0000-000000000000" };

const after = { after: time, after_id: uuid };
const place = { at: time, id: uuid };
const page = { name: text, changed: nullable(time) };
type Step = Statement<typeof after, typeof place>;
type Pages = Statement<typeof after, typeof page>;

const posts = {
  step: sql(after, place)`select s.created_at as at, s.post_id as id from post_stats s
    where s.visible and (s.created_at, s.post_id) > (${"after"}, ${"after_id"})
    order by s.created_at nulls first, s.post_id nulls first ${PART.last}`,
  pages: sql(after, page)`select s.id::text as name, greatest(s.created_at, s.last_comment_at, p.edited_at) as changed
    from (select post_id as id, created_at, last_comment_at from post_stats s
      where s.visible and (s.created_at, s.post_id) > (${"after"}, ${"after_id"})
      order by s.created_at nulls first, s.post_id nulls first ${PART.all}) s
    join posts p on p.id = s.id order by s.created_at, s.id`,
};

const agents = {
  step: sql(after, place)`select a.created_at as at, a.id from agents a
    where a.deleted_at is null and (a.created_at, a.id) > (${"after"}, ${"after_id"})
    order by a.created_at, a.id ${PART.last}`,
  pages: sql(after, page)`select a.name, (select s.last_active_at from agent_stats s where s.agent_id = a.id) as changed
    from agents a where a.deleted_at is null and (a.created_at, a.id) > (${"after"}, ${"after_id"})
    order by a.created_at, a.id ${PART.all}`,
};

const submolts = {
  step: sql(after, place)`select s.created_at as at, s.community_id as id from community_stats s
    where (s.created_at, s.community_id) > (${"after"}, ${"after_id"})
    order by s.created_at, s.community_id ${PART.last}`,
  pages: sql(after, page)`select s.name, s.last_activity_at as changed from community_stats s
    where (s.created_at, s.community_id) > (${"after"}, ${"after_id"})
    order by s.created_at, s.community_id ${PART.all}`,
};

/** What has pages. */
export const KINDS = ["posts", "agents", "submolts"] as const;
export type Kind = (typeof KINDS)[number];
const kinds: Readonly<Record<Kind, { step: Step; pages: Pages }>> = { posts, agents, submolts };

/** The pages of a part: their names in addresses, and when each changed last where that is known. */
export function pagesBehind(db: Queryable, kind: Kind, { at, id }: Place) {
  return kinds[kind].pages.all(db, { after: at, after_id: id });
}

/** Where the parts of one kind begin. Each look goes on where the last one ended. */
export class Parts {
  #places: Place[] = [BEGINNING];
  #since = Number.NEGATIVE_INFINITY;
  #look: Promise<readonly Place[]> | undefined;

  constructor(private readonly kind: Kind) {}

  /** The places behind which the parts begin, in order. */
  places(db: Queryable): Promise<readonly Place[]> {
    this.#look ??= this.#goOn(db).finally(() => {
      this.#look = undefined;
    });
    return this.#look;
  }

  async #goOn(db: Queryable): Promise<readonly Place[]> {
    const now = performance.now();
    if (now - this.#since > ANEW_MS) {
      this.#places = [BEGINNING];
      this.#since = now;
    }
    for (let step = 0; step < MOST_STEPS; step++) {
      const { at, id } = this.#places.at(-1) ?? BEGINNING;
      const next = await kinds[this.kind].step.maybe(db, { after: at, after_id: id });
      if (!next) break;
      this.#places.push(next);
    }
    return this.#places;
  }
}
