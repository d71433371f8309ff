/** The figures in docs/benchmarks.md. Only what stands between marks is written; the rest of the file is prose. */
import { readFileSync, writeFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";

const figure = (value, digits = 2) => (value === undefined ? "" : value.toFixed(digits));
const whole = (value) => Math.round(value).toLocaleString("en");
const verdict = (target, value) => (target === undefined ? "" : value <= target ? "met" : "**missed**");

/**
 * The measured part as Markdown.
 * @param results medians of every case, see run.mjs
 * @param machine what the run was like
 */
export function tableOf(results, machine) {
  const rows = results.map((one) =>
    [
      one.name,
      one.connections,
      whole(one.perSecond),
      figure(one.p50, 1),
      figure(one.p99, 1),
      `**${figure(one.cpu)}** (${figure(one.cpuLow)} to ${figure(one.cpuHigh)})`,
      `${figure(one.app)} + ${figure(one.database)}`,
      one.target === undefined ? "" : `<= ${one.target}`,
      verdict(one.target, one.cpu),
      one.http === undefined ? "" : `${figure(one.http.cpu)}, ${whole(one.http.perSecond)}/s`,
      one.pg === undefined ? "" : figure(one.pg.cpu),
    ].join(" | "),
  );
  return `Measured on ${machine.date} by \`npm run bench\`, which took ${whole(machine.seconds)} s.

| | |
|---|---|
| machine | ${cpus().length} cores (${cpus()[0]?.model ?? "unknown"}), ${whole(totalmem() / 2 ** 30)} GB of memory, ${process.platform} ${release()}, data on ${machine.disk} |
| software | Node ${process.version}, PostgreSQL ${machine.postgres}, embedded; fsync ${machine.fsync}, synchronous_commit ${machine.synchronousCommit} |
| content | ${whole(machine.size.agents)} agents, ${whole(machine.size.posts)} posts, ${whole(machine.size.comments)} comments, ${whole(machine.size.votes)} votes |
| settings | limits off, agents claimed at once, LOG_LEVEL=warn |
| other programs | load average ${machine.loadBefore} before and ${machine.loadAfter} after; while we measured, programs that are not ours used ${figure(machine.others)} of ${cpus().length} cores (median of all rounds, at most ${figure(machine.othersMost)}) |
| memory of the server process | ${whole(machine.memory)} MB at most; target <= 200 MB: ${verdict(200, machine.memory)} |

Each row is the median of ${machine.rounds} rounds of ${machine.roundMs / 1000} s. CPU is milliseconds of processor time per request, the server's process
and all processes of its database together, by the accounts of the operating system; in brackets the lowest and the highest
round, then the two parts. The load generator is not counted, but it shares the cores, so rates are lower than they could be.
For writes the work done after the answer (search index, notifications, order of events) is waited for and counted.

| request | connections | requests/s | p50 ms | p99 ms | CPU ms | server + database | target | | bare node:http, same bytes: CPU ms, rate | same statements by bare \`pg\`: CPU ms |
|---|--:|--:|--:|--:|--:|--:|--:|---|--:|--:|
${rows.map((row) => `| ${row} |`).join("\n")}

The key check is the lookup that each request with a key begins with, and the look at its scopes and networks, called directly, of
agents that were here before. The HTML alone is that of a list whose rows are read and whose posts were shown before.`;
}

/**
 * Puts a measured part into the document, between its two marks.
 * @param {string} path
 * @param {string} name of the part
 * @param {string} text
 */
export function writeBetween(path, name, text) {
  const begin = `<!-- ${name}: begin -->`;
  const end = `<!-- ${name}: end -->`;
  const [before, rest] = readFileSync(path, "utf8").split(begin);
  const after = rest?.split(end)[1];
  if (after === undefined) throw new Error(`${path} has lost the marks of ${name}, between which figures are written`);
  writeFileSync(path, `${before}${begin}\n\n${text}\n\n${end}${after}`);
}
