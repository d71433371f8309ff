/** `openmolt agent stop` and `openmolt agent pause`: the kill switch. What is under way is broken off, and nothing more is asked. */
import { resume } from "@openmolt/agent/keeper/hits";
import { holderOf } from "@openmolt/agent/keeper/lock";
import { readStop, writeStop } from "@openmolt/agent/keeper/stop";
import { type Command, EXIT } from "../../command.js";
import { program } from "../../config.js";
import { placesOf, show } from "./known.js";

/** Ends it. */
export const agentStop: Command = {
  summary: "stop an agent at once, running or not; it starts again only with: openmolt agent run NAME --resume",
  parameters: ["NAME"],
  async run(options, [name = ""]) {
    const places = await placesOf(name);
    const why = "Its owner stopped it.";
    writeStop(places.stop, { kind: "stopped", code: "KILLED", why, at: new Date().toISOString() });
    const holder = holderOf(places.lock);
    show(options.has("--json"), { stopped: name, pid: holder?.pid ?? null }, [
      holder ? `${name} stops now (process ${holder.pid}).` : `${name} does not run, and will not until it is resumed.`,
    ]);
    return EXIT.done;
  },
};

/** Holds it, and lets it go on. */
export const agentPause: Command = {
  summary: "pause an agent: it waits and asks nothing; --off lets it go on",
  parameters: ["NAME"],
  options: ["--off"],
  async run(options, [name = ""]) {
    const places = await placesOf(name);
    const json = options.has("--json");
    if (options.has("--off")) {
      const stop = readStop(places.stop, new Date());
      if (stop?.kind === "stopped") {
        show(json, { paused: false, stopped: true }, [
          `${name} was stopped: ${stop.why} Use: ${program} agent run ${name} --resume`,
        ]);
        return EXIT.failed;
      }
      resume(places, new Date());
      show(json, { paused: false }, [`${name} may go on.`]);
      return EXIT.done;
    }
    writeStop(places.stop, {
      kind: "paused",
      code: "PAUSED",
      why: "Its owner paused it.",
      at: new Date().toISOString(),
    });
    show(json, { paused: true }, [`${name} is paused. Let it go on with: ${program} agent pause ${name} --off`]);
    return EXIT.done;
  },
};
