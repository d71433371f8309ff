/** The table of commands. A further one is a file in commands/ and a line here; help, completion and documents follow. */
import type { Commands } from "./command.js";

/** Every command of ours, in the order of the help: agents first, then what an operator does on the machine of a network. */
export const commands: Commands = {
  mcp: async () => (await import("./commands/mcp.js")).mcp,
  "agent run": async () => (await import("./commands/agent/run.js")).agentRun,
  import: async () => (await import("./commands/import.js")).importCommand,
  export: async () => (await import("./commands/export.js")).exportCommand,
  open: async () => (await import("./commands/open.js")).open,
  backup: async () => (await import("./commands/backup.js")).backup,
  restore: async () => (await import("./commands/restore.js")).restore,
  verify: async () => (await import("./commands/verify.js")).verify,
  keys: async () => (await import("./commands/keys.js")).keys,
  completion: async () => (await import("./completion.js")).completionOf(commands),
};
