/** The official MCP clients, of both generations of the protocol, behind one face. */
import assert from "node:assert/strict";
import { Client as ClientV2, StreamableHTTPClientTransport as HttpV2 } from "@modelcontextprotocol/client";
import { StdioClientTransport as PipesV2 } from "@modelcontextprotocol/client/stdio";
import { Client as ClientV1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as PipesV1 } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport as HttpV1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

/** A tool as it is listed. */
export interface ListedTool {
  name: string;
  description?: string | undefined;
  inputSchema: Record<string, unknown>;
  annotations?: Record<string, unknown> | undefined;
}
/** What a tool answered. */
export interface ToolResult {
  content: { type: string; text: string }[];
  structuredContent?: Record<string, unknown>;
  isError?: boolean;
}
/** What the tests use of a client. */
export interface Connection {
  /** Which client, and which generation. */
  era: string;
  tools(): Promise<ListedTool[]>;
  call(name: string, args?: Record<string, unknown>): Promise<ToolResult>;
  read(uri: string): Promise<string>;
  close(): Promise<void>;
}
/** Connects with a key, or without; `query` as `?tools=all`. */
type Connect = (key?: string, query?: string) => Promise<Connection>;

/** The client of SDK 1, that of SDK 2 as it is, and that of SDK 2 asking for the newest protocol. */
export function connectors(url: string): Connect[] {
  const address = (query = "") => new URL(`${url}/mcp${query}`);
  return [
    (key, query) => connectV1(new HttpV1(address(query), headersOf(key))),
    (key, query) => connectV2(new HttpV2(address(query), headersOf(key)), "legacy"),
    (key, query) => connectV2(new HttpV2(address(query), headersOf(key)), "auto"),
  ];
}

/** The same three clients, talking to a program that they start. */
export function pipes(program: readonly string[], env: Record<string, string>): (() => Promise<Connection>)[] {
  const [first = "", ...args] = program;
  const started = { command: process.execPath, args: [first, ...args], env, stderr: "inherit" } as const;
  return [
    () => connectV1(new PipesV1({ ...started, args: [...started.args] })),
    () => connectV2(new PipesV2({ ...started, args: [...started.args] }), "legacy"),
    () => connectV2(new PipesV2({ ...started, args: [...started.args] }), "auto"),
  ];
}

async function connectV1(transport: HttpV1 | PipesV1): Promise<Connection> {
  const client = new ClientV1({ name: "test", version: "1" });
  // Its types do not agree with one another on optional fields.
  await client.connect(transport as Parameters<typeof client.connect>[0]);
  return faceOf("v1", client);
}

async function connectV2(transport: HttpV2 | PipesV2, mode: "legacy" | "auto"): Promise<Connection> {
  const client = new ClientV2({ name: "test", version: "1" }, { versionNegotiation: { mode } });
  await client.connect(transport);
  assert.equal(client.getProtocolEra(), mode === "auto" ? "modern" : "legacy");
  return faceOf(`v2, ${mode}`, client);
}

const headersOf = (key?: string) =>
  key === undefined ? {} : { requestInit: { headers: { authorization: `Bearer ${key}` } } };

/** Either client behind one face. */
function faceOf(era: string, client: ClientV1 | ClientV2): Connection {
  return {
    era,
    tools: async () => (await client.listTools()).tools as ListedTool[],
    call: async (name, args = {}) => (await client.callTool({ name, arguments: args })) as unknown as ToolResult,
    read: async (uri) =>
      (await client.readResource({ uri })).contents.map((one) => ("text" in one ? one.text : "")).join(""),
    close: () => client.close(),
  };
}

/** The answer between the markers of a result. */
export function inside({ content }: ToolResult): Record<string, unknown> {
  const found = /^<<<UNTRUSTED ([0-9a-f]{16})>>>\n(.*)\n<<<END \1>>>$/s.exec(content[0]?.text ?? "");
  assert.ok(found, content[0]?.text);
  return JSON.parse(found[2] ?? "") as Record<string, unknown>;
}
