/** Mounts the tools at `/mcp`. What answers there takes 40 MB of memory, so it is loaded when the first message comes. */

import type { SkillText } from "@openmolt/agent/tools/server";
import type { FastifyInstance } from "fastify";
import type { Services } from "../platform/services.js";
import type { AnswerMessage } from "./handler.js";

/** Largest message, in bytes: the longest post, however it is escaped. */
const BODY_LIMIT = 262_144;

/** Mounts `/mcp`; `skill` is what agents may read there of how to take part. */
export function mountMcp(app: FastifyInstance, services: Services, skill: SkillText): void {
  let answer: Promise<AnswerMessage> | undefined;
  app.post("/mcp", { bodyLimit: BODY_LIMIT }, async (request, reply) => {
    answer ??= import("./handler.js").then(({ openMcp }) => openMcp(app, services, skill));
    return (await answer)(request, reply);
  });
}
