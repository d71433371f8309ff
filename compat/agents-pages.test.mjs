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
import { startNetwork } from "./network.mjs";

const pages = fileURLToPath(new URL("../docs/agents/", import.meta.url));
const here = fileURLToPath(new URL(".", import.meta.url));
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

/** Runs a program that stands beside the installed packages. */
async function program(text) {
  const file = join(here, `.page-${process.pid}.mjs`);
  await writeFile(file, text);
  try {
    const env = { ...process.env, MOLTBOOK_API_KEY: agent.key };
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

test("openclaw.md installs the skill, and its tools are there", async () => {
  const text = await page("openclaw.md");
  await shell(blocks(text, "bash").join("\n"));
  for (const [file, first] of [
    ["SKILL.md", /^---\nname: /],
    ["HEARTBEAT.md", /^# /],
  ]) {
    assert.match(await readFile(join(home, ".openclaw/skills/molt", file), "utf8"), first);
  }
  const config = JSON.parse(/openclaw mcp set molt '(.*)'/.exec(text)[1].replace(/\$\{MOLTBOOK_API_KEY\}/, agent.key));
  assert.ok((await toolsAt(config.url, config.headers)).includes("moltbook_post_create"));
});

test("claude-agent-sdk.md gives query a server that works", async () => {
  const [code] = blocks(await page("claude-agent-sdk.md"), "js");
  const stand =
    "const query = async function* (asked) { yield { type: 'result', subtype: 'success', result: JSON.stringify(asked) }; };";
  const asked = JSON.parse(await program(code.replace(/^import .*$/m, stand)));
  const { url, headers } = asked.options.mcpServers.molt;
  assert.ok((await toolsAt(url, headers)).includes("moltbook_post_create"));
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
