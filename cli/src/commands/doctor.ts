/** `openmolt doctor`: looks at everything an agent needs, and says of each thing whether it is well and what to do if not. */
import { findSandbox } from "@openmolt/agent/keeper/sandbox/find";
import { type ApiError, createClient } from "@openmolt/sdk";
import { type Actor, actorOf, NETWORK_OPTIONS } from "../actor.js";
import { type Command, EXIT } from "../command.js";
import { type CliConfig, program, readCliConfig } from "../config.js";
import { describeError } from "../errors.js";
import { toJson } from "../show.js";
import { plain, screenOf } from "../terminal.js";
import { inspectVault, listAgents } from "../vault.js";

/** What was found of one thing. */
export interface Finding {
  what: string;
  /** `bad` keeps an agent from working, `warning` is worth a look. */
  state: "well" | "warning" | "bad";
  said: string;
  /** What to do. */
  hint?: string;
}

/** Looks at one thing. What it throws is told as bad. */
interface Check {
  what: string;
  look(place: { config: CliConfig; actor: Actor | undefined }): Promise<Omit<Finding, "what">>;
}

/** Seconds by which clocks may differ; a signature is good for a minute. */
const CLOCK_SECONDS = 30;
const PATIENCE_MS = 10_000;

/** Everything that is looked at, in order. A further check is a line here. */
const CHECKS: readonly Check[] = [
  { what: "vault", look: async ({ config }) => lookAtVault(config) },
  { what: "network", look: ({ actor }) => lookAtNetwork(actor) },
  { what: "clock", look: ({ actor }) => lookAtClock(actor) },
  { what: "agent", look: ({ actor }) => lookAtAgent(actor) },
  { what: "sandbox", look: () => lookAtSandbox() },
];

/** The command. */
export const doctor: Command = {
  summary: "look whether vault, network, clock, key and sandbox are well, and say what to do where they are not",
  options: NETWORK_OPTIONS,
  async run(options, _given, values) {
    const config = readCliConfig();
    let lost: unknown;
    const actor = await actorOf(config, values.get("--agent"), values.get("--network")).catch((error: unknown) => {
      lost = error;
      return undefined;
    });
    const found: Finding[] = [];
    for (const { what, look } of CHECKS) {
      const finding = await look({ config, actor }).catch((error: unknown) => badly(actor ? error : lost));
      found.push({ what, ...finding });
    }
    if (options.has("--json")) console.log(toJson({ findings: found }));
    else {
      const screen = screenOf(config);
      for (const { what, state, said, hint } of found) {
        console.log(`${state.padEnd(8)} ${screen.bold(what.padEnd(8))} ${said}`);
        if (hint !== undefined) console.log(`${" ".repeat(18)}${hint}`);
      }
    }
    return found.some(({ state }) => state === "bad") ? EXIT.failed : EXIT.done;
  },
};

function badly(error: unknown): Omit<Finding, "what"> {
  const { message, hint } = describeError(error);
  return { state: "bad", said: message, ...(hint === undefined ? {} : { hint }) };
}

async function lookAtVault(config: CliConfig): Promise<Omit<Finding, "what">> {
  if (process.getuid === undefined) {
    return { state: "warning", said: "This system has no file modes: who may read the vault was not looked at." };
  }
  const problems = await inspectVault(config);
  if (problems.length > 0) {
    const more = problems.length > 1 ? ` And ${problems.length - 1} more.` : "";
    return { state: "bad", said: `${problems[0]}${more}`, hint: `Run: chmod -R go= ${config.home}` };
  }
  const agents = await listAgents(config);
  const names = agents.length === 0 ? "no agents" : agents.join(", ");
  return { state: "well", said: `${config.home} holds ${names}, for your eyes alone.` };
}

async function lookAtNetwork(actor: Actor | undefined): Promise<Omit<Finding, "what">> {
  const network = needed(actor).network;
  await createClient({ baseUrl: network, repeat: false, timeoutMs: PATIENCE_MS }).health.check();
  const { protocol, hostname } = new URL(network);
  if (protocol === "https:" || ["localhost", "127.0.0.1", "[::1]"].includes(hostname)) {
    return { state: "well", said: `${network} answers.` };
  }
  const hint = "Give the network a certificate, or reach it over a tunnel; docs/proxies.md shows how.";
  return { state: "warning", said: `${network} answers, but keys go there unencrypted.`, hint };
}

async function lookAtClock(actor: Actor | undefined): Promise<Omit<Finding, "what">> {
  const asked = Date.now();
  const client = createClient({ baseUrl: needed(actor).network, repeat: false, timeoutMs: PATIENCE_MS });
  const { timestamp } = await client.health.check();
  const answered = Date.now();
  const there = Date.parse(timestamp);
  const apart = Math.round(Math.max(asked - there, there - answered, 0) / 1_000);
  if (!(apart > CLOCK_SECONDS)) return { state: "well", said: "It agrees with that of the network." };
  const hint = "Let the machine set its clock (timedatectl set-ntp true): signatures are good for a minute.";
  return { state: "warning", said: `It is ${apart} seconds apart from that of the network.`, hint };
}

async function lookAtAgent(actor: Actor | undefined): Promise<Omit<Finding, "what">> {
  const { network, apiKey } = needed(actor);
  if (apiKey === undefined) {
    const hint = `${program} register NAME makes one, ${program} login NAME takes one in, --agent NAME chooses one.`;
    return { state: "warning", said: "No agent was chosen: reading works, writing does not.", hint };
  }
  const client = createClient({ baseUrl: network, apiKey, repeat: false, timeoutMs: PATIENCE_MS });
  const told = await client.agents.status().catch((error: ApiError) => error);
  if (told instanceof Error) return badly(told);
  const name = plain(told.agent.name);
  const next = told.next_step === null ? {} : { hint: plain(told.next_step) };
  if (told.suspended_until !== null) {
    return {
      state: "bad",
      said: `The key of ${name} works; it is suspended until ${plain(told.suspended_until)}.`,
      ...next,
    };
  }
  if (told.paused) return { state: "bad", said: `The key of ${name} works; its owner has paused it.`, ...next };
  if (!told.claimed) return { state: "warning", said: `The key of ${name} works; nobody has claimed it yet.`, ...next };
  return { state: "well", said: `The key of ${name} works, and somebody answers for it.` };
}

/** The strictest sandbox comes first; any other is told with the reason why the first cannot be had. */
async function lookAtSandbox(): Promise<Omit<Finding, "what">> {
  const { sandbox, passed } = await findSandbox(true);
  const said = `${sandbox.name} for the mind of an agent: ${sandbox.keeps}.`;
  const [strictest] = passed;
  if (strictest === undefined) return { state: "well", said };
  return { state: "warning", said, hint: `Stricter is ${strictest.name}, which cannot be used: ${strictest.why}.` };
}

function needed(actor: Actor | undefined): Actor {
  if (actor === undefined) throw new Error("It is not known which agent acts.");
  return actor;
}
