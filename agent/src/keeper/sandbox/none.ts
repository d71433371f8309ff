/** No sandbox: only the environment is kept from the mind. For those who accept that in so many words. */
import { WORKER } from "./parts.js";
import type { Sandbox } from "./sandbox.js";

/** A plain process. */
export const none: Sandbox = {
  name: "none",
  keeps: "nothing but the environment: the mind's process can do what you can",
  missing: async () => undefined,
  launch: (socket, args) => ({ command: process.execPath, args: args(WORKER), env: {}, address: socket }),
};
