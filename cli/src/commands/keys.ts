/** `openmolt keys rotate`: a new key for what rests sealed, and everything sealed anew under it, while it is served. */
import { join } from "node:path";
import { readConfig } from "@openmolt/server/config";
import { rotateEnvelopes } from "@openmolt/server/platform/envelopes/rotate";
import { loadMasterKey, openVault } from "@openmolt/server/platform/secrets";
import { reachDatabase } from "@openmolt/server/start";
import { pino } from "pino";
import type { Command } from "../command.js";

/** The command. */
export const keys: Command = {
  summary: "rotate: seal addresses, messages and webhook secrets anew under a new key",
  parameters: ["rotate"],
  async run(options, [act]) {
    if (act !== "rotate") {
      console.error("Usage: openmolt keys rotate [--json]");
      return 2;
    }
    const config = readConfig(undefined, []);
    const database = await reachDatabase(config, pino({ level: "silent" }));
    try {
      const vault = openVault(loadMasterKey(join(config.dataDir, "secrets"), config.masterKey));
      const rotation = await rotateEnvelopes(database.logins.migrator, vault, {
        onProgress: (resealed) => {
          if (process.stderr.isTTY) process.stderr.write(`\r${resealed.toLocaleString("en")} values`);
        },
      });
      if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
      if (options.has("--json")) console.log(JSON.stringify(rotation));
      else {
        if (rotation.finishedEarlier)
          console.log("An earlier rotation had not ended; it has now. Run again for a new key.");
        console.log(`${rotation.resealed} values were sealed anew under the key ${rotation.keyId}.`);
        if (rotation.destroyed > 0) console.log(`Keys destroyed that sealed nothing any more: ${rotation.destroyed}.`);
      }
      return 0;
    } finally {
      await database.close();
    }
  },
};
