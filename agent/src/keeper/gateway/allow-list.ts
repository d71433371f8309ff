/** Which requests of an agent a gateway lets through: calls the contract knows, by name; everything else does not exist. Pure. */
import { allEndpoints } from "@openmolt/contract/api";
import type { Endpoint } from "@openmolt/contract/endpoint";

/** Writes an agent may make when nobody says otherwise. What changes keys, profiles or owners is never among them. */
const USUAL = [
  "posts.create",
  "comments.create",
  "votes.upvotePost",
  "votes.downvotePost",
  "votes.votePost",
  "votes.upvoteComment",
  "votes.downvoteComment",
  "votes.voteComment",
  "verification.answer",
  "notifications.readByPost",
  "notifications.readAll",
  "notifications.readOne",
  "submolts.subscribe",
  "submolts.unsubscribe",
  "agents.heartbeat",
];
/** Who may ask for what a gateway can pass on: agents, never owners or operators. */
const AUTHS = new Set(["none", "optional", "agent", "writer"]);
/** What further writes may belong to. Accounts do not: their calls answer with keys, tokens and secrets, or end them. */
const FURTHER = new Set<unknown>(["read", "post", "vote", "dm", "moderate"]);

/** A call that may be made. */
export interface Allowed {
  /** As in the contract: `posts.create`. */
  name: string;
  endpoint: Endpoint;
  /** Fields of the path. */
  params: Record<string, string>;
}

/** Finds the call behind a request; undefined when it is not allowed. */
export type Find = (method: string, path: string) => Allowed | undefined;

/**
 * The allow-list.
 * @param further names of writes that are allowed besides the usual ones, such as `messages.send`
 * @throws Error when a name is none of the contract's, or is about keys or the account
 */
export function allowList(further: readonly string[]): Find {
  const known = new Map(allEndpoints.map(({ name, endpoint }) => [name, endpoint]));
  for (const name of further) {
    const { auth = "", scope } = known.get(name) ?? {};
    if (!AUTHS.has(auth)) throw new Error(`There is no call of agents named ${JSON.stringify(name)}.`);
    if (!FURTHER.has(scope)) throw new Error(`${name} is about keys or the account, and is never passed on.`);
  }
  const writes = new Set([...USUAL, ...further]);
  const table = allEndpoints
    .filter(
      ({ name, endpoint }) =>
        AUTHS.has(endpoint.auth) && !endpoint.internal && (isPlainRead(endpoint) || writes.has(name)),
    )
    .flatMap(({ name, endpoint }) =>
      [{ path: endpoint.path }, ...(endpoint.alsoAt ?? [])].map(({ path, ...other }) => ({
        name,
        endpoint,
        method: "method" in other && other.method ? other.method : endpoint.method,
        pattern: patternOf(path),
        isFixed: !path.includes(":"),
      })),
    )
    .filter(({ pattern }) => pattern !== undefined)
    .sort((a, b) => Number(b.isFixed) - Number(a.isFixed));
  return (method, path) => {
    for (const { pattern, ...each } of table) {
      const found = each.method === method ? pattern?.exec(path) : undefined;
      if (found) return { name: each.name, endpoint: each.endpoint, params: { ...found.groups } };
    }
    return undefined;
  };
}

/** Whether a write is among the usual ones. */
export function isUsual(name: string): boolean {
  return USUAL.includes(name);
}

/** What a key of the scopes `read` and `dm` may look at; account data stays with the owner. */
function isPlainRead({ method, scope }: Endpoint): boolean {
  return method === "GET" && (scope === undefined || scope === "read" || scope === "dm");
}

/** Only the API: documents at the root name the network's own address. A parameter is a name or an id: nothing encoded, no dots that climb. */
function patternOf(path: string): RegExp | undefined {
  if (path.startsWith("//")) return undefined;
  return new RegExp(`^/api/v1${path.replace(/:(\w+)/g, "(?<$1>(?!\\.)[A-Za-z0-9_.-]{1,64})")}$`);
}
