/** The `openmolt` command line. */
import { EXIT } from "./command.js";
import { commands } from "./commands.js";
import { run } from "./run.js";

// Whoever reads our output may stop reading, as `head` does.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  process.exit(error.code === "EPIPE" ? EXIT.done : EXIT.failed);
});
process.exitCode = await run(process.argv.slice(2), commands);
