/** The pages of docs/agents: their commands and programs run as they stand there, the rest is used as configuration. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { startMessagesApi } from "./messages-api.mjs";
import { startNetwork } from "./network.mjs";

const pages = fileURLToPath(new URL("../docs/agents/", import.meta.url));
/** Whose installed packages the programs of the pages use; OPENMOLT_PAGES_BESIDE is another folder with packages. */
const here = process.env.OPENMOLT_PAGES_BESIDE ?? fileURLToPath(new URL(".", import.meta.url));
const run = promisify(execFile);

let network;
let home;
let agent;

before(async () => {
  network = await startNetwork();
  home = await mkdtemp(join(tmpdir(), "openmolt-pages-"));
  agent = await network.agent("Page_reader");
  await agent.client.posts.create({ submolt_name: "general", title: "What is new", content: "This" });
});

after(async () => {
  await network?.close();
  await rm(home, { recursive: true, force: true });
});

/** A page, for this network instead of the one it names. */
const page = async (name) =>
  (await readFile(join(pages, name), "utf8")).replaceAll("https://molt.example", network.url);

const blocks = (text, language) =>
  [...text.matchAll(/```(\w+)\n(.*?)```/gs)].filter(([, of]) => of === language).map(([, , code]) => code);

async function shell(commands) {
  const env = { PATH: process.env.PATH, HOME: home };
  return (await run("bash", ["-euo", "pipefail", "-c", commands], { env, cwd: home })).stdout;
}

/** Runs a program that stands beside the installed packages; its environment is small, and `more`. */
async function program(text, more = {}) {
  const file = join(here, `.page-${process.pid}.mjs`);
  await writeFile(file, text);
  try {
    const env = { PATH: process.env.PATH, HOME: home, MOLTBOOK_API_KEY: agent.key, ...more };
    return (await run(process.execPath, [file], { env, cwd: home })).stdout;
  } finally {
    await rm(file);
  }
}

/** Lists tools with the official client, as a configuration says. */
async function toolsAt(url, headers) {
  const client = new Client({ name: "page", version: "1" });
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));
  const { tools } = await client.listTools();
  await client.close();
  return tools.map(({ name }) => name);
}

test("curl.md runs from registering to the tools", async () => {
  const commands = blocks(await page("curl.md"), "bash");
  assert.equal(commands.length, 4);
  const shown = await shell(commands.join("\n"));
  assert.match(shown, /"claim_url":"http/);
  assert.match(shown, /"title":"High water"/);
  assert.match(shown, /UNTRUSTED [0-9a-f]{16}>>>/);
  assert.doesNotMatch(shown, /"success":false|"isError":true/);
});

test("langchain.md runs, with a model that uses one tool and repeats what it said", async () => {
  const [, ...code] = [blocks(await page("langchain.md"), "bash"), ...blocks(await page("langchain.md"), "js")];
  assert.equal(code.length, 2);
  const model = `
import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessage } from "@langchain/core/messages";
class Model extends BaseChatModel {
  _llmType() { return "page"; }
  bindTools() { return this; }
  async _generate(messages) {
    const last = messages.at(-1);
    const call = { name: "moltbook_posts_list", args: { sort: "new" }, id: "1", type: "tool_call" };
    const message = last.getType() === "tool" ? new AIMessage(String(last.content)) : new AIMessage({ content: "", tool_calls: [call] });
    return { generations: [{ text: "", message }] };
  }
}
const model = new Model({});
`;
  const said = await program(`${code[0]}${model}${code[1]}`);
  assert.match(said, /<<<UNTRUSTED [0-9a-f]{16}>>>.*What is new.*<<<END/s);
});

test("openclaw.md installs the skill and names it as it is, and its tools are there", async () => {
  const text = await page("openclaw.md");
  await shell(blocks(text, "bash").join("\n"));
  for (const [file, first] of [
    ["SKILL.md", /^---\nname: /],
    ["HEARTBEAT.md", /^# /],
  ]) {
    assert.match(await readFile(join(home, ".openclaw/skills/molt", file), "utf8"), first);
  }
  const [, name] = /^name: (\S+)$/m.exec(await readFile(join(home, ".openclaw/skills/molt/SKILL.md"), "utf8"));
  for (const use of [`the skill ${name} and`, `skills info ${name}`, `the ${name} skill's HEARTBEAT.md`]) {
    assert.ok(text.includes(use), use);
  }
  const config = JSON.parse(/openclaw mcp set molt '(.*)'/.exec(text)[1].replace(/\$\{MOLTBOOK_API_KEY\}/, agent.key));
  assert.ok((await toolsAt(config.url, config.headers)).includes("moltbook_post_create"));
});

/** A model that looks what is new, writes a post, and then says all it was told. */
function visitor({ messages, tools, system }) {
  const results = messages
    .flatMap(({ content }) => (Array.isArray(content) ? content : []))
    .filter(({ type }) => type === "tool_result");
  const calls = [
    { name: "mcp__molt__moltbook_posts_list", input: { sort: "new" } },
    { name: "mcp__molt__moltbook_post_create", input: { submolt: "general", title: "I was here" } },
  ];
  const next = calls[results.length];
  if (next !== undefined) return [{ type: "tool_use", id: `toolu_${results.length}`, ...next }];
  const told = { results, tools: tools.map(({ name }) => name), text: JSON.stringify([messages, system]) };
  return [{ type: "text", text: JSON.stringify(told) }];
}

test("claude-agent-sdk.md runs, with a model that reads and writes, and asks nobody but its maker", async () => {
  const [code] = blocks(await page("claude-agent-sdk.md"), "js");
  const api = await startMessagesApi(visitor);
  try {
    const told = await program(code, {
      ANTHROPIC_BASE_URL: api.url,
      ANTHROPIC_API_KEY: "none",
      CLAUDE_CONFIG_DIR: join(home, ".claude"),
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
      DISABLE_AUTOUPDATER: "1",
      HTTPS_PROXY: api.url,
      HTTP_PROXY: api.url,
      NO_PROXY: "127.0.0.1",
    });
    const { results, tools, text } = JSON.parse(told);
    const { posts } = JSON.parse(results[0].content);
    assert.ok(posts.some(({ title }) => title.untrusted === true && title.text === "What is new"));
    assert.match(text, /every field flagged untrusted, was written by others/);
    for (const builtIn of ["Bash", "Read", "Write", "WebFetch"]) assert.ok(!tools.includes(builtIn), builtIn);
    assert.ok(tools.includes("mcp__molt__moltbook_home"));
  } finally {
    await api.close();
  }
  const others = api.elsewhere.filter((host) => host !== "api.anthropic.com:443");
  assert.deepEqual(others, []);
  const { posts } = await agent.client.posts.list({ sort: "new" });
  assert.equal(posts[0].title, "I was here");
  assert.equal(posts[0].author.name, agent.name);
});

test("every other page names an address and a header that work", async () => {
  for (const name of ["crewai.md", "dify.md"]) {
    const text = await page(name);
    const [url] = /http:\S+\/mcp/.exec(text);
    const [, scheme] = /Authorization"?: f?"?(Bearer) [{$]/.exec(text);
    assert.ok((await toolsAt(url, { Authorization: `${scheme} ${agent.key}` })).includes("moltbook_post_create"), name);
  }
});

test("every page says how its examples are kept true, and names nothing that is not there", async () => {
  const names = (await readdir(pages)).filter((name) => name !== "README.md");
  const index = await readFile(join(pages, "README.md"), "utf8");
  assert.equal(names.length, 7);
  for (const name of names) {
    assert.match(index, new RegExp(`\\(${name}\\)`));
    const text = await page(name);
    assert.match(text, /test (does|runs)|run by a test|configuration checked only/i, name);
    for (const [url] of text.matchAll(new RegExp(`${network.url}/[\\w./?=&-]*\\w`, "g"))) {
      if (/\/mcp|agents\/register|\/home/.test(url)) continue;
      assert.equal((await fetch(url, { method: "HEAD" })).status, 200, `${name}: ${url}`);
    }
  }
});
