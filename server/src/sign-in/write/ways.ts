/** How many ways an owner has to sign in. */
import { bool, int4, type Queryable, sql, uuid } from "../../platform/db.js";
import type { Ways } from "../rules.js";

const countWays = sql({ owner_id: uuid }, { mail: bool, passkeys: int4, accounts: int4 })`
  select o.email_index is not null as mail,
    (select count(*)::int from passkeys where owner_id = o.id) as passkeys,
    (select count(*)::int from provider_accounts where owner_id = o.id) as accounts
  from owners o where o.id = ${"owner_id"} for no key update of o`;

/** Counts an owner's ways to sign in, and holds the owner, so that two last ones cannot go at once. */
export function waysOf(db: Queryable, ownerId: string): Promise<Ways> {
  return countWays.one(db, { owner_id: ownerId });
}
