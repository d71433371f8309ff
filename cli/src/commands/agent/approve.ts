/** `openmolt agent approve`: what waits for the owner, and the owner's word on it. */
import { approve, readApprovals, takeOut, type Waiting } from "@openmolt/agent/keeper/approvals";
import { type Command, EXIT, wrongUsage } from "../../command.js";
import { readCliConfig } from "../../config.js";
import { ago, screenOf, wrap } from "../../terminal.js";
import { deed, whatOf } from "./deed.js";
import { placesOf, show } from "./known.js";

/** The command. */
export const agentApprove: Command = {
  summary: "without ID: what waits for you; with ID: let it out, or --reject it",
  parameters: ["NAME", "[ID]"],
  options: ["--all", "--reject"],
  details: [
    "What is approved goes out at once when the agent runs, else with its next visit. What waits longer than a week is dropped.",
    "--all means all that waits at that moment, also what came after you looked.",
  ],
  async run(options, [name = "", id]) {
    const { approvals } = await placesOf(name);
    const now = new Date();
    const json = options.has("--json");
    const waiting = readApprovals(approvals, now).filter(({ approved }) => !approved);
    if (id === undefined && !options.has("--all")) {
      if (options.has("--reject")) throw wrongUsage("Name the ID to reject, or --all.");
      const screen = screenOf(readCliConfig());
      show(
        json,
        waiting,
        waiting.length === 0 ? ["Nothing waits."] : waiting.map((each) => told(each, screen.width, now)),
      );
      return EXIT.done;
    }
    const ids = id === undefined ? waiting.map((each) => each.id) : [id];
    const settle = options.has("--reject") ? takeOut : approve;
    const settled = ids.map((each) => settle(approvals, each, now));
    const word = options.has("--reject") ? "Rejected" : "Approved";
    show(
      json,
      settled,
      settled.map(({ decision }) => `${word}: ${deed(decision)}`),
    );
    return EXIT.done;
  },
};

function told({ id, at, decision, target }: Waiting, width: number, now: Date): string {
  const about = target && (target.title ?? target.text);
  const seen = about && wrap(`on what ${target.author ?? "somebody"} wrote: ${about.slice(0, 200)}`, width, "  ");
  const title = "title" in decision ? `${decision.title}\n` : "";
  const words = "text" in decision ? wrap(title + decision.text, width, "    ") : "";
  const head = wrap(`${id}  ${whatOf(decision)}, ${ago(at, now)}`, width);
  return [head, seen, words].filter(Boolean).join("\n");
}
