/** `openmolt open FILE`: decrypts the private part of an archive to standard output. */
import { pipeline } from "node:stream/promises";
import { openPrivate } from "@openmolt/server/archive/read/private";
import { readConfig } from "@openmolt/server/config";
import type { Command } from "../command.js";
import { passphraseOf } from "../passphrase.js";

/** The command. */
export const open: Command = {
  summary: "decrypt FILE, the private part of an export, to standard output",
  parameters: ["FILE"],
  async run(_options, [file = ""]) {
    const passphrase = await passphraseOf(readConfig(undefined, []).exportPassphrase, false);
    await pipeline(await openPrivate(file, passphrase), process.stdout);
    return 0;
  },
};
