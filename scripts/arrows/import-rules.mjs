/**
 * Who may import whom, as rules for dependency-cruiser. What is not allowed here is refused; an exception carries its reason.
 * Types count as imports: knowing a module's types is knowing the module.
 */

/** The nouns of the server in the order of the tree: each may import those before it, never those after it. */
export const NOUNS = [
  "keys",
  "owners",
  "sign-in",
  "invitations",
  "agents",
  "organisations",
  "identity",
  "proof",
  "verification",
  "communities",
  "posts",
  "comments",
  "votes",
  "feeds",
  "search",
  "messages",
  "notifications",
  "webhooks",
  "moderation",
  "trust",
  "pulse",
  "audit",
  "leaving",
  "archive",
  "live",
  "web",
  "mcp",
];

/** Nouns whose files carry names of their own: a page per file, a stream, a protocol. */
const FREE_FORM = ["live", "web", "mcp"];

/** The file names of a module; past about 300 lines one becomes a folder of the same name. */
const ROLES = ["rules", "write", "read", "api", "on-event"];

const MODULES = NOUNS.filter((noun) => !FREE_FORM.includes(noun)).join("|");
const TEST = "\\.test\\.ts$";
const SERVER = "^server/src/";

/** A file of one of the given roles in any module. */
const role = (...roles) => `${SERVER}(${MODULES})/(${roles.join("|")})(\\.ts$|/)`;
/** A file or folder directly below server/src. */
const top = (...names) => `${SERVER}(${names.join("|")})(\\.ts$|/)`;
/** A package of ours, resolved to its build, to its sources, or left as its name. */
const ours = (name) => [`^${name}/`, `^(node_modules/)?@openmolt/${name}(/|$)`];
/** Packages from the registry, installed or not. */
const npm = (...names) => `^(node_modules/)?(@types/)?(${names.join("|")})(/|$)`;

const CONTRACT = ours("contract");
const CLI = ["^cli/", "^(node_modules/)?openmolt(/|$)"];
/** The part of agent/ that the server may share: one table of tools. */
const AGENT_TOOLS = ["^agent/(src|dist)/tools", "^(node_modules/)?@openmolt/agent/tools"];

/** What a file of law may use from outside: nothing that reads a clock, a disk, a network or a database. */
const PURE = [
  "^(node:)?(crypto|util|url|buffer|assert)$",
  npm("typebox", "canonicalize", "ipaddr\\.js", "d3-force", "graphology.*"),
];
/** Plumbing that is arithmetic on its arguments and may therefore be used by the law as well. */
const PURE_PLATFORM = `${SERVER}platform/(unicode|digest|notice-letters)\\.ts$`;

/** Forbids imports from `from` to `to`, except to what `except` lists. */
const never = (name, comment, from, to, except) => ({
  name,
  comment,
  severity: "error",
  from: { pathNot: TEST, ...from },
  to: { path: to, ...(except ? { pathNot: except } : {}) },
});

/** Forbids imports from `from` to anything but `allowed`. */
const only = (name, comment, from, allowed) => ({
  name,
  comment,
  severity: "error",
  from: { pathNot: TEST, ...from },
  to: { pathNot: allowed },
});

const packages = [
  only("contract-imports-typebox-only", "The contract is the wire and stands alone.", { path: "^contract/src/" }, [
    "^contract/src/",
    npm("typebox"),
  ]),
  only("sdk-imports-contract-only", "The client is made from the contract.", { path: "^sdk/src/" }, [
    "^sdk/src/",
    ...CONTRACT,
  ]),
  never("contract-stands-alone", "Nor do its tests know another package.", { path: "^contract/", pathNot: "^$" }, [
    ...ours("sdk"),
    ...ours("agent"),
    ...ours("server"),
    ...CLI,
  ]),
  never("sdk-knows-contract-only", "Nor do its tests know the packages above it.", { path: "^sdk/", pathNot: "^$" }, [
    ...ours("agent"),
    ...ours("server"),
    ...CLI,
  ]),
  never(
    "agent-never-imports-server",
    "An agent speaks to the network as a stranger does.",
    { path: "^agent/", pathNot: "^$" },
    [...ours("server"), ...CLI],
  ),
  never(
    "server-never-imports-sdk",
    "The server is not its own client; only its tests are.",
    { path: SERVER },
    ours("sdk"),
  ),
  never(
    "server-imports-agent-tools-only",
    "One table of tools is shared, nothing else of the agent side.",
    { path: "^server/", pathNot: "^$" },
    [...ours("agent"), ...CLI],
    AGENT_TOOLS,
  ),
  never("nobody-imports-cli", "The command line is the top.", { pathNot: CLI }, CLI),
  {
    name: "packages-by-name",
    comment: "Another package is reached through its name and its exports, never by a relative path.",
    severity: "error",
    from: { path: "^(contract|sdk|agent|server|cli)/" },
    to: { path: "^(contract|sdk|agent|server|cli)/(src|test)/", pathNot: "^$1/" },
  },
  {
    name: "no-tests-in-production",
    comment: "What ships does not import a test or the harness.",
    severity: "error",
    from: { pathNot: [TEST, "^server/test/"] },
    to: { path: [TEST, "^server/test/"] },
  },
  {
    name: "no-cycle",
    comment: "Imports have a direction.",
    severity: "error",
    from: {},
    to: { circular: true },
  },
];

const layers = [
  never("nobody-imports-main", "main.ts is where the process begins.", { path: SERVER }, top("main")),
  never(
    "only-the-start-imports-app",
    "main → start → app.",
    { path: SERVER, pathNot: [TEST, top("main", "start")] },
    top("app", "start"),
  ),
  only("errors-import-contract-only", "The error class stands below everything.", { path: top("errors") }, CONTRACT),
  never("config-knows-no-noun", "Settings are plain values.", { path: top("config") }, [
    top(...NOUNS, "app", "start", "main", "platform"),
  ]),
  never("platform-knows-no-noun", "Plumbing without nouns.", { path: top("platform") }, [
    top(...NOUNS, "app", "start", "main", "jobs"),
  ]),
  never(
    "only-http-files-know-fastify",
    "Rule 3: only api, web, live, mcp, platform and app know the web framework; start closes what app made.",
    { path: SERVER, pathNot: [TEST, role("api"), top("app", "start", "platform", "live", "web", "mcp")] },
    npm("fastify", "@fastify"),
  ),
  never(
    "only-sql-holders-know-the-database",
    "Rule 2: only read, write, on-event and platform hold SQL; start, app and jobs hand the pools on.",
    { path: SERVER, pathNot: [TEST, role("read", "write", "on-event"), top("start", "app", "jobs", "platform")] },
    [`${SERVER}platform/(db|db-errors|transaction|postgres|migrate)(\\.ts$|/)`, npm("pg", "pg-.*", "graphile-worker")],
  ),
];

const modules = [
  only("rules-are-pure", "Rule 4: the law does no I/O; time and rows come in as arguments.", { path: role("rules") }, [
    role("rules"),
    ...CONTRACT,
    top("errors"),
    PURE_PLATFORM,
    ...PURE,
  ]),
  never("write-imports", "A write uses rules, read, other writes, platform and audit.", { path: role("write") }, [
    role("api", "on-event"),
    top("app", "start", "main", "web", "live"),
  ]),
  never("read-never-imports-write", "Rule 5.", { path: role("read") }, role("write")),
  never("read-imports", "A read uses rules, platform and other reads.", { path: role("read") }, [
    role("api", "on-event"),
    top("app", "start", "main", "web", "live"),
  ]),
  only(
    "api-imports-its-own-module",
    "Rule 6: an api binds endpoints to its own reads and writes, through platform/http; it may parse a cursor and refuse.",
    { path: `${SERVER}(${MODULES})/api(\\.ts$|/)` },
    [`${SERVER}$1/(read|write|api)(\\.ts$|/)`, `${SERVER}platform/(http|paging)(\\.ts$|/)`, top("errors"), ...CONTRACT],
  ),
  never("only-app-touches-api", "Rule 6.", { path: SERVER, pathNot: [TEST, top("app"), role("api")] }, role("api")),
  never(
    "on-event-imports",
    "A reaction uses its own reads, writes and rules.",
    { path: `${SERVER}(${MODULES})/on-event(\\.ts$|/)` },
    top(...NOUNS, "app", "start", "main"),
    [`${SERVER}$1/(read|write|rules|on-event)(\\.ts$|/)`, role("rules")],
  ),
  never(
    "web-never-imports-write",
    "Rule 7: the site is read-only, as a property of the import graph.",
    { path: top("web") },
    role("write"),
  ),
  never("web-never-imports-the-database", "Rule 7: pages read through read.ts.", { path: top("web") }, [
    `${SERVER}platform/(db|db-errors|transaction|postgres|migrate)(\\.ts$|/)`,
    npm("pg", "pg-.*"),
  ]),
  never("live-hears-events-only", "live → platform/events.", { path: top("live") }, [
    `${SERVER}(${NOUNS.filter((noun) => noun !== "live").join("|")})/`,
    top("app", "start", "main"),
  ]),
  never(
    "mcp-goes-through-the-front-door",
    "mcp → platform/http: its tools are requests like any other, so it knows no noun and no database.",
    { path: top("mcp") },
    [
      top(...NOUNS.filter((noun) => noun !== "mcp"), "app", "start", "main"),
      `${SERVER}platform/(db|db-errors|transaction|postgres|migrate)(\\.ts$|/)`,
    ],
  ),
  never(
    "only-mcp-knows-its-protocol",
    "What speaks MCP stands in one place, and is loaded with the first message.",
    { path: SERVER, pathNot: [TEST, top("mcp")] },
    npm("@modelcontextprotocol"),
  ),
];

/** Rule 8: one rule per noun, made from the order of the tree. */
const order = NOUNS.slice(0, -1).map((noun, index) =>
  never(
    `nouns-depend-downwards-${noun}`,
    `Rule 8: ${noun} may import only nouns that stand before it (${NOUNS.slice(0, index).join(", ") || "none"}) and audit/write.`,
    { path: `${SERVER}${noun}/` },
    `${SERVER}(${NOUNS.slice(index + 1).join("|")})/`,
    `${SERVER}audit/write(\\.ts$|/)`,
  ),
);

/** Nouns that hear events, with the nouns that may know them besides app, web and jobs: webhooks carry notifications. */
const listeners = Object.entries({ notifications: ["webhooks"], trust: [] }).map(([noun, carriers]) =>
  never(
    `nobody-imports-${noun}`,
    `Rule 8: ${noun} hears events; only app, web, jobs and what carries it (${carriers.join(", ") || "nothing"}) know it.`,
    { path: SERVER, pathNot: [TEST, `${SERVER}${noun}/`, top("app", "web", "jobs", ...carriers)] },
    `${SERVER}${noun}/`,
  ),
);

/** audit/write is for writes only: a read or a page that records is a write in disguise. */
const audit = [
  never(
    "only-writes-record",
    "audit ← write.",
    { path: SERVER, pathNot: [TEST, `${SERVER}audit/`, role("write", "on-event"), top("jobs", "platform")] },
    `${SERVER}audit/write(\\.ts$|/)`,
  ),
];

/** All rules, in the form dependency-cruiser reads. */
export const ruleSet = { forbidden: [...packages, ...layers, ...modules, ...order, ...listeners, ...audit] };

/**
 * What is wrong with the place or the name of a file.
 * @param {string} path relative to the root of the repository, with forward slashes
 * @returns {string | undefined} a sentence, or nothing when the place is right
 */
export function misplaced(path) {
  const name = path.split("/").at(-1) ?? "";
  if (/^(index|utils?|helpers?)\.ts$/.test(name)) return `a file is named after what it does, not "${name}"`;
  if (/(^|-)(service|controller|repository|manager|helper|utils?)\.ts$/.test(name))
    return `no ${name}: a module has five file names`;
  if (!/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*\.ts$/.test(name)) return "file names are kebab-case";
  const inside = /^server\/src\/([^/]+)\/(.+)$/.exec(path);
  if (!inside) return undefined;
  const [, folder, rest] = inside;
  if (folder === "platform" || FREE_FORM.includes(folder)) return undefined;
  if (!NOUNS.includes(folder)) return `${folder}/ is not a noun of the tree; give it a place in the order first`;
  if (name.endsWith(".test.ts")) return undefined;
  const first = rest.split("/")[0].replace(/\.ts$/, "");
  return ROLES.includes(first) ? undefined : `a module has ${ROLES.join(", ")} and nothing else`;
}
