/** `openmolt agent logs`: the audit log of an agent, readable; with --json as it is. */
import { readAudit } from "@openmolt/agent/keeper/audit";
import type { AuditLine } from "@openmolt/agent/runner/audit-line";
import { type Command, EXIT, wrongUsage } from "../../command.js";
import { toJson } from "../../show.js";
import { plain } from "../../terminal.js";
import { deed } from "./deed.js";
import { placesOf } from "./known.js";

/** The command. */
export const agentLogs: Command = {
  summary: "what an agent saw, asked, decided and did, the newest last",
  parameters: ["NAME"],
  options: ["--lines N", "--seen"],
  async run(options, [name = ""], values) {
    const most = Number(values.get("--lines") ?? 50);
    if (!Number.isInteger(most) || most < 1) throw wrongUsage("--lines takes a whole number from 1 on.");
    const lines = readAudit((await placesOf(name)).audit).slice(-most);
    for (const line of lines) {
      console.log(options.has("--json") ? toJson(line) : told(line));
      if (line.door === "ask" && options.has("--seen") && !options.has("--json")) console.log(seenIn(line.user));
    }
    return EXIT.done;
  },
};

/** What a model was shown, each line marked as quoted: it holds the words of strangers. */
function seenIn(prompt: string): string {
  return prompt
    .split("\n")
    .map((line) => `    | ${plain(line)}`)
    .join("\n");
}

function told(line: AuditLine): string {
  const at = new Date(line.at).toLocaleString("en-GB");
  switch (line.door) {
    case "look":
      return `${at}  saw ${line.shown.length} things; open: ${line.open.join(", ")}`;
    case "ask": {
      const cost = line.cost_micros > 0 ? `, $${(line.cost_micros / 1_000_000).toFixed(4)}` : "";
      const how =
        line.failed === undefined ? `${line.tokens.input} + ${line.tokens.output} tokens${cost}` : plain(line.failed);
      return `${at}  asked ${plain(line.model)}: ${how}`;
    }
    case "act": {
      const hits = line.gate.map(({ what, evidence }) => ` [${plain(what)}: ${plain(evidence)}]`).join("");
      return `${at}  ${deed(line.decision)}: ${(line.code ?? line.outcome).replaceAll("_", " ")}${hits}`;
    }
    case "request": {
      const hits = line.gate.map(({ what, evidence }) => ` [${plain(what)}: ${plain(evidence)}]`).join("");
      return `${at}  ${plain(`${line.method} ${line.call ?? line.path}`)}: ${line.code ?? line.status}${hits}`;
    }
    case "verify":
      return `${at}  the network's question about ${plain(line.id)}: ${line.outcome}${line.hint === undefined ? "" : ` (${plain(line.hint)})`}`;
    case "state":
      return `${at}  ${line.code}${line.hint === undefined ? "" : `: ${plain(line.hint)}`}`;
  }
}
