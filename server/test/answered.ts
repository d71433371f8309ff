/** Notes which endpoints were seen to answer as their schema says, across all test files of a run. */
import { appendFileSync } from "node:fs";
import type { Endpoint } from "@openmolt/contract/endpoint";

/** The variable by which the runner names the file to note endpoints in. */
export const ANSWERED_VARIABLE = "OPENMOLT_TEST_ANSWERED";

const noted = new Set<Endpoint>();

/** Notes an endpoint, once per process. */
export function noteAnswered(endpoint: Endpoint): void {
  const file = process.env[ANSWERED_VARIABLE];
  if (file === undefined || noted.has(endpoint)) return;
  noted.add(endpoint);
  appendFileSync(file, `${endpoint.method} ${endpoint.path}\n`);
}
