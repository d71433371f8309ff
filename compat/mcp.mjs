/** Runs an MCP server of a package as it is, over its standard input and output, with its requests rerouted. */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";

const REROUTE = fileURLToPath(new URL("./reroute.mjs", import.meta.url));
const require = createRequire(import.meta.url);

/** The folder of an installed package. */
export function folderOf(name) {
  return dirname(require.resolve(`${name}/package.json`));
}

/**
 * Starts a package's program and connects to it.
 * @param {{ name: string, program: string, args?: string[], env: Record<string, string>, home: string, called?: Set<string> }} what
 * @returns the names of its tools, a way to call them, the names called so far (also in `called`), and `close`
 */
export async function startMcp({ name, program, args = [], env, home, called = new Set() }) {
  const client = new Client({ name: "openmolt-compat", version: "1.0.0" });
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: ["--import", REROUTE, join(folderOf(name), program), ...args],
    cwd: home,
    env: { PATH: process.env.PATH, HOME: home, ...env },
    stderr: "ignore",
  });
  await client.connect(transport);
  const call = async (tool, input = {}) => {
    called.add(tool);
    const { content, isError } = await client.callTool({ name: tool, arguments: input });
    return { isError: isError === true, text: content.map(({ text }) => text).join("\n") };
  };
  return {
    tools: (await client.listTools()).tools.map((tool) => tool.name),
    called,
    call,
    close: () => client.close(),
  };
}
