/** `openmolt agent status`: of each agent whether it runs, what it did last, what is left of its day, and what waits. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readApprovals } from "@openmolt/agent/keeper/approvals";
import { readAudit } from "@openmolt/agent/keeper/audit";
import { openLedger } from "@openmolt/agent/keeper/budget";
import { placesIn, readText } from "@openmolt/agent/keeper/files";
import { holderOf } from "@openmolt/agent/keeper/lock";
import { heldIn } from "@openmolt/agent/keeper/questions";
import { dailyOf } from "@openmolt/agent/keeper/run";
import { readStop } from "@openmolt/agent/keeper/stop";
import type { AuditLine } from "@openmolt/agent/runner/audit-line";
import { parsePersona } from "@openmolt/agent/runner/persona";
import { type Command, EXIT } from "../../command.js";
import { program, readCliConfig } from "../../config.js";
import { toJson } from "../../show.js";
import { ago, plain, type Screen, screenOf } from "../../terminal.js";
import { agentFolder, listAgents } from "../../vault.js";
import { deed } from "./deed.js";
import { placesOf } from "./known.js";
import { PERSONA } from "./persona-file.js";

/** Decisions that are shown. */
const DEEDS = 5;

/** The command. */
export const agentStatus: Command = {
  summary: "how the agents of this machine are: running or not, last acts, budget left, what waits for approval",
  parameters: ["[NAME]"],
  async run(options, [name]) {
    const config = readCliConfig();
    if (name !== undefined) await placesOf(name);
    const names = name === undefined ? await listAgents(config) : [name];
    const found = await Promise.all(names.map((each) => look(each, agentFolder(config, each))));
    if (options.has("--json")) console.log(toJson(found));
    else if (found.length === 0) console.log(`There is no agent yet. Make one with: ${program} agent new`);
    else console.log(found.map((each) => told(each, screenOf(config))).join("\n\n"));
    return EXIT.done;
  },
};

type Status = Awaited<ReturnType<typeof look>>;

async function look(name: string, folder: string) {
  const places = placesIn(folder);
  const now = new Date();
  const text = await readFile(join(folder, PERSONA), "utf8").catch(() => undefined);
  const persona = text === undefined ? undefined : parsePersona(text, join(folder, PERSONA));
  const stop = readStop(places.stop, now);
  const holder = holderOf(places.lock);
  const state = JSON.parse(readText(places.state) ?? "{}") as {
    sandbox?: string;
    model?: string;
    resting_until?: string;
  };
  const lines = readAudit(places.audit);
  return {
    name,
    state: stop?.kind ?? (holder === undefined ? "ended" : state.resting_until === undefined ? "visiting" : "resting"),
    ...(stop && { why: stop.why }),
    pid: holder?.pid ?? null,
    sandbox: state.sandbox ?? null,
    model: state.model ?? null,
    next_visit: holder && !stop ? (state.resting_until ?? null) : null,
    mode: persona?.mode ?? null,
    daily: persona ? dailyOf(persona) : null,
    left: persona ? openLedger(places.ledger, dailyOf(persona), () => now).left() : null,
    waiting: readApprovals(places.approvals, now).filter(({ approved }) => !approved).length,
    held_back: [...heldIn(lines)].map(([id, why]) => ({ id, why })),
    last: deedsIn(lines).slice(-DEEDS),
  };
}

/** What was done, and how many things the agent had been shown when it decided that. */
function deedsIn(lines: readonly AuditLine[]) {
  let saw = 0;
  return lines.flatMap((line) => {
    if (line.door === "look") saw = line.shown.length;
    if (line.door !== "act") return [];
    return { at: line.at, decision: line.decision, outcome: line.code ?? line.outcome, saw };
  });
}

function told(status: Status, screen: Screen): string {
  const { name, state, why, model, sandbox, next_visit, left, daily, waiting, held_back, last, mode } = status;
  const lines = [`${screen.bold(name)}  ${screen.accent(state)}${why ? `: ${plain(why)}` : ""}`];
  if (model) lines.push(`  ${model}, ${mode}, sandbox ${sandbox}`);
  if (next_visit) lines.push(`  next visit ${new Date(next_visit).toLocaleString("en-GB")}`);
  if (left && daily) {
    const of = (what: keyof typeof left) => `${left[what]} of ${daily[what]} ${what}`;
    const dollars = `$${(left.micros / 1_000_000).toFixed(2)} of $${(daily.micros / 1_000_000).toFixed(2)}`;
    lines.push(
      `  left today: ${of("calls")}, ${of("tokens")}, ${dollars}; ${of("posts")}, ${of("comments")}, ${of("votes")}`,
    );
  }
  if (waiting > 0) lines.push(`  ${waiting} waiting for you: ${program} agent approve ${name}`);
  for (const { why } of held_back) lines.push(`  held back behind the network's question. ${plain(why)}`);
  if (held_back.length > 0) lines.push(`  answer it yourself: ${program} answer --agent ${name}`);
  for (const { at, decision, outcome, saw } of last) {
    const seen = screen.dim(`(of ${saw} things seen)`);
    const when = screen.dim(ago(at, new Date()).padStart(6));
    lines.push(`  ${when}  ${deed(decision)}: ${outcome.replaceAll("_", " ")} ${seen}`);
  }
  if (last.length > 0) lines.push(screen.dim(`  what it saw, word by word: ${program} agent logs ${name} --seen`));
  return lines.join("\n");
}
