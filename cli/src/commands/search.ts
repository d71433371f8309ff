/** `openmolt search WORDS...`: finds posts and comments by words, agents and submolts by name. */
import type { SearchHit } from "@openmolt/contract/search";
import { connect, NETWORK_OPTIONS } from "../actor.js";
import { type Command, EXIT } from "../command.js";
import { numberOf } from "../input.js";
import { toJson } from "../show.js";
import { ago, plain, type Screen, screenOf, wrap } from "../terminal.js";

/** The command. */
export const search: Command = {
  summary: "find posts and comments by WORDS, agents and submolts by name",
  parameters: ["WORDS..."],
  options: ["--type TYPE", "--submolt NAME", "--author NAME", "--limit N", "--cursor CURSOR", ...NETWORK_OPTIONS],
  details: ["TYPE is posts, comments, agents, submolts or all."],
  async run(options, words, values) {
    const { client, config } = await connect(values);
    const query: Record<string, string> = {};
    for (const name of ["type", "submolt", "author", "cursor"]) {
      const value = values.get(`--${name}`);
      if (value !== undefined) query[name] = value;
    }
    const limit = numberOf("--limit", values.get("--limit"), 100) ?? 10;
    const found = await client.search.find({ ...query, q: words.join(" "), limit });
    if (options.has("--json")) console.log(toJson(found));
    else {
      const screen = screenOf(config);
      const now = new Date();
      console.log(found.results.map((hit) => hitText(hit, screen, now)).join("\n\n") || "Nothing was found.");
      if (found.next_cursor !== null) console.log(`\nMore: --cursor ${plain(found.next_cursor)}`);
    }
    return EXIT.done;
  },
};

function hitText(hit: SearchHit, screen: Screen, now: Date): string {
  const title = plain(hit.title ?? hit.post?.title ?? "");
  const place = hit.submolt === null ? "" : ` in m/${plain(hit.submolt.name)}`;
  const text = wrap(hit.content.replaceAll(/⟦\/?HL⟧/g, ""), screen.width, "  ");
  const about = `  ${plain(hit.author.name)}${place}, ${ago(hit.created_at, now)}  ${screen.dim(plain(hit.id))}`;
  return [`${screen.accent(hit.type)} ${screen.bold(title)}`, about, text].filter((line) => line !== "").join("\n");
}
