/**
 * The account by which an operator's link signs in: the one it was made for, or that of the console. Whoever has the
 * console of the server runs it; what they do there is told apart from what everybody else does.
 */
import { AppError } from "../../errors.js";
import { type Queryable, sql, text, time, uuid } from "../../platform/db.js";
import { newId } from "../../platform/ids.js";

/** The console's account; nobody else can be called so. */
export const CONSOLE_NAME = "console";

const findConsole = sql({}, { id: uuid })`select id from operators where is_console`;
const insertConsole = sql({ id: uuid, name: text, now: time }, {})`
  insert into operators (id, name, name_key, role, is_console, created_at)
  values (${"id"}, ${"name"}, ${"name"}, 'admin', true, ${"now"}) on conflict do nothing`;
const noteSeen = sql({ id: uuid, now: time }, {})`
  update operators set last_seen_at = ${"now"} where id = ${"id"} and removed_at is null`;

/**
 * The operator whom a link signs in; the transaction acts as the server.
 * @param operatorId null for the link of the console
 * @throws AppError LINK_EXPIRED when the operator has been removed
 */
export async function operatorToSignIn(db: Queryable, operatorId: string | null, now: Date): Promise<string> {
  const id = operatorId ?? (await consoleAccount(db, now));
  if ((await noteSeen.run(db, { id, now })) !== 1) throw new AppError("LINK_EXPIRED");
  return id;
}

async function consoleAccount(db: Queryable, now: Date): Promise<string> {
  const present = await findConsole.maybe(db, {});
  if (present) return present.id;
  await insertConsole.run(db, { id: newId(), name: CONSOLE_NAME, now });
  return (await findConsole.one(db, {})).id;
}
