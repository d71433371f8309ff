/** The program: settings, start, what to tell the operator, and a clean end on Ctrl-C or SIGTERM. */
import { ConfigError, readConfig } from "./config.js";
import { startServer } from "./start.js";

async function main(): Promise<void> {
  const config = readConfig();
  const server = await startServer(config);
  console.log(`\n  ${config.networkName} is up\n`);
  console.log(`  Network   ${config.publicUrl}`);
  console.log(`  Data      ${server.services.config.dataDir}`);
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
  console.error(error instanceof ConfigError ? error.message : error);
  process.exit(1);
});
