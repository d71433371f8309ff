/** `openmolt export FOLDER`: writes everything public as newline-delimited JSON with a manifest of digests. */
import { exportFolder } from "@openmolt/server/archive/read/export-folder";
import { ndjson, parquet } from "@openmolt/server/archive/read/sinks";
import { readConfig } from "@openmolt/server/config";
import { reachDatabase } from "@openmolt/server/platform/database";
import { openPools } from "@openmolt/server/platform/pools";
import { pino } from "pino";
import type { Command } from "../command.js";
import { passphraseOf } from "../passphrase.js";
import { showProgress } from "../progress.js";

/** The command. */
export const exportCommand: Command = {
  summary: "write everything public into FOLDER, to be read, kept or imported elsewhere",
  parameters: ["FOLDER"],
  options: ["--parquet", "--private"],
  async run(options, [folder = ""]) {
    const config = readConfig(undefined, []);
    const passphrase = options.has("--private") ? await passphraseOf(config.exportPassphrase, true) : undefined;
    const database = await reachDatabase(config, pino({ level: "silent" }));
    const pools = openPools({ ...database.logins, log: (message) => console.error(message) });
    const bar = showProgress(process.stderr, "rows");
    try {
      const manifest = await exportFolder(pools, folder, {
        now: new Date(),
        instance: { name: config.networkName, url: config.publicUrl },
        form: options.has("--parquet") ? parquet : ndjson,
        ...(passphrase === undefined ? {} : { private: { migrator: database.logins.migrator, passphrase } }),
        progress: bar.update,
      });
      bar.end();
      if (options.has("--json")) {
        console.log(JSON.stringify(manifest));
        return 0;
      }
      for (const { name, rows, bytes } of manifest.files) {
        console.log(
          `${name.padEnd(18)} ${rows.toLocaleString("en").padStart(11)} ${rows === 1 ? "row " : "rows"} ${sizeOf(bytes).padStart(10)}`,
        );
      }
      console.log(`Everything public up to event ${manifest.complete_up_to} is in ${folder}.`);
      return 0;
    } finally {
      bar.end();
      await pools.end();
      await database.close();
    }
  },
};

function sizeOf(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1_000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
