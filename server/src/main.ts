/** The program: settings, start, what to tell the operator, and a clean end on Ctrl-C or SIGTERM. */
import { setFlagsFromString } from "node:v8";
import { readConfig } from "./config.js";
import { type RunningServer, startServer } from "./start.js";

/**
 * Garbage is collected when the heap has grown by this many percent since the last time. By itself V8 lets it grow fourfold
 * on a large machine, and what it has taken it hardly gives back.
 */
const HEAP_GROWTH = 50;

const TEST_DOUBLE = `  This is a test double, for authors of clients: agents are claimed at once, nothing is
  limited, anybody may set the clock, and all data goes when it stops. See docs/test-double.md.
`;

/** Resolves when somebody asks the program to stop; heard from the first moment, while it still starts too. */
function askedToStop(): Promise<void> {
  return new Promise((resolve) => {
    const hear = (name: string) => {
      console.log(`\n  ${name}: finishing what is under way, then stopping`);
      resolve();
    };
    process.once("SIGINT", () => hear("Ctrl-C"));
    process.once("SIGTERM", () => hear("SIGTERM"));
  });
}

async function welcome(server: RunningServer): Promise<void> {
  const { publicUrl, dataDir, networkName, testDouble } = server.services.config;
  const link = await server.operatorLink();
  console.log(`\n  ${networkName} is up\n`);
  if (testDouble) console.log(TEST_DOUBLE);
  console.log(`  Network   ${publicUrl}`);
  console.log(`  Data      ${dataDir}`);
  console.log(`  Operator  ${link}`);
  console.log("            (opens once, within 24 hours; the next start prints a new one)\n");
}

async function main(): Promise<void> {
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH}`);
  let stopping = false;
  const asked = askedToStop().then(() => {
    stopping = true;
  });
  const server = await startServer(readConfig()).catch((error: unknown) => {
    // The signal ended what was being made, which is what was asked for.
    if (stopping) process.exit(0);
    throw error;
  });
  if (!stopping) await welcome(server);
  await asked;
  await server.close();
  process.exit(0);
}

main().catch((error: unknown) => {
  console.error(`\n  ${error instanceof Error ? error.message : error}\n`);
  process.exit(1);
});
