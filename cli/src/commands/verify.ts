/** `openmolt verify`: recomputes every digest of history and ledger and says what differs. Exit code 1 if anything does. */

import { type VerifiedHistory, verifyHistory } from "@openmolt/server/audit/read";
import { type VerifiedLedger, verifyLedger } from "@openmolt/server/audit/read/verify-ledger";
import { type Config, readConfig } from "@openmolt/server/config";
import { reachDatabase } from "@openmolt/server/platform/database";
import { openPools } from "@openmolt/server/platform/pools";
import { pino } from "pino";
import type { Command } from "../command.js";
import { countOf } from "../count.js";

/** The command. */
export const verify: Command = {
  summary: "check the public history and the access ledger against their digests",
  async run(options) {
    const found = await checkHistory(readConfig(undefined, []));
    if (options.has("--json")) console.log(JSON.stringify(found));
    else {
      for (const problem of found.problems) console.log(problem);
      console.log(verdictOf(found));
    }
    return found.problems.length === 0 ? 0 : 1;
  },
};

/** What was found of both; the problems are those of both. */
export interface Verified extends VerifiedHistory {
  ledger: Pick<VerifiedLedger, "chains" | "rows">;
}

/** Checks history and ledger of the database that the settings name. */
export async function checkHistory(config: Config): Promise<Verified> {
  const database = await reachDatabase(config, pino({ level: "silent" }));
  const pools = openPools({ ...database.logins, log: (message) => console.error(message) });
  try {
    const history = await verifyHistory(pools.app, (done) => {
      if (process.stderr.isTTY) process.stderr.write(`\r${done.toLocaleString("en")} events`);
    });
    const { problems, ...ledger } = await verifyLedger(pools.app);
    return { ...history, problems: [...history.problems, ...problems], ledger };
  } finally {
    if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
    await pools.end();
    await database.close();
  }
}

/** What was found, in one sentence. */
export function verdictOf({ problems, events, agreeing, erased, ledger }: Verified): string {
  const verdict = problems.length === 0 ? "The history is intact" : countOf(problems.length, "problem");
  return `${verdict}: ${countOf(events, "event")}, ${agreeing} agree, ${erased} were erased since; ${countOf(ledger.rows, "row")} of the ledger.`;
}
