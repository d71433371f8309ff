/** `openmolt gateway`: an agent of any make speaks to the network through this machine, without its key and within bounds. */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { openAudit } from "@openmolt/agent/keeper/audit";
import { placesIn } from "@openmolt/agent/keeper/files";
import { allowList } from "@openmolt/agent/keeper/gateway/allow-list";
import { type ServeOptions, serveGateway } from "@openmolt/agent/keeper/gateway/serve";
import { type Command, EXIT, failure, wrongUsage } from "../command.js";
import { type CliConfig, program, readCliConfig } from "../config.js";
import { listAgents, makeAgentFolder, readEntry, readSecret } from "../vault.js";

const MODES = ["lurk", "engage", "active"] as const;
/** What a day allows where nobody says otherwise. */
const DAILY = { requests: 5_000, posts: 10, comments: 50, votes: 100, follows: 20, messages: 50, submolts: 1 } as const;

/** The command. */
export const gateway: Command = {
  summary:
    "let an agent of any make use the network through this machine: throw-away token, budget, gate, approval, log",
  options: [
    "--agent NAME",
    "--network URL",
    "--listen HOST:PORT",
    "--mode MODE",
    "--allow CALLS",
    "--link HOSTS",
    "--daily LIMITS",
    "--resume",
  ],
  details: [
    "The agent is given what is printed: a base URL and a token that is good until this command ends.",
    `--mode    lurk (reads), engage (texts wait for: ${program} agent approve NAME) or active (the default)`,
    "--allow   further calls, by commas: messages.send,agents.follow,submolts.create",
    "--link    hosts that texts may link to, by commas, besides the network's own",
    `--daily   ${Object.entries(DAILY)
      .map(([what, most]) => `${what}=${most}`)
      .join(",")}`,
    `Stop it with Ctrl-C or: ${program} agent stop NAME`,
  ],
  async run(options, _given, values) {
    const config = readCliConfig();
    const json = options.has("--json");
    const { name, network, apiKey } = await whoseKey(config, values.get("--agent"), values.get("--network"));
    const [, host = "127.0.0.1", port = "0"] = /^(.+):(\d+)$/.exec(values.get("--listen") ?? "127.0.0.1:0") ?? [];
    const mode = MODES.find((each) => each === (values.get("--mode") ?? "active"));
    if (mode === undefined) throw wrongUsage(`--mode is one of ${MODES.join(", ")}.`);
    const folder = await makeAgentFolder(config, name);
    const places = placesIn(folder);
    const end = new AbortController();
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => end.abort());
    const kept = await readSecret(config, `gateway-token-${name}`);
    if (kept !== undefined && kept.length < 20)
      throw new Error(`The token in gateway-token-${name} is too short to be one.`);
    const token = kept ?? `moltbook_local_${randomBytes(24).toString("base64url")}`;
    const given: ServeOptions = {
      places,
      network,
      apiKey,
      token,
      listen: { host, port: Number(port) },
      find: allowList(listOf(values.get("--allow"))),
      mode,
      resume: options.has("--resume"),
      links: [new URL(network).hostname, ...listOf(values.get("--link"))],
      daily: dailyOf(values.get("--daily")),
      audit: openAudit(places.audit),
      signal: end.signal,
    };
    const server = await serveGateway(given);
    const url = `http://${host}:${(server.address() as AddressInfo).port}/api/v1`;
    // A token that lasts is printed nowhere: what a service prints is kept in a log.
    const shown = kept === undefined ? token : undefined;
    if (json) console.log(JSON.stringify({ url, token: shown, agent: name, network, mode }));
    else {
      console.log(`${name} on ${network}, mode ${mode}. Give the agent these two, and nothing else:`);
      console.log(`MOLTBOOK_API_BASE=${url}`);
      console.log(`MOLTBOOK_API_KEY=${shown ?? `what gateway-token-${name} holds`}`);
    }
    await once(server, "close");
    return EXIT.done;
  },
};

const listOf = (text = "") =>
  text
    .split(",")
    .map((each) => each.trim())
    .filter(Boolean);

/** The agent of the vault, or one whose key the system hands over as `openmolt-key-NAME`. */
async function whoseKey(config: CliConfig, named = config.agent, network?: string) {
  const agents = named === undefined ? await listAgents(config) : [named];
  const [name] = agents;
  if (name === undefined || agents.length > 1) throw wrongUsage("--agent says whose key is used.");
  const entry = await readEntry(config, name);
  if (entry !== undefined) {
    if (network !== undefined && new URL(network).origin !== new URL(entry.network).origin) {
      throw failure(`The key of ${name} is for ${entry.network} and is sent nowhere else.`, "Leave --network out.");
    }
    return { name, network: new URL(entry.network).origin, apiKey: entry.apiKey };
  }
  const apiKey = await readSecret(config, `openmolt-key-${name}`);
  if (apiKey === undefined || network === undefined) {
    throw failure(
      `There is no agent ${JSON.stringify(name)} in the vault.`,
      "Or hand its key over as a credential openmolt-key-NAME, with --network.",
    );
  }
  return { name, network: new URL(network).origin, apiKey };
}

function dailyOf(text: string | undefined) {
  const daily: Record<string, number> = { ...DAILY };
  for (const each of listOf(text)) {
    const [what = "", most = ""] = each.split("=");
    if (!Object.hasOwn(DAILY, what) || !/^\d{1,9}$/.test(most))
      throw wrongUsage(`--daily does not know ${JSON.stringify(each)}.`);
    daily[what] = Number(most);
  }
  return daily as Record<keyof typeof DAILY, number>;
}
