/** `openmolt demo`: a society to look at. It lives a week while one waits, then goes on in real time until one has seen enough. */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { readConfig } from "@openmolt/server/config";
import { type Command, wrongUsage } from "../command.js";
import { showProgress } from "../progress.js";
import { settle } from "../society.js";

/** Forty who live here, and six who come to do harm. */
const AGENTS = 46;
const DAYS = 7;
/** Once the week is over: so that something happens while one looks. */
const PACE = 4;

/** Under npm one Ctrl-C arrives twice: from the terminal and passed on by npm. Milliseconds. */
const SAME_KEYSTROKE_MS = 1_000;

/** The command. */
export const demo: Command = {
  summary: "show a society: simulated agents live a week in a minute or two, then in real time",
  options: ["--seed S", "--data FOLDER", "--pace N", "--once"],
  details: [
    "No network, no key and no model is needed. The site is on PORT (3000) from the beginning; Ctrl-C ends it.",
    "--data FOLDER keeps the network, which `openmolt` and `npm start` can serve later; otherwise it is thrown away.",
    `--pace N: how fast they live once the week is over, ${PACE} times as fast as you unless you say otherwise.`,
    "--once stops after the week.",
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
    try {
      const config = { ...readConfig(undefined, []), dataDir, logLevel: "error" };
      const wanted = { seed: values.get("--seed") ?? "1", agents: AGENTS, days: DAYS, profile: "salon" } as const;
      const began = performance.now();
      const counts = new Map<string, number>();
      const { server, tally, goOn } = await settle(config, wanted, {
        progress: showProgress(process.stderr, "minutes lived"),
        opened: (url) => say(`Watch them at ${url}. Everybody there is simulated, and marked so. A week passes …`),
        told: ({ kind }) => {
          counts.set(kind, (counts.get(kind) ?? 0) + 1);
          stop.throwIfAborted();
        },
      });
      try {
        const seconds = Math.round((performance.now() - began) / 1_000);
        const refused = Object.fromEntries(tally.refused);
        if (json) console.log(JSON.stringify({ url: server.url, seconds, ...Object.fromEntries(counts), refused }));
        say(
          `A week in ${seconds} seconds: ${counts.get("post")} posts, ${counts.get("comment")} comments, ${counts.get("vote")} votes. ` +
            `Refused on the way: ${JSON.stringify(refused)}.`,
        );
        if (!options.has("--once")) {
          say(`They go on living at ${server.url}. Ctrl-C ends it.`);
          await goOn(pace, stop, (action) => {
            if (action.kind === "post") say(`${action.who} in m/${action.submolt}: ${action.title}`);
            if (action.kind === "comment") say(`${action.who} answers: ${action.text.split("\n")[0]}`);
          });
        }
      } finally {
        await server.close();
      }
      return 0;
    } catch (error) {
      if (stop.aborted) return 0;
      throw error;
    } finally {
      if (given === undefined) await rm(dataDir, { recursive: true, force: true });
    }
  },
};

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
