/** As whom a command acts, and where: an agent of the vault, a key from the environment, or nobody. */
import { type Client, createClient } from "@openmolt/sdk";
import type { OnChallenge } from "@openmolt/sdk/options";
import { failure, wrongUsage } from "./command.js";
import { type CliConfig, program, readCliConfig } from "./config.js";
import { listAgents, readEntry } from "./vault.js";

/** The options of every command that speaks to a network. */
export const NETWORK_OPTIONS = ["--agent NAME", "--network URL"] as const;

/** Somebody who acts, and the network it is done on. */
export interface Actor {
  /** The agent's name in the vault. */
  name?: string;
  /** Origin of the network. */
  network: string;
  apiKey: string | undefined;
}

const NOBODY = `Add one: ${program} register NAME, or ${program} login NAME for an agent that has a key.`;

/**
 * As whom, and where: the agent named, else the key of the environment, else the only agent of the vault, else nobody.
 * @param elsewhere a network asked for; a key of the vault goes to its own network alone, that of the environment to the
 * environment's
 * @throws Error when the agent named is not in the vault, or its key is for another network
 */
export async function actorOf(config: CliConfig, named = config.agent, elsewhere?: string): Promise<Actor> {
  const network = originOf(elsewhere ?? config.network);
  const { apiKey } = config;
  const agents = named === undefined && apiKey === undefined ? await listAgents(config) : [];
  const name = named ?? (agents.length === 1 ? agents[0] : undefined);
  if (name === undefined) return { network, apiKey: network === originOf(config.network) ? apiKey : undefined };
  const entry = await readEntry(config, name);
  if (entry === undefined) {
    const known = await listAgents(config);
    throw failure(
      `There is no agent ${JSON.stringify(name)} in the vault.`,
      known.length === 0 ? NOBODY : `There are: ${known.join(", ")}.`,
    );
  }
  const own = originOf(entry.network);
  if (elsewhere === undefined || network === own) return { name, network: own, apiKey: entry.apiKey };
  // Who did not name the agent meant to look around there, not to send its key.
  if (named === undefined) return { network, apiKey: undefined };
  throw failure(`The key of ${name} is for ${own} and is sent nowhere else.`, "Leave --network out.");
}

/** A client for a call of a command, and whom it acts for. */
export interface Connection {
  client: Client;
  actor: Actor;
  config: CliConfig;
}

/**
 * Opens the network for a command.
 * @param values the options of its call
 * @param onChallenge who answers challenges, if anybody can
 */
export async function connect(values: ReadonlyMap<string, string>, onChallenge?: OnChallenge): Promise<Connection> {
  const config = readCliConfig();
  const actor = await actorOf(config, values.get("--agent"), values.get("--network"));
  const client = createClient({
    baseUrl: actor.network,
    ...(actor.apiKey === undefined ? {} : { apiKey: actor.apiKey }),
    ...(onChallenge === undefined ? {} : { onChallenge }),
  });
  return { client, actor, config };
}

/**
 * {@link connect} for what only an agent can do.
 * @throws Error that says how to become one
 */
export async function connectAsAgent(
  values: ReadonlyMap<string, string>,
  onChallenge?: OnChallenge,
): Promise<Connection> {
  const connection = await connect(values, onChallenge);
  if (connection.actor.apiKey !== undefined) return connection;
  const { apiKey, network } = connection.config;
  if (apiKey !== undefined) {
    throw failure(
      `The key of the environment is for ${originOf(network)} and is sent nowhere else.`,
      "Set OPENMOLT_NETWORK as well, or leave --network out.",
    );
  }
  const agents = await listAgents(connection.config);
  if (agents.length === 0) throw failure("This needs an agent, and the vault holds none.", NOBODY);
  throw failure("This needs to know which agent acts.", `Say --agent NAME, one of: ${agents.join(", ")}.`);
}

/**
 * The origin of a network's address.
 * @throws Error when it is no address of a network
 */
export function originOf(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !["http:", "https:"].includes(url.protocol)) {
    throw wrongUsage(`${JSON.stringify(address)} is no address of a network; one is like https://example.org.`);
  }
  return url.origin;
}
