/** What a run found, as sentences and figures: for the terminal and for docs/faults.md. */
import { cpus, release, totalmem } from "node:os";

const seconds = (ms) => `${(ms / 1_000).toFixed(ms < 10_000 ? 2 : 1)} s`;
const whole = (value) => Math.round(value).toLocaleString("en");

/** The median and the longest of some times. */
function times(list) {
  const sorted = list.toSorted((a, b) => a - b);
  return `${seconds(sorted[Math.floor(sorted.length / 2)])} (at most ${seconds(sorted.at(-1))})`;
}

/** A slope with twice its standard error. */
const slope = ({ slope, error }, unit) =>
  `${slope >= 0 ? "+" : ""}${slope.toFixed(2)} ± ${(2 * error).toFixed(2)} ${unit} a minute`;

/** What is worth knowing of each part, beside how many writes there were. */
const FACTS = {
  control: ({ facts }) =>
    `a doubled post and a false counter found; ${facts.lost} acknowledged writes reported lost after a power failure without fsync (${facts.kinds})`,
  kills: ({ recovered }) =>
    Object.entries(recovered)
      .filter(([, list]) => list.length > 0)
      .map(([kind, list]) => `${kind} ${list.length} times, writing again after ${times(list)}`)
      .join("; "),
  disk: ({ facts, recovered }) =>
    `${facts.refused} tries of writes answered 503, reads meanwhile: ${facts.reads}; ${facts.lines} lines logged; writing again after ${recovered.all.map(seconds).join(" and ")}`,
  connections: ({ facts, recovered }) =>
    `${facts.ended} connections ended; the next write was acknowledged after ${times(recovered.all)}`,
  slow: ({ facts, recovered }) =>
    `longest wait for an answer ${seconds(facts.stillLongest)} while all stood still${facts.reads > 0 ? `, ${seconds(facts.lockLongest)} behind the lock, where ${facts.reads} reads were answered` : ""}; writing again after ${times(recovered.all)}`,
  clock: ({ facts }) =>
    `${facts.jumps} jumps; paging whole, repeats of a key answered with the first answer, new posts seen at once`,
  soak: ({ facts: { minutes, reads, slopes, first, last, connections } }) =>
    `${minutes} minutes, ${whole(reads)} reads; memory ${slope(slopes.rss, "MB")} (from ${first.rss.toFixed(0)} to ${last.rss.toFixed(0)} MB), heap ${slope(slopes.heap, "MB")}, open files ${slope(slopes.files, "")}, at most ${connections} database connections`,
};

/** One part in one sentence. */
export function sentenceOf(id, { skipped, failed, ...result }) {
  if (skipped !== undefined) return `skipped: ${skipped}`;
  return failed ?? FACTS[id](result);
}

/** How one part ended. */
export const verdictOf = ({ skipped, failed, violated }) =>
  skipped === undefined ? (failed === undefined && violated === 0 ? "passed" : "**failed**") : "skipped";

/**
 * The table of a run as Markdown.
 * @param {[string, Record<string, any>][]} results by part
 * @param {{ seed: number, ms: number, loadBefore: number, loadAfter: number, command: string }} run
 */
export function tableOf(results, { seed, ms, loadBefore, loadAfter, command }) {
  const rows = results.map(([id, result]) => {
    const { acknowledged, unknown, refused, dated, doneBefore } = result.ledger ?? {};
    const counts =
      acknowledged === undefined ? ["", "", ""] : [whole(acknowledged), whole(unknown), `${doneBefore} of ${dated}`];
    return `| ${[id, verdictOf(result), ...counts, refused ?? "", sentenceOf(id, result)].join(" | ")} |`;
  });
  return `Measured on ${new Date().toISOString().slice(0, 10)} by \`${command}\` in ${whole(ms / 60_000)} minutes, seed ${seed}, on ${cpus().length} cores
(${cpus()[0]?.model ?? "unknown"}), ${whole(totalmem() / 2 ** 30)} GB of memory, ${process.platform} ${release()}, Node ${process.version}; load average ${loadBefore.toFixed(1)}
before and ${loadAfter.toFixed(1)} after.

| part | verdict | writes acknowledged | of them after a lost answer | lost answers of writes that had been done | refused | figures |
|---|---|--:|--:|--:|--:|---|
${rows.join("\n")}`;
}
