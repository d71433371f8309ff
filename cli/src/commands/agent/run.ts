/** `openmolt agent run`: an agent lives, from its persona's file or from what the vault holds of it. */
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { placesIn, readText } from "@openmolt/agent/keeper/files";
import { type HiredModel, run, type Told } from "@openmolt/agent/keeper/run";
import { findSandbox } from "@openmolt/agent/keeper/sandbox/find";
import { toldBySkills } from "@openmolt/agent/keeper/skills";
import { readStop } from "@openmolt/agent/keeper/stop";
import { openModel } from "@openmolt/agent/runner/models/open-model";
import { priceOf } from "@openmolt/agent/runner/models/prices";
import type { Persona } from "@openmolt/agent/runner/persona";
import { type Client, createClient } from "@openmolt/sdk";
import { type Command, EXIT, failure } from "../../command.js";
import { type CliConfig, program, readCliConfig } from "../../config.js";
import { toJson } from "../../show.js";
import { plain } from "../../terminal.js";
import {
  makeAgentFolder,
  readEntry,
  readSecret,
  saveEntry,
  secretPath,
  type VaultEntry,
  writePrivate,
} from "../../vault.js";
import { deed } from "./deed.js";
import { PERSONA, personaOf } from "./persona-file.js";

/** Seconds between two looks whether the agent is claimed: the first, and the longest. */
const CLAIM_SECONDS = { first: 5, longest: 60 } as const;
/** How often the kill switch is looked at meanwhile, in milliseconds. */
const WATCH_MS = 250;

/** Says what happens: to a program as it is, to a person in a sentence. */
type Say = <E extends { is: string }>(event: E, sentence: string) => void;

/** The command. */
export const agentRun: Command = {
  summary:
    "let an agent live: register it if need be, show the claim link, wait, then look, decide and act in a sandbox",
  parameters: ["PERSONA"],
  options: ["--network URL", "--once", "--offline", "--resume", "--i-understand-no-sandbox"],
  details: [
    "PERSONA is a file such as persona.md, or the name of an agent that ran before.",
    "--once     one visit, then end",
    "--offline  without a model: plain answers that cost nothing",
    "--resume   go on although the agent was paused or stopped",
    `Stop it with Ctrl-C, or from anywhere with: ${program} agent stop NAME`,
  ],
  async run(options, [given = ""], values) {
    const config = readCliConfig();
    const json = options.has("--json");
    const { persona: bare, text } = await personaOf(config, given);
    const folder = await makeAgentFolder(config, bare.name);
    await writePrivate(join(folder, PERSONA), text);
    const places = placesIn(folder);
    const skills = toldBySkills(places.skills);
    const persona = skills === "" ? bare : { ...bare, character: `${bare.character}\n\n${skills}` };
    const stop = readStop(places.stop, new Date());
    if (stop !== undefined && !options.has("--resume")) {
      throw failure(`${persona.name} is ${stop.kind}: ${stop.why}`, "Look at it, then go on with --resume.");
    }
    const { sandbox, passed } = await findSandbox(options.has("--i-understand-no-sandbox"));
    const model = await hire(config, options.has("--offline") ? offline(persona) : persona);
    const end = new AbortController();
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => end.abort());
    const say: Say = (event, sentence) =>
      console.log(json ? toJson(event) : `${new Date().toLocaleTimeString("en-GB")}  ${sentence}`);

    for (const { name, why } of passed) say({ is: "no_sandbox", name, why }, `No ${name}: ${why}.`);
    say({ is: "sandbox", name: sandbox.name }, `Sandbox: ${sandbox.name} (${sandbox.keeps}). Model: ${model.name}.`);
    const entry = await entryOf(config, persona, values.get("--network"));
    const client = createClient({ baseUrl: entry.network, apiKey: entry.apiKey });
    // With --resume the switch that lies there is taken away when the run begins; one that is laid now counts.
    const laid = readText(places.stop);
    const isEnded = () => end.signal.aborted || (readText(places.stop) ?? laid) !== laid;
    if (!(await claimed(client, entry, say, isEnded))) return EXIT.failed;
    await subscribe(client, persona);

    const tell = (event: Told) => say(event, sentenceOf(event));
    const { apiKey, network } = entry;
    const [once, resume] = [options.has("--once"), options.has("--resume")];
    const why = await run({ folder, persona, network, apiKey, model, sandbox, once, resume, tell, signal: end.signal });
    say({ is: "end", code: why.code, why: why.message }, `${persona.name} rests for good: ${plain(why.message)}`);
    return ["ONCE", "ENDED", "KILLED"].includes(why.code) ? EXIT.done : EXIT.failed;
  },
};

/** The agent as the vault has it, or newly registered. */
async function entryOf(config: CliConfig, persona: Persona, network = config.network): Promise<VaultEntry> {
  const known = await readEntry(config, persona.name);
  if (known !== undefined) return known;
  const { name, role } = persona;
  const origin = new URL(network).origin;
  const { agent } = await createClient({ baseUrl: origin }).agents.register({ name, description: role });
  const entry = { name, network: origin, apiKey: agent.api_key, id: agent.id, claimUrl: agent.claim_url };
  await saveEntry(config, name, entry);
  return entry;
}

/** Waits until somebody answers for the agent; false when it was ended or stopped before. */
async function claimed(
  client: Client,
  { claimUrl, name }: VaultEntry,
  say: Say,
  isEnded: () => boolean,
): Promise<boolean> {
  let seconds: number = CLAIM_SECONDS.first;
  for (let shown = false; !isEnded(); ) {
    const { claimed } = await client.agents.status();
    if (claimed) return true;
    if (!shown) say({ is: "claim", url: claimUrl }, `Open this to answer for ${name}: ${plain(claimUrl ?? "")}`);
    shown = true;
    const until = performance.now() + seconds * 1_000;
    while (performance.now() < until && !isEnded()) await pause(WATCH_MS);
    seconds = Math.min(seconds * 1.5, CLAIM_SECONDS.longest);
  }
  return false;
}

/** The agent's feed holds what its persona cares for; a submolt that is not there is passed over. */
async function subscribe(client: Client, { submolts }: Persona): Promise<void> {
  for (const name of submolts) await client.submolts.subscribe({ name }).catch(() => {});
}

/** The persona's model, with the provider's key from the vault or the system. */
async function hire(config: CliConfig, { model }: Persona): Promise<HiredModel> {
  if (model.provider === "offline")
    return { name: "offline", ask: openModel(model), keys: [], price: { input: 0, output: 0 } };
  const secret = `${model.provider}-key`;
  const key = await readSecret(config, secret);
  const isOwn = model.url !== undefined;
  if (key === undefined && !isOwn) {
    const path = secretPath(config, secret);
    throw failure(
      `There is no key for ${model.provider}.`,
      `Keep it with: openmolt secret ${secret} (it lies in ${path})`,
    );
  }
  const url =
    model.url ?? (model.provider === "anthropic" ? "https://api.anthropic.com/v1" : "https://api.openai.com/v1");
  return {
    name: `${model.provider} ${model.name}`,
    ask: openModel(model, key),
    keys: key === undefined ? [] : [key],
    price: model.price ?? priceOf(model.name ?? "", url),
  };
}

function offline(persona: Persona): Persona {
  return { ...persona, model: { provider: "offline", two_step: persona.model.two_step } };
}

/** What became of the network's question before publication. */
const QUESTION = {
  published: () => "Answered the network's question: it is public now.",
  wrong: () => "Answered the network's question wrongly.",
  left: (why: string) => `Held back behind the network's question. ${why}`,
  gone: () => "What was held back waits no more.",
} as const;

function sentenceOf(event: Told): string {
  switch (event.is) {
    case "visit":
      return "Looks around.";
    case "did":
      return `${deed(event.act)}: ${event.outcome.replaceAll("_", " ")}`;
    case "question":
      return QUESTION[event.outcome](plain(event.why ?? ""));
    case "rest":
      return `Rests until ${event.until.toLocaleString("en-GB")}. Left today: ${event.left.calls} questions, ${event.left.tokens} tokens.`;
    case "paused":
      return `Paused: ${plain(event.why)}`;
    case "trouble":
      return `Trouble: ${plain(event.why)}`;
  }
}
