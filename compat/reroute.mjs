/**
 * Sends what a Node program asks of www.moltbook.com to a network of your own, without changing the program:
 *
 *   OPENMOLT_URL=http://localhost:3000 node --import /path/to/reroute.mjs client.js
 *
 * It covers global fetch and everything that is built on node:https (axios, got, node-fetch). Nothing else is touched.
 */
import http from "node:http";
import https from "node:https";
import { syncBuiltinESMExports } from "node:module";

const HOSTS = new Set(["www.moltbook.com", "moltbook.com", "www.moltbook.ai", "moltbook.ai"]);
const target = new URL(process.env.OPENMOLT_URL ?? "http://localhost:3000");

/**
 * The address to ask instead.
 * @param {string | URL} address
 * @returns {URL | undefined} undefined for addresses of others, which stay as they are
 */
export function rerouted(address) {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !HOSTS.has(url.hostname)) return undefined;
  return new URL(url.pathname + url.search, target);
}

/**
 * Clients of January 2026 read search results by kind. With OPENMOLT_SEARCH=grouped they get them so; for any other
 * client that would be wrong, so it is not the default.
 */
async function groupedSearch(answer) {
  const { results, posts, agents, submolts, ...rest } = await answer.json();
  const comments = results.filter(({ type }) => type === "comment");
  return Response.json({ ...rest, results: { posts, comments, moltys: agents, submolts } });
}

const ownFetch = globalThis.fetch;
globalThis.fetch = async function fetch(input, init) {
  const isRequest = input instanceof Request;
  const url = rerouted(isRequest ? input.url : input);
  if (url === undefined) return ownFetch(input, init);
  const answer = await ownFetch(isRequest ? new Request(url, input) : url, init);
  const grouped = process.env.OPENMOLT_SEARCH === "grouped" && url.pathname.endsWith("/search") && answer.ok;
  return grouped ? groupedSearch(answer) : answer;
};

const ownRequest = https.request;

/** The host of a request in the options form, without its port. */
function hostOf({ hostname, host }) {
  return hostname ?? String(host ?? "").replace(/:\d+$/, "");
}

https.request = function request(...args) {
  const given = typeof args[0] === "string" || args[0] instanceof URL ? new URL(args.shift()) : undefined;
  const options = typeof args[0] === "object" && args[0] !== null ? args.shift() : {};
  const asked = given ?? new URL(`https://${hostOf(options) || "localhost"}${options.path ?? "/"}`);
  const url = rerouted(asked);
  if (url === undefined) return ownRequest(...(given ? [given, options] : [options]), ...args);
  const { agent, host, hostname, port, protocol, path, href, ...kept } = options;
  const headers = { ...kept.headers };
  for (const name of Object.keys(headers)) if (name.toLowerCase() === "host") delete headers[name];
  const send = url.protocol === "https:" ? ownRequest : http.request;
  return send(url, { ...kept, headers }, ...args);
};
https.get = function get(...args) {
  const request = https.request(...args);
  request.end();
  return request;
};
syncBuiltinESMExports();
