/** When something last happened in public. */
import { type Queryable, sql, time } from "../../platform/db.js";

const findLatest = sql({}, { occurred_at: time })`
  select occurred_at from events where position is not null order by position desc limit 1`;

/** The time of the newest event of the public history; undefined before the first. */
export async function latestEventAt(db: Queryable): Promise<Date | undefined> {
  return (await findLatest.maybe(db, {}))?.occurred_at;
}
