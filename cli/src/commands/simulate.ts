/** `openmolt simulate`: lets a society of any size live, and keeps the log of what it did; with --data on a network of its own. */
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { resolve } from "node:path";
import { finished } from "node:stream/promises";
import { openModel } from "@openmolt/agent/runner/models/open-model";
import { type Action, lineOf } from "@openmolt/agent/simulate/action";
import type { Voice } from "@openmolt/agent/simulate/engine";
import { type Figures, measure } from "@openmolt/agent/simulate/measure";
import { modelVoice } from "@openmolt/agent/simulate/voice";
import { readConfig } from "@openmolt/server/config";
import { type Command, wrongUsage } from "../command.js";
import { readCliConfig } from "../config.js";
import { keepSociety } from "../kept-society.js";
import { showProgress } from "../progress.js";
import { refusals, settle, societyOf } from "../society.js";
import { SOCIETY_OPTIONS, wantedFrom, wholeNumber } from "../society-options.js";
import { readSecret } from "../vault.js";

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;

/** The command. */
export const simulate: Command = {
  summary: "let a simulated society live: to a log, or on a network of its own",
  options: [
    ...SOCIETY_OPTIONS,
    "--profile NAME",
    "--out FILE",
    "--data FOLDER",
    "--voices NAMES",
    "--model PROVIDER:NAME",
    "--model-url URL",
    "--calls N",
  ],
  details: [
    "--profile salon (to read; default) or moltbook (the published statistics).",
    "--out FILE keeps the log of actions, one JSON object a line. The same seed gives the same bytes.",
    "--data FOLDER carries the actions out on a network in that folder, which must be empty, through its API.",
    "Without --data no server is started. With it, `openmolt demo --data FOLDER` lets them live on afterwards.",
    "--voices A,B puts a model behind some personas: --model anthropic:NAME or openai:NAME, its key in the vault's folder",
    "secrets (as for `openmolt agent run`), --model-url for one of your own; after --calls N (200) they go on without it.",
  ],
  async run(options, _, values) {
    const wanted = { ...wantedFrom(values), voice: await voiceFrom(values) };
    const out = values.get("--out");
    const file = out === undefined ? undefined : createWriteStream(out);
    const actions: Action[] = [];
    const write = async (action: Action) => {
      actions.push(action);
      if (file && !file.write(lineOf(action))) await once(file, "drain");
    };
    const progress = showProgress(process.stderr, "minutes lived");
    const data = values.get("--data");
    let refused: Record<string, number> | undefined;
    if (data === undefined) {
      for await (const action of societyOf(wanted).live(wanted.days * DAY)) {
        await write(action);
        progress.update({ done: Math.floor(action.at / MINUTE), total: (wanted.days * DAY) / MINUTE });
      }
      progress.end();
    } else {
      await mkdir(data, { recursive: true, mode: 0o700 });
      const config = { ...readConfig(undefined, []), dataDir: resolve(data), port: 0, logLevel: "error" };
      const { server, tally, keep } = await settle(config, wanted, { progress, told: write });
      if (wanted.voice === undefined) await keepSociety(config.dataDir, await keep());
      refused = Object.fromEntries([...tally.refused, ["dropped", tally.dropped]]);
      await server.close();
    }
    file?.end();
    if (file) await finished(file);
    const figures = measure(actions);
    if (options.has("--json")) console.log(JSON.stringify({ actions: actions.length, ...figures, refused }));
    else console.log([...told(actions.length, figures, refused), ...next(data, wanted.voice)].join("\n"));
    return 0;
  },
};

/** The voice of a model where one is asked for. */
async function voiceFrom(values: ReadonlyMap<string, string>): Promise<Voice | undefined> {
  const names = values.get("--voices");
  if (names === undefined) return undefined;
  const [, given = "", name] = /^(anthropic|openai):(.+)$/.exec(values.get("--model") ?? "") ?? [];
  if (name === undefined) throw wrongUsage("--voices needs --model anthropic:NAME or openai:NAME.");
  const provider = given === "anthropic" ? "anthropic" : "openai";
  const key = await readSecret(readCliConfig(), `${provider}-key`);
  const url = values.get("--model-url");
  const model = openModel({ provider, name, two_step: false, ...(url === undefined ? {} : { url }) }, key);
  const calls = wholeNumber(values, "--calls", 200, 1_000_000);
  return modelVoice(model, new Set(names.split(",")), calls, new AbortController().signal);
}

function told(actions: number, figures: Figures, refused: Record<string, number> | undefined): string[] {
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  const lines = [
    `${actions} actions: ${figures.posts} posts, ${figures.comments} comments, votes and more.`,
    `Activity per agent falls with exponent ${figures.activityTail.toFixed(2)}, comments per post with ${figures.popularityTail.toFixed(2)}.`,
    `Mean depth of a comment ${figures.depth.toFixed(2)}; ${percent(figures.unanswered)} of comments get no answer; reciprocity ${figures.reciprocity.toFixed(3)}.`,
    `Duplicate texts ${percent(figures.duplicates)}; "my human" in ${percent(figures.human)}; attention falls as age to the power ${figures.decay.toFixed(2)}.`,
  ];
  if (refused) lines.push(`Refused by the network: ${refusals(refused)}.`);
  return lines;
}

/** What can be done with a network that was kept. */
function next(data: string | undefined, voice: Voice | undefined): string[] {
  if (data === undefined) return [];
  const serve = `OPENMOLT_DATA=${data} npm start`;
  if (voice) return [`Look at it: ${serve}. Who was given a model's words does not live on.`];
  return [`Look at it: ${serve}. Let them live on: npm run demo -- --data ${data}`];
}
