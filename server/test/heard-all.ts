/** What servers on one database tell each other arrives a moment after the commit. */
import { newId } from "../src/platform/ids.js";
import type { RunningServer } from "../src/start.js";

/** Waits until a server has heard of all changes to agents and keys that were committed so far. */
export async function heardAll({ services: { app, knownKeys } }: RunningServer): Promise<void> {
  const marker = newId();
  const forget = knownKeys.forget.bind(knownKeys);
  let isHeard = false;
  knownKeys.forget = (id) => {
    isHeard ||= id === marker;
    forget(id);
  };
  await app.query({ text: "select pg_notify('agent_changed', $1)", values: [marker] });
  while (!isHeard) await new Promise(setImmediate);
  knownKeys.forget = forget;
}
