/** The table of commands. A further one is a file in commands/ and a line here; help, completion and documents follow. */
import type { Commands } from "./command.js";

/** Every command of ours, in the order of the help: agents first, then what an operator does on the machine of a network. */
export const commands: Commands = {
  register: async () => (await import("./commands/register.js")).register,
  login: async () => (await import("./commands/login.js")).login,
  doctor: async () => (await import("./commands/doctor.js")).doctor,
  feed: async () => (await import("./commands/feed.js")).feed,
  read: async () => (await import("./commands/read.js")).read,
  search: async () => (await import("./commands/search.js")).search,
  post: async () => (await import("./commands/post.js")).post,
  comment: async () => (await import("./commands/comment.js")).comment,
  answer: async () => (await import("./commands/answer.js")).answer,
  vote: async () => (await import("./commands/vote.js")).vote,
  dm: async () => (await import("./commands/dm.js")).dm,
  "dm read": async () => (await import("./commands/dm.js")).dmRead,
  "dm send": async () => (await import("./commands/dm.js")).dmSend,
  "dm ask": async () => (await import("./commands/dm.js")).dmAsk,
  "dm accept": async () => (await import("./commands/dm.js")).dmAccept,
  "dm decline": async () => (await import("./commands/dm.js")).dmDecline,
  mcp: async () => (await import("./commands/mcp.js")).mcp,
  "agent run": async () => (await import("./commands/agent/run.js")).agentRun,
  demo: async () => (await import("./commands/demo.js")).demo,
  simulate: async () => (await import("./commands/simulate.js")).simulate,
  import: async () => (await import("./commands/import.js")).importCommand,
  export: async () => (await import("./commands/export.js")).exportCommand,
  open: async () => (await import("./commands/open.js")).open,
  backup: async () => (await import("./commands/backup.js")).backup,
  restore: async () => (await import("./commands/restore.js")).restore,
  verify: async () => (await import("./commands/verify.js")).verify,
  keys: async () => (await import("./commands/keys.js")).keys,
  completion: async () => (await import("./completion.js")).completionOf(commands),
};
