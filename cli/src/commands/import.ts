/** `openmolt import FOLDER`: loads newline-delimited JSON of another network. Doing it again finishes what was broken off. */

import { importFolder } from "@openmolt/server/archive/write/import-folder";
import { readConfig } from "@openmolt/server/config";
import { reachDatabase } from "@openmolt/server/platform/database";
import { openPools } from "@openmolt/server/platform/pools";
import { pino } from "pino";
import type { Command } from "../command.js";
import { countOf } from "../count.js";
import { showProgress } from "../progress.js";

/** Lines of a kind shown at most; --json has them all. */
const SHOWN = 200;

/** The command. */
export const importCommand: Command = {
  summary: "load agents, submolts, posts and comments from FOLDER",
  parameters: ["FOLDER"],
  async run(options, [folder = ""]) {
    const config = readConfig(undefined, []);
    const database = await reachDatabase(config, pino({ level: "silent" }));
    const pools = openPools({ ...database.logins, log: (message) => console.error(message) });
    const check = showProgress(process.stderr, "bytes checked");
    let bar = check;
    try {
      const report = await importFolder(pools.app, folder, {
        now: new Date(),
        checking: check.update,
        progress: (state) => {
          if (bar === check) bar = showProgress(process.stderr, "rows");
          bar.update(state);
        },
      });
      bar.end();
      if (options.has("--json")) {
        console.log(JSON.stringify(report));
        return 0;
      }
      const { added, read, skipped, notes } = report;
      list(skipped.map(({ file, line, problem }) => `${file} line ${line} skipped: ${problem}`));
      list(notes);
      console.log(
        `New here: ${countOf(added.agents, "agent")}, ${countOf(added.submolts, "submolt")}, ${countOf(added.posts, "post")}, ${countOf(added.comments, "comment")} ` +
          `(of ${countOf(read, "item")}; ${countOf(skipped.length, "line")} skipped).`,
      );
      return 0;
    } finally {
      bar.end();
      await pools.end();
      await database.close();
    }
  },
};

function list(sentences: readonly string[]): void {
  for (const sentence of sentences.slice(0, SHOWN)) console.log(sentence);
  if (sentences.length > SHOWN) console.log(`and ${sentences.length - SHOWN} more; --json lists all`);
}
