/**
 * `openmolt keys rotate`: a new key for what rests sealed, and everything sealed anew under it, while it is served.
 * `openmolt keys master`: another master key, while it is not.
 */
import { join } from "node:path";
import { type Config, readConfig } from "@openmolt/server/config";
import { changeMasterKey } from "@openmolt/server/owners/write/change-master-key";
import { type OpenDatabase, reachDatabase } from "@openmolt/server/platform/database";
import { rotateEnvelopes } from "@openmolt/server/platform/envelopes/rotate";
import { loadMasterKey, nextMasterKey, openVault, promoteNextMasterKey } from "@openmolt/server/platform/secrets";
import { pino } from "pino";
import type { Command } from "../command.js";
import { program } from "../config.js";

/** The command. */
export const keys: Command = {
  summary: "rotate: seal addresses, messages and webhook secrets anew under a new key; master: another master key",
  parameters: ["rotate|master"],
  async run(options, [act]) {
    const run = act === "rotate" ? rotate : act === "master" ? changeMaster : undefined;
    if (!run) {
      console.error("Usage: openmolt keys rotate|master [--json]");
      return 2;
    }
    const config = readConfig(undefined, []);
    const database = await reachDatabase(config, pino({ level: "silent" }));
    try {
      await run(config, database, options.has("--json"));
      return 0;
    } finally {
      await database.close();
    }
  },
};

const secretsOf = ({ dataDir }: Config) => join(dataDir, "secrets");

async function rotate(config: Config, database: OpenDatabase, json: boolean): Promise<void> {
  const vault = openVault(loadMasterKey(secretsOf(config), config.masterKey));
  const rotation = await rotateEnvelopes(database.logins.migrator, vault, {
    onProgress: (resealed) => {
      if (process.stderr.isTTY) process.stderr.write(`\r${resealed.toLocaleString("en")} values`);
    },
  });
  if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
  if (json) return console.log(JSON.stringify(rotation));
  if (rotation.finishedEarlier) console.log("An earlier rotation had not ended; it has now. Run again for a new key.");
  console.log(`${rotation.resealed} values were sealed anew under the key ${rotation.keyId}.`);
  if (rotation.destroyed > 0) console.log(`Keys destroyed that sealed nothing any more: ${rotation.destroyed}.`);
}

async function changeMaster(config: Config, database: OpenDatabase, json: boolean): Promise<void> {
  const present = loadMasterKey(secretsOf(config), config.masterKey);
  const next = nextMasterKey(secretsOf(config));
  const [from, to] = [openVault(present).keyId, openVault(next).keyId];
  await changeMasterKey(database.logins.migrator, present, next);
  const replaced = promoteNextMasterKey(secretsOf(config), from);
  if (json) return console.log(JSON.stringify({ from, to, replaced: replaced ?? null }));
  console.log(`The master key is ${to} now; ${from} opens nothing here any more.`);
  if (replaced === undefined) {
    console.log(
      `Set OPENMOLT_MASTER_KEY to what ${join(secretsOf(config), "master.key.next")} holds, then delete that file.`,
    );
  } else console.log(`Backups made before need ${replaced}: keep it with them, away from here.`);
  console.log(`Start the server. If the earlier key may be known to others, go on with: ${program} keys rotate`);
}
