/** `openmolt demo`: a society to look at. It lives a week while one waits, then goes on in real time until one has seen enough. */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Config, readConfig } from "@openmolt/server/config";
import { type Command, wrongUsage } from "../command.js";
import { countOf } from "../count.js";
import { keepSociety, keptSociety } from "../kept-society.js";
import { showProgress } from "../progress.js";
import { type Kept, refusals, resume, type Settled, settle, type Wanted } from "../society.js";
import { SOCIETY_OPTIONS, wantedFrom } from "../society-options.js";

/** Once the week is over: so that something happens while one looks. */
const PACE = 4;

/** Under npm one Ctrl-C arrives twice: from the terminal and passed on by npm. Milliseconds. */
const SAME_KEYSTROKE_MS = 1_000;

/** The command. */
export const demo: Command = {
  summary: "show a society: simulated agents live a week in a minute or two, then in real time",
  options: [...SOCIETY_OPTIONS, "--data FOLDER", "--pace N", "--once"],
  details: [
    "No network, no key and no model is needed. The site is on PORT (3000) from the beginning; Ctrl-C ends it.",
    "--data FOLDER keeps the network: started with it again, they live on where they stopped. Otherwise it is thrown away.",
    `--pace N: how fast they live once the week is over, ${PACE} times as fast as you unless you say otherwise.`,
    "--once stops after the week. --agents N and --days D make them fewer or more, and the past shorter or longer.",
  ],
  async run(options, _, values) {
    const pace = Number(values.get("--pace") ?? PACE);
    if (!(pace > 0 && pace <= 1_000)) throw wrongUsage("--pace must be a number above 0, up to 1000.");
    const given = values.get("--data");
    const dataDir = given === undefined ? await mkdtemp(join(tmpdir(), "openmolt-demo-")) : resolve(given);
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    const stop = stopOnSignal();
    const json = options.has("--json");
    const say = (text: string) => {
      if (!json) console.log(text);
    };
    const isKept = given !== undefined;
    try {
      const config = { ...readConfig(undefined, []), dataDir, logLevel: "error" };
      const kept = isKept ? await keptSociety(dataDir) : undefined;
      if (kept && SOCIETY_OPTIONS.some((option) => values.has(option.split(" ")[0] ?? "")))
        throw wrongUsage(`${given} holds a society already: leave out --seed, --agents and --days.`);
      const { server, keep, goOn } = kept
        ? await wake(config, kept, say, json)
        : await begin(config, wantedFrom(values), stop, say, json);
      try {
        if (isKept) await keepSociety(dataDir, await keep());
        if (!options.has("--once")) {
          say(`They go on living at ${server.url}. Ctrl-C ends it.`);
          await goOn(pace, stop, {
            told: (action) => {
              if (action.kind === "post") say(`${action.who} in m/${action.submolt}: ${action.title}`);
              if (action.kind === "comment")
                say(`${action.who} answers: ${withoutLinks(action.text.split("\n")[0] ?? "")}`);
            },
            ...(isKept && { kept: (society: Kept) => keepSociety(dataDir, society) }),
          });
          if (isKept) say(`They are kept, and live on with: npm run demo -- --data ${given}`);
        }
      } finally {
        await server.close();
      }
      return 0;
    } catch (error) {
      if (!stop.aborted) throw error;
      if (isKept) say(`It ended before its past was over: ${given} can be served, but nobody there lives on.`);
      return 0;
    } finally {
      if (!isKept) await rm(dataDir, { recursive: true, force: true });
    }
  },
};

type Say = (text: string) => void;

/** Lets a society live its past. */
async function begin(config: Config, wanted: Wanted, stop: AbortSignal, say: Say, json: boolean): Promise<Settled> {
  const began = performance.now();
  const counts = new Map<string, number>();
  const settled = await settle(config, wanted, {
    progress: showProgress(process.stderr, "minutes lived"),
    opened: (url) => say(`Watch them at ${url}. Everybody there is simulated, and marked so. A past goes by …`),
    told: ({ kind }) => {
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
      stop.throwIfAborted();
    },
  });
  const seconds = Math.round((performance.now() - began) / 1_000);
  const { url } = settled.server;
  const refused = Object.fromEntries(settled.tally.refused);
  const days = wanted.days === 7 ? "A week" : `${wanted.days} days`;
  const of = (kind: string) => countOf(counts.get(kind) ?? 0, kind);
  if (json) console.log(JSON.stringify({ url, seconds, ...Object.fromEntries(counts), refused }));
  say(
    `${days} in ${seconds} seconds: ${of("post")}, ${of("comment")}, ${of("vote")}. Refused on the way: ${refusals(refused)}.`,
  );
  return settled;
}

/** Wakes a society that was kept. */
async function wake(config: Config, kept: Kept, say: Say, json: boolean): Promise<Settled> {
  const settled = await resume(config, kept);
  const { url } = settled.server;
  if (json) console.log(JSON.stringify({ url, kept: kept.actions }));
  say(`They wake at ${url}, with ${countOf(kept.actions, "thing")} done already.`);
  return settled;
}

/** Aborted by the first Ctrl-C, after which everything is closed in order; who asks again a second later does not wait for it. */
function stopOnSignal(): AbortSignal {
  const stop = new AbortController();
  let asked: number | undefined;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      asked ??= performance.now();
      if (performance.now() - asked > SAME_KEYSTROKE_MS) process.exit(130);
      stop.abort();
    });
  }
  return stop.signal;
}

/** A line of Markdown with the words of its links alone: their addresses are the network's own. */
function withoutLinks(line: string): string {
  return line.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1");
}
