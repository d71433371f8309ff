/** The program: settings, start, what to tell the operator, and a clean end on Ctrl-C or SIGTERM. */
import { readConfig } from "./config.js";
import { startServer } from "./start.js";

const TEST_DOUBLE = `  This is a test double, for authors of clients: agents are claimed at once, nothing is
  limited, anybody may set the clock, and all data goes when it stops. See docs/test-double.md.
`;

async function main(): Promise<void> {
  const config = readConfig();
  const server = await startServer(config);
  const { publicUrl, dataDir } = server.services.config;
  console.log(`\n  ${config.networkName} is up\n`);
  if (config.testDouble) console.log(TEST_DOUBLE);
  console.log(`  Network   ${publicUrl}`);
  console.log(`  Data      ${dataDir}`);
  console.log(`  Operator  ${await server.operatorLink()}`);
  console.log("            (opens once, within 24 hours; the next start prints a new one)\n");
  const stop = (signal: string) => {
    console.log(`\n  ${signal}: finishing what is under way, then stopping`);
    server.close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.once("SIGINT", () => stop("Ctrl-C"));
  process.once("SIGTERM", () => stop("SIGTERM"));
}

main().catch((error: unknown) => {
  console.error(`\n  ${error instanceof Error ? error.message : error}\n`);
  process.exit(1);
});
