/** Forgets what is over: messages some days after their end, and secrets that have been replaced. */
import { int4, sql, time } from "../../platform/db.js";
import type { Services } from "../../platform/services.js";
import { SYSTEM, transaction } from "../../platform/transaction.js";
import { KEPT_FOR_MS } from "../rules.js";

/** Messages forgotten in one transaction. */
const SLICE = 5_000;

const forgetDeliveries = sql({ before: time, most: int4 }, {})`
  delete from webhook_deliveries where id in (
    select id from webhook_deliveries where ended_at < ${"before"} order by ended_at limit ${"most"}::int)`;
const forgetSecrets = sql({ now: time }, {})`
  update webhooks set old_secret_sealed = null, old_secret_until = null where old_secret_until <= ${"now"}`;

/** Runs once an hour. */
export async function sweepDeliveries(services: Services): Promise<void> {
  const now = services.clock.now();
  const before = new Date(now.getTime() - KEPT_FOR_MS);
  await transaction(services.app, { actor: SYSTEM }, (tx) => forgetSecrets.run(tx, { now }));
  let forgotten: number;
  do {
    forgotten = await transaction(services.app, { actor: SYSTEM }, (tx) =>
      forgetDeliveries.run(tx, { before, most: SLICE }),
    );
  } while (forgotten === SLICE);
}
