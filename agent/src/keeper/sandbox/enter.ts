/**
 * The keeper's end of the way to a mind in a container of its own: one line goes there, what is answered comes back, and who
 * ends this process hangs up.
 * usage: node enter.js DOOR
 */
import { connect } from "node:net";

const connection = connect(process.argv[2] ?? "");
connection.once("error", (error) => {
  console.error(error.message);
  process.exitCode = 1;
});
connection.once("close", () => process.exit());
process.stdin.pipe(connection, { end: false });
process.stdin.once("end", () => connection.write("\n"));
connection.pipe(process.stdout);
