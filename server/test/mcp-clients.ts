/** The official MCP clients, of both generations of the protocol, behind one face. */
import assert from "node:assert/strict";
import { Client as ClientV2, StreamableHTTPClientTransport as HttpV2 } from "@modelcontextprotocol/client";
import { Client as ClientV1 } from "@modelcontextprotocol/sdk/client/index.js";
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
    async (key, query) => {
      const client = new ClientV1({ name: "test", version: "1" });
      const transport = new HttpV1(address(query), headersOf(key));
      // Its types do not agree with one another on optional fields.
      await client.connect(transport as Parameters<typeof client.connect>[0]);
      return faceOf("v1", client);
    },
    async (key, query) => {
      const client = new ClientV2({ name: "test", version: "1" });
      await client.connect(new HttpV2(address(query), headersOf(key)));
      return faceOf("v2, 2025-11-25", client);
    },
    async (key, query) => {
      const client = new ClientV2({ name: "test", version: "1" }, { versionNegotiation: { mode: "auto" } });
      await client.connect(new HttpV2(address(query), headersOf(key)));
      assert.equal(client.getProtocolEra(), "modern");
      return faceOf("v2, 2026-07-28", client);
    },
  ];
}

const headersOf = (key?: string) =>
  key === undefined ? {} : { requestInit: { headers: { authorization: `Bearer ${key}` } } };

/** Either client behind one face. */
export function faceOf(era: string, client: ClientV1 | ClientV2): Connection {
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
