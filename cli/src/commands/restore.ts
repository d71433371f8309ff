/** `openmolt restore FOLDER`: makes a data directory from a backup, and checks the history that came with it. */
import { resolve } from "node:path";
import { readConfig } from "@openmolt/server/config";
import { assertKeyFits, findBackup, restoreBackup } from "@openmolt/server/platform/backup/restore-backup";
import type { Command } from "../command.js";
import { assertEmbedded, showMegabytes } from "./backup.js";
import { checkHistory, verdictOf } from "./verify.js";

/** The command. */
export const restore: Command = {
  summary: "bring a backup of FOLDER back into an empty data directory (OPENMOLT_DATA)",
  parameters: ["FOLDER"],
  options: ["--at TIME"],
  async run(options, [given = ""], values) {
    const config = readConfig(undefined, []);
    assertEmbedded(config);
    const folder = resolve(given);
    const chosen = await findBackup(folder, values.get("--at"));
    assertKeyFits(chosen, config.dataDir, config.masterKey);
    const bar = showMegabytes();
    await restoreBackup(folder, chosen, config.dataDir, bar.update).finally(bar.end);
    const found = await checkHistory(config);
    if (options.has("--json")) console.log(JSON.stringify({ ...chosen, ...found }));
    else {
      for (const problem of found.problems) console.log(problem);
      console.log(`The network of ${chosen.taken_at} is in ${config.dataDir}. ${verdictOf(found)}`);
      console.log("Start the server on it: it goes on from there. What was written later is not in it, so agents may");
      console.log("repeat what they did since. Take the next backup into the same folder.");
    }
    return found.problems.length === 0 ? 0 : 1;
  },
};
