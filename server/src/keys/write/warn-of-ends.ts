/** Tells owners by mail of keys that end soon: of each key once some days before, and once more when it is urgent. */
import { bytes, int4, int4s, jsonb, nullable, part, sql, text, time, uuid } from "../../platform/db.js";
import { addJob } from "../../platform/jobs.js";
import { WARNED_DAYS } from "../../platform/key-limits.js";
import { endingKeysLetter, langOf } from "../../platform/letters.js";
import { addressFor } from "../../platform/owner-mail.js";
import type { Services } from "../../platform/services.js";
import { SYSTEM, transaction } from "../../platform/transaction.js";
import { type EndingKey, endingKeys, endOfKey, keyInUse } from "../read/ends.js";
import { URGENT_DAYS } from "../rules.js";

/** The job that mails an owner about keys that end; its id is the agent's. */
export const TELL_OF_ENDS = "tell_of_ends";
/** Keys that are looked after in one transaction. */
const SLICE = 500;
/** The pauses between tries grow to hours; later the mail is worth nothing. */
const TRIES = 12;

// A key that lives no longer than the notice would be is made so on purpose, and nobody is told.
const noteWarned = sql({ now: time, unused_days: int4, days: int4s, most: int4 }, { agent_id: uuid })`
  with due as materialized (select k.id from agent_keys k
      join agents a on a.id = k.agent_id and a.deleted_at is null
      join owners o on o.id = a.owner_id and o.email_sealed is not null and o.deleted_at is null
    where ${keyInUse} and exists (select from unnest(${"days"}::int[]) d where
      ${endOfKey} - make_interval(days => d) between k.created_at and ${"now"}::timestamptz
      and (k.warned_at is null or k.warned_at < ${endOfKey} - make_interval(days => d)))
    order by k.id limit ${"most"}::int for no key update of k)
  update agent_keys k set warned_at = ${"now"}::timestamptz from due where k.id = due.id returning k.agent_id`;

/** Has mails sent about keys that end soon. Runs once a day. */
export async function warnOfEnds({ app, clock, config }: Services): Promise<void> {
  const values = { now: clock.now(), unused_days: config.unusedKeyDays, days: [WARNED_DAYS, URGENT_DAYS], most: SLICE };
  let noted: number;
  do {
    noted = await transaction(app, { actor: SYSTEM }, async (tx) => {
      const rows = await noteWarned.all(tx, values);
      for (const id of new Set(rows.map(({ agent_id }) => agent_id))) await addJob(tx, TELL_OF_ENDS, id, TRIES);
      return rows.length;
    });
  } while (noted === SLICE);
}

const findOwner = sql(
  { agent_id: uuid, now: time, unused_days: int4, warned_days: int4 },
  { agent_name: text, owner_id: uuid, email_sealed: nullable(bytes), language: text, keys: jsonb },
)`select a.name as agent_name, o.id as owner_id, ${addressFor.key_ends} as email_sealed, o.language, ${endingKeys(part`a.id`)} as keys
  from agents a join owners o on o.id = a.owner_id and o.email_sealed is not null and o.deleted_at is null
  where a.id = ${"agent_id"} and a.deleted_at is null`;

/** Mails the owner of an agent whose keys end soon. Rejects when the mail could not be handed over. */
export async function tellOfEnds({ app, clock, config, mailer, vault }: Services, agentId: string): Promise<void> {
  const values = { now: clock.now(), unused_days: config.unusedKeyDays, warned_days: WARNED_DAYS };
  const row = await transaction(
    app,
    { actor: SYSTEM },
    (tx) => findOwner.maybe(tx, { agent_id: agentId, ...values }),
    true,
  );
  const keys = (row?.keys ?? []) as EndingKey[];
  if (!row?.email_sealed || keys.length === 0) return;
  const to = vault.open("owner-email", row.email_sealed, row.owner_id).toString("utf8");
  const { agent_name: agent } = row;
  const url = `${config.publicUrl}/owner/agents/${agent}`;
  await mailer.send({
    to,
    ...endingKeysLetter[langOf(row.language)]({ network: config.networkName, agent, keys, url }),
  });
}
