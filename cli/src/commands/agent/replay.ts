/** `openmolt agent replay`: the decisions of the audit log once more, by the offline model. Nothing is sent anywhere. */
import { readAudit } from "@openmolt/agent/keeper/audit";
import { replay } from "@openmolt/agent/runner/replay";
import { type Command, EXIT } from "../../command.js";
import { readCliConfig } from "../../config.js";
import { deed } from "./deed.js";
import { placesOf, show } from "./known.js";
import { personaOf } from "./persona-file.js";

/** The command. */
export const agentReplay: Command = {
  summary: "decide once more what was decided, with the offline model, and compare",
  parameters: ["NAME"],
  async run(options, [name = ""]) {
    const places = await placesOf(name);
    const { persona } = await personaOf(readCliConfig(), name);
    const steps = await replay(readAudit(places.audit), persona);
    const same = steps.filter(({ isSame }) => isSame).length;
    const lines = steps.map(({ at, was, would, isSame }) =>
      isSame
        ? `${at}  same: ${deed(was)}`
        : `${at}  then: ${deed(was)}\n${" ".repeat(at.length)}  now:  ${deed(would)}`,
    );
    show(options.has("--json"), { steps, same }, [...lines, `${same} of ${steps.length} decisions are the same.`]);
    return EXIT.done;
  },
};
