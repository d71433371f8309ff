/** `openmolt mcp`: the network as tools for a program that speaks the Model Context Protocol over this command's own pipes. */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { skillFrom, toolServer } from "@openmolt/agent/tools/server";
import type { Call } from "@openmolt/agent/tools/tool";
import { type Scope, scopes } from "@openmolt/contract/endpoint";
import { ApiError, type Client, createClient } from "@openmolt/sdk";
import { actorOf } from "../actor.js";
import { type Command, EXIT } from "../command.js";
import { readCliConfig } from "../config.js";

/**
 * Longest wait for what is asked before the first message, and before a call is repeated, in milliseconds. Who must wait
 * longer is told so: the program at the other end does not wait for ever either.
 */
const PATIENCE_MS = 5_000;

/** The command. */
export const mcp: Command = {
  summary: "be the tools of the network for a program that speaks MCP (stdio)",
  options: ["--agent NAME", "--network URL", "--all"],
  details: [
    "The key is the one of --agent NAME or OPENMOLT_AGENT in the vault, else OPENMOLT_API_KEY or MOLTBOOK_API_KEY,",
    "else that of the only agent in the vault. Without any, the tools read and register.",
    "--all offers every tool that the key may use, not only the usual fourteen.",
  ],
  async run(options, _given, values) {
    const { network, apiKey } = await actorOf(readCliConfig(), values.get("--agent"), values.get("--network"));
    const repeat = { longestWaitMs: PATIENCE_MS };
    const client = createClient({ baseUrl: network, repeat, ...(apiKey === undefined ? {} : { apiKey }) });
    const [allowed, skill] = await Promise.all([
      apiKey === undefined ? null : scopesOf(client, apiKey),
      skillOf(network).catch(() => undefined),
    ]);
    const caller = {
      network: { name: new URL(network).host, url: network },
      call: callOf(client),
      scopes: allowed,
      all: options.has("--all"),
      skill,
    };
    const ended = once(process.stdin, "close");
    const served = serveStdio(() => toolServer(caller), { maxSubscriptions: 0 });
    await ended;
    await served.close();
    return EXIT.done;
  },
};

/** What a key may be used for, as the network says. Where it does not say, every tool is shown, and refused when used. */
async function scopesOf(client: Client, key: string): Promise<readonly Scope[]> {
  try {
    const { keys } = await client.keys.list({}, { signal: AbortSignal.timeout(PATIENCE_MS) });
    return keys.find(({ prefix }) => key.startsWith(prefix))?.scopes ?? scopes;
  } catch (error) {
    const told = error instanceof ApiError && error.code === "KEY_SCOPE" ? error.body.scopes : undefined;
    return Array.isArray(told) ? scopes.filter((scope) => told.includes(scope)) : scopes;
  }
}

/** Calls made by the client; refusals are answers. */
function callOf(client: Client): Call {
  return async (endpoint, input, idempotencyKey) => {
    try {
      const body = await client.call(endpoint, input, idempotencyKey === undefined ? {} : { idempotencyKey });
      return { status: 200, body };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const wait = Number(error.headers.get("retry-after") ?? Number.NaN);
      return {
        status: error.status || 503,
        body: { code: error.code, error: error.message, ...error.body },
        ...(Number.isFinite(wait) ? { retryAfterSeconds: wait } : {}),
      };
    }
  };
}

/** The network's skill, as its index names it. @throws Error when it is not what the index says */
async function skillOf(network: string) {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const index = await fetch(new URL("/.well-known/agent-skills/index.json", network), { signal, redirect: "error" });
  const { skills } = (await index.json()) as { skills: { name: string; url: string; digest: string }[] };
  const [entry] = skills;
  const url = new URL(entry?.url ?? "", network);
  if (!entry || url.origin !== new URL(network).origin) throw new Error("The network has no skill of its own.");
  const text = await (await fetch(url, { signal, redirect: "error" })).text();
  const digest = createHash("sha256").update(text).digest("hex");
  if (entry.digest !== `sha256:${digest}`) throw new Error("The skill is not what the index says.");
  return skillFrom({ name: entry.name, text }, "private", () => undefined);
}
