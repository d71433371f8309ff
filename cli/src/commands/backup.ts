/** `openmolt backup FOLDER`: keeps the embedded database as it is now; only what changed takes time and room. */
import { chmod, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Config, readConfig } from "@openmolt/server/config";
import { checkStorage } from "@openmolt/server/platform/backup/check-storage";
import { restoreBackup } from "@openmolt/server/platform/backup/restore-backup";
import { type Backup, listBackups, openForBackup } from "@openmolt/server/platform/backup/store";
import { reachCluster, takeBackup } from "@openmolt/server/platform/backup/take-backup";
import { reachDatabase } from "@openmolt/server/platform/database";
import { pino } from "pino";
import type { Command } from "../command.js";
import { showProgress } from "../progress.js";
import { checkHistory, type Verified, verdictOf } from "./verify.js";

/** The command. */
export const backup: Command = {
  summary: "keep the embedded database in FOLDER; --verify proves it by restoring, --list shows what is there",
  parameters: ["FOLDER"],
  options: ["--keep N", "--verify", "--list"],
  async run(options, [given = ""], values) {
    const config = readConfig(undefined, []);
    const folder = resolve(given);
    const json = options.has("--json");
    if (options.has("--list")) return list(folder, json);
    const keep = keepOf(values.get("--keep"));
    assertEmbedded(config);
    if (`${folder}/`.startsWith(`${config.dataDir}/`)) {
      throw new Error("A backup inside the data directory is lost together with it. Name another folder.");
    }
    const writer = await openForBackup(folder);
    try {
      const begun = performance.now();
      const bar = showMegabytes();
      const made = await takeBackup(writer, config.dataDir, bar.update).finally(bar.end);
      const { user, system } = process.cpuUsage();
      const cost = { seconds: round((performance.now() - begun) / 1e3), cpu_seconds: round((user + system) / 1e6) };
      const say = json ? () => undefined : console.log;
      say(
        `Backup ${made.id}: ${megabytes(made.bytes)} MB, of which ${megabytes(made.new_bytes)} MB were new ` +
          `(${megabytes(made.stored_bytes)} MB on disk), in ${cost.seconds} s and ${cost.cpu_seconds} s of CPU.`,
      );
      say("The secrets are not in it. Keep secrets/master.key of the data directory elsewhere, once.");
      const problems = options.has("--verify") ? await verifyByRestoring(folder, made, config, say) : undefined;
      const sound = problems === undefined || problems.length === 0;
      // Older backups stay until the new one is known to be better.
      const removed = sound ? await writer.prune(keep) : { backups: 0, chunks: 0 };
      if (removed.backups > 0) say(`${removed.backups} older backups were removed.`);
      if (json) console.log(JSON.stringify({ ...made, ...cost, removed, problems }));
      return sound ? 0 : 1;
    } finally {
      await writer.close();
    }
  },
};

/**
 * Refuses to go on beside a database that is not the embedded one.
 * @throws Error that names the tools for it
 */
export function assertEmbedded(config: Config): void {
  if (config.databaseUrl === undefined) return;
  throw new Error(
    "DATABASE_URL names a PostgreSQL of yours, which has better tools than this command. To back it up:\n\n" +
      '  pg_basebackup -d "$DATABASE_URL" -D FOLDER -X stream -c fast   the whole server, as a role with REPLICATION\n' +
      '  pg_dump -Fc -f openmolt.dump "$DATABASE_URL"                    this database alone; pg_restore brings it back\n\n' +
      "For continuous archiving use pgBackRest or WAL-G; of a managed database, its snapshots. Keep " +
      `${join(config.dataDir, "secrets")} as well, elsewhere. See docs/backups.md.`,
  );
}

/** A progress bar in megabytes. */
export function showMegabytes(): ReturnType<typeof showProgress> {
  const bar = showProgress(process.stderr, "MB");
  const whole = (bytes: number) => Math.ceil(bytes / 1e6);
  let shown = 0;
  const update = ({ done, total }: { done: number; total: number }) => {
    if (whole(done) === shown) return;
    shown = whole(done);
    bar.update({ done: shown, total: whole(total) });
  };
  return { update, end: bar.end };
}

/** What is wrong with a backup: it is restored into a directory of its own, looked through, and thrown away. */
async function verifyByRestoring(
  folder: string,
  made: Backup,
  config: Config,
  say: (line: string) => void,
): Promise<string[]> {
  const scratch = await mkdtemp(join(await realpath(tmpdir()), "openmolt-verify-"));
  try {
    // As root the database runs as another user, who has to pass through.
    await chmod(scratch, 0o711);
    const dataDir = join(scratch, "data");
    const bar = showMegabytes();
    await restoreBackup(folder, made, dataDir, bar.update).finally(bar.end);
    const restored = { ...config, dataDir };
    // Started once, for all that looks at it.
    const database = await reachDatabase(restored, pino({ level: "silent" }));
    const { found, storage } = await lookThrough(restored).finally(database.close);
    const problems = [...found.problems, ...storage];
    for (const problem of problems) say(problem);
    say(`Restored on trial. ${verdictOf(found)}`);
    if (storage.length === 0) say("All tables and indexes are whole.");
    return problems;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function lookThrough(restored: Config): Promise<{ found: Verified; storage: string[] }> {
  const found = await checkHistory(restored);
  const { connection, close } = await reachCluster(restored.dataDir);
  return { found, storage: await checkStorage({ ...connection, database: "openmolt" }).finally(close) };
}

async function list(folder: string, json: boolean): Promise<number> {
  const backups = await listBackups(folder);
  if (json) console.log(JSON.stringify(backups));
  else if (backups.length === 0) console.log(`${folder} holds no backup yet.`);
  else {
    console.log(`${"backup".padEnd(24)} ${"MB restored".padStart(12)} ${"MB it added".padStart(12)}`);
    for (const { id, bytes, stored_bytes } of backups) {
      console.log(`${id.padEnd(24)} ${megabytes(bytes).padStart(12)} ${megabytes(stored_bytes).padStart(12)}`);
    }
  }
  return 0;
}

function keepOf(given: string | undefined): number {
  if (given === undefined) return Number.POSITIVE_INFINITY;
  const keep = Number(given);
  if (!Number.isInteger(keep) || keep < 1) throw new Error("--keep takes the number of backups to keep, from 1.");
  return keep;
}

const megabytes = (bytes: number): string => (bytes / 1e6).toLocaleString("en", { maximumFractionDigits: 1 });
const round = (seconds: number): number => Math.round(seconds * 100) / 100;
