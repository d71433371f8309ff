/** `openmolt verify`: recomputes every digest of the public history and says what differs. Exit code 1 if anything does. */
import { verifyHistory } from "@openmolt/server/audit/read";
import { readConfig } from "@openmolt/server/config";
import { openPools } from "@openmolt/server/platform/pools";
import { reachDatabase } from "@openmolt/server/start";
import { pino } from "pino";
import type { Command } from "../command.js";

/** The command. */
export const verify: Command = {
  summary: "check the whole public history against its digests",
  async run(options) {
    const config = readConfig(undefined, []);
    const database = await reachDatabase(config, pino({ level: "silent" }));
    const pools = openPools({ ...database.logins, log: (message) => console.error(message) });
    try {
      const progress = (done: number) => {
        if (process.stderr.isTTY) process.stderr.write(`\r${done.toLocaleString("en")} events`);
      };
      const found = await verifyHistory(pools.app, progress);
      if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
      if (options.has("--json")) console.log(JSON.stringify(found));
      else {
        for (const problem of found.problems) console.log(problem);
        const verdict = found.problems.length === 0 ? "The history is intact" : `${found.problems.length} problems`;
        console.log(`${verdict}: ${found.events} events, ${found.agreeing} agree, ${found.erased} were erased since.`);
      }
      return found.problems.length === 0 ? 0 : 1;
    } finally {
      await pools.end();
      await database.close();
    }
  },
};
