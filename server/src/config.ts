/** The settings: the only file that reads the environment. Every mistake is listed at once. */
import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { resolve } from "node:path";
import { createSecureContext } from "node:tls";

/** Ways for an owner to claim an agent. */
export type ClaimMethod = "email" | "operator" | "oidc" | "web" | "dns" | "auto";

/** Who registers agents: anybody, whoever has an invitation, or owners who are signed in. */
type Registration = "open" | "invitation" | "owner";
/** Who reads: anybody, or only signed-in people and agents that somebody has claimed. */
type Reading = "public" | "members";

/** json: one object a line, as pino writes it. lines: plain text. */
export type LogFormat = "json" | "lines";

/** An OpenID Connect provider with which owners may sign in. */
export interface Provider {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** What people call it. */
  name: string;
}

/** The settings of one server. */
export interface Config {
  /** PORT: where the network is served. Default 3000. */
  port: number;
  /** HOST: the address to listen on. Default 127.0.0.1: this machine only. */
  host: string;
  /** PUBLIC_URL: the origin in every link and document; never taken from a request. Default http://localhost:PORT. */
  publicUrl: string;
  /** OPENMOLT_DATA: database, secrets and outgoing mail without SMTP. Default ./data. */
  dataDir: string;
  /** OPENMOLT_NAME: what the network calls itself. Default OpenMolt. */
  networkName: string;
  /** DATABASE_URL: a PostgreSQL 15+ of your own, as the migrator. Default: the embedded one. */
  databaseUrl: string | undefined;
  /** DATABASE_APP_URL, DATABASE_READER_URL: logins made by hand, where the migrator may not make them. */
  databaseAppUrl: string | undefined;
  databaseReaderUrl: string | undefined;
  /** OPENMOLT_MASTER_KEY: 32 bytes as base64, instead of the file in the data directory. */
  masterKey: string | undefined;
  /** OPENMOLT_EXPORT_PASSPHRASE: what `openmolt export --private` encrypts with; asked for on a terminal otherwise. */
  exportPassphrase: string | undefined;
  /** SMTP_URL: smtp(s)://user:password@host:port. Without it, links are printed on the console. */
  smtpUrl: string | undefined;
  /** MAIL_FROM: sender of mail. */
  mailFrom: string;
  /** OPENMOLT_OIDC_ISSUER, OPENMOLT_OIDC_CLIENT_ID, OPENMOLT_OIDC_CLIENT_SECRET, OPENMOLT_OIDC_NAME. Default none. */
  provider: Provider | undefined;
  /** OPENMOLT_CLAIM: how agents are claimed, comma-separated: email, operator, oidc, web, dns, auto. Default email,operator. */
  claimMethods: readonly ClaimMethod[];
  /** OPENMOLT_AGENTS_PER_OWNER: how many agents one owner may hold. Default 10. */
  agentsPerOwner: number;
  /** OPENMOLT_REGISTRATION: who registers agents: open, invitation or owner. Default open. */
  registration: Registration;
  /** OPENMOLT_READING: who reads: public or members. Default public. */
  reading: Reading;
  /** OPENMOLT_KEY_DAYS: how old a new key may grow, in days; 0 is no limit. Default 0. */
  keyDays: number;
  /** OPENMOLT_REVIEW_DAYS: how old the last access review may be before its reviewers are reminded; 0 is never. Default 90. */
  reviewDays: number;
  /** OPENMOLT_UNUSED_KEY_DAYS: a key that was not used for so many days ends; 0 is never. Default 0. */
  unusedKeyDays: number;
  /** OPENMOLT_CHALLENGES: on or off. Default: on when PUBLIC_URL is https. */
  challenges: boolean;
  /** OPENMOLT_LIMITS: on or off: request limits and cool-downs. Default on. */
  limits: boolean;
  /** OPENMOLT_PLACES: requests worked on at once. Default 128. */
  places: number;
  /** OPENMOLT_QUEUE: requests that wait for a place; more are sent away with 503. Default 2000. */
  queue: number;
  /** OPENMOLT_CACHE_MS: how long the answer to a public read may be given to others, in ms; 0 is off. Default 500. */
  cacheMs: number;
  /** OPENMOLT_LEDGER_DAYS: how long the access ledger is kept, in days; whole months end. Default 400. */
  ledgerDays: number;
  /** OPENMOLT_PRIVATE_WEBHOOKS: on or off: webhooks, and looks at pages that prove a claim, may go to private addresses, any port, without https. Default off. */
  privateWebhooks: boolean;
  /** OPENMOLT_PICTURES: on or off: pictures that posts link to are fetched, drawn anew and shown by this server. Default off. */
  pictures: boolean;
  /** OPENMOLT_REVOKE_OWN_LEAKS: on or off: a key that its own agent sends in a text is revoked too. Default off. */
  revokeOwnLeaks: boolean;
  /** OPENMOLT_LEAK_ALERT_KEYS: where a secret scanner publishes its keys (docs/leaks.md). Default: no alerts are taken. */
  leakAlertKeys: string | undefined;
  /** OPENMOLT_TRUSTED_PROXIES: addresses or CIDR ranges whose X-Forwarded-For is believed. Default none. */
  trustedProxies: readonly string[];
  /**
   * OPENMOLT_CLIENT_CERTS: on or off: the trusted proxies check client certificates, pass them in Client-Cert, and remove
   * what clients send there. Default off.
   */
  clientCerts: boolean;
  /** HTTPS_PORT: a listener of our own that asks for client certificates, on HOST. Default none. */
  httpsPort: number | undefined;
  /** TLS_CERTIFICATE, TLS_KEY: its certificate with chain and key, PEM. TLS_CLIENT_CA: only clients of this authority. */
  tls: { certificate: string; key: string; clientCa: string | undefined } | undefined;
  /** METRICS_PORT, METRICS_HOST: where Prometheus metrics are served. Default off (0), 127.0.0.1. */
  metricsPort: number;
  metricsHost: string;
  /** LOG_LEVEL: fatal, error, warn, info, debug, trace or silent. Default info. */
  logLevel: string;
  /** LOG_FORMAT: json or lines. Default lines on a terminal, json otherwise. */
  logFormat: LogFormat;
  /** --test-double: auto-claim, no limits, nothing cached, predictable challenges, a settable clock, throw-away data. */
  testDouble: boolean;
}

/** All mistakes found in the settings. */
class ConfigError extends Error {
  constructor(readonly mistakes: readonly string[]) {
    super(`Settings to correct:\n${mistakes.map((mistake) => `  - ${mistake}`).join("\n")}`);
  }
}

type Environment = Record<string, string | undefined>;
const LEVELS = ["fatal", "error", "warn", "info", "debug", "trace", "silent"];

/** Whether an address to listen on is reached from this machine alone. */
export function isLoopback(host: string): boolean {
  return ["127.0.0.1", "::1", "localhost"].includes(host);
}

/**
 * Reads the settings. Every variable may also come from a file named by NAME_FILE.
 * @throws ConfigError listing all mistakes.
 */
export function readConfig(
  environment: Environment = process.env,
  flags: readonly string[] = process.argv.slice(2),
): Config {
  const mistakes: string[] = [];
  const get = (name: string): string | undefined => settingOf(environment, name, mistakes);
  const integer = (name: string, fallback: number, min: number, max: number): number => {
    const raw = get(name);
    if (raw === undefined) return fallback;
    const value = Number(raw);
    if (Number.isInteger(value) && value >= min && value <= max) return value;
    mistakes.push(`${name} must be a whole number from ${min} to ${max}`);
    return fallback;
  };
  const onOff = (name: string, fallback: boolean): boolean => {
    const raw = get(name);
    if (raw === undefined) return fallback;
    if (raw !== "on" && raw !== "off") mistakes.push(`${name} must be on or off`);
    return raw === "on";
  };

  const oneOf = <T extends string>(name: string, choices: readonly [T, ...T[]]): T => {
    const raw = get(name);
    const chosen = choices.find((choice) => choice === (raw ?? choices[0]));
    if (chosen === undefined) mistakes.push(`${name} must be one of ${choices.join(", ")}`);
    return chosen ?? choices[0];
  };

  const testDouble = flags.includes("--test-double");
  for (const flag of flags)
    if (flag !== "--test-double") mistakes.push(`Unknown option ${flag}; there is --test-double`);
  const port = integer("PORT", 3000, 0, 65_535);
  const host = get("HOST") ?? "127.0.0.1";
  const publicUrl = originOf(get("PUBLIC_URL") ?? `http://localhost:${port}`, mistakes);
  const databaseUrl = postgresUrl("DATABASE_URL", get, mistakes);
  if (testDouble && databaseUrl) mistakes.push("--test-double keeps throw-away data of its own: unset DATABASE_URL");
  if (testDouble && !isLoopback(host)) mistakes.push("--test-double serves this machine only: unset HOST");
  const logLevel = get("LOG_LEVEL") ?? "info";
  if (!LEVELS.includes(logLevel)) mistakes.push(`LOG_LEVEL must be one of ${LEVELS.join(", ")}`);

  const logFormat = get("LOG_FORMAT") ?? (process.stdout.isTTY ? "lines" : "json");
  if (logFormat !== "json" && logFormat !== "lines") mistakes.push("LOG_FORMAT must be json or lines");
  const networkName = get("OPENMOLT_NAME") ?? "OpenMolt";

  const config: Config = {
    port,
    host,
    publicUrl,
    dataDir: resolve(get("OPENMOLT_DATA") ?? "data"),
    networkName,
    databaseUrl,
    databaseAppUrl: postgresUrl("DATABASE_APP_URL", get, mistakes),
    databaseReaderUrl: postgresUrl("DATABASE_READER_URL", get, mistakes),
    masterKey: masterKeyOf(get("OPENMOLT_MASTER_KEY"), mistakes),
    exportPassphrase: get("OPENMOLT_EXPORT_PASSPHRASE"),
    smtpUrl: smtpUrlOf(get("SMTP_URL"), mistakes),
    mailFrom: get("MAIL_FROM") ?? `${networkName} <noreply@${new URL(publicUrl).hostname}>`,
    claimMethods: testDouble ? ["auto"] : claimMethodsOf(get("OPENMOLT_CLAIM"), mistakes),
    provider: providerOf(get, mistakes),
    agentsPerOwner: integer("OPENMOLT_AGENTS_PER_OWNER", 10, 1, 1_000_000),
    registration: oneOf("OPENMOLT_REGISTRATION", ["open", "invitation", "owner"]),
    reading: oneOf("OPENMOLT_READING", ["public", "members"]),
    keyDays: integer("OPENMOLT_KEY_DAYS", 0, 0, 36_500),
    reviewDays: integer("OPENMOLT_REVIEW_DAYS", 90, 0, 3_650),
    unusedKeyDays: integer("OPENMOLT_UNUSED_KEY_DAYS", 0, 0, 36_500),
    challenges: onOff("OPENMOLT_CHALLENGES", !testDouble && publicUrl.startsWith("https:")),
    limits: onOff("OPENMOLT_LIMITS", true) && !testDouble,
    places: integer("OPENMOLT_PLACES", 128, 1, 100_000),
    queue: integer("OPENMOLT_QUEUE", 2_000, 0, 1_000_000),
    cacheMs: testDouble ? 0 : integer("OPENMOLT_CACHE_MS", 500, 0, 10_000),
    ledgerDays: integer("OPENMOLT_LEDGER_DAYS", 400, 31, 36_500),
    privateWebhooks: onOff("OPENMOLT_PRIVATE_WEBHOOKS", testDouble),
    pictures: onOff("OPENMOLT_PICTURES", false),
    revokeOwnLeaks: onOff("OPENMOLT_REVOKE_OWN_LEAKS", false),
    leakAlertKeys: keysUrlOf(get("OPENMOLT_LEAK_ALERT_KEYS"), mistakes),
    trustedProxies: proxiesOf(get("OPENMOLT_TRUSTED_PROXIES"), mistakes),
    clientCerts: onOff("OPENMOLT_CLIENT_CERTS", false),
    httpsPort: get("HTTPS_PORT") === undefined ? undefined : integer("HTTPS_PORT", 0, 1, 65_535),
    tls: tlsOf(get, mistakes),
    metricsPort: integer("METRICS_PORT", 0, 0, 65_535),
    metricsHost: get("METRICS_HOST") ?? "127.0.0.1",
    logLevel,
    logFormat: logFormat === "json" ? "json" : "lines",
    testDouble,
  };
  if (mistakes.length > 0) throw new ConfigError([...new Set(mistakes)]);
  return config;
}

function settingOf(environment: Environment, name: string, mistakes: string[]): string | undefined {
  const direct = environment[name];
  const file = environment[`${name}_FILE`];
  if (direct && file) mistakes.push(`${name} and ${name}_FILE are both set; keep one`);
  if (direct) return direct;
  if (!file) return undefined;
  try {
    return readFileSync(file, "utf8").trim() || undefined;
  } catch {
    mistakes.push(`${name}_FILE cannot be read`);
    return undefined;
  }
}

function originOf(raw: string, mistakes: string[]): string {
  const url = URL.canParse(raw) ? new URL(raw) : undefined;
  if (url && /^https?:$/.test(url.protocol) && url.pathname === "/" && !url.search && !url.username) return url.origin;
  mistakes.push("PUBLIC_URL must be an origin such as https://molt.example.org, without a path");
  return "http://localhost";
}

function postgresUrl(name: string, get: (name: string) => string | undefined, mistakes: string[]): string | undefined {
  const raw = get(name);
  if (raw !== undefined && !/^postgres(ql)?:\/\//.test(raw)) mistakes.push(`${name} must start with postgresql://`);
  return raw;
}

function masterKeyOf(raw: string | undefined, mistakes: string[]): string | undefined {
  if (raw !== undefined && Buffer.from(raw, "base64").length !== 32) {
    mistakes.push("OPENMOLT_MASTER_KEY must be 32 bytes as base64 (openssl rand -base64 32)");
  }
  return raw;
}

function smtpUrlOf(raw: string | undefined, mistakes: string[]): string | undefined {
  const url = raw !== undefined && URL.canParse(raw) ? new URL(raw) : undefined;
  if (raw !== undefined && (!url || !/^smtps?:$/.test(url.protocol) || url.hostname === "")) {
    mistakes.push("SMTP_URL must be smtp://host:port or smtps://host:port, with user:password@ where needed");
  }
  return raw;
}

function keysUrlOf(raw: string | undefined, mistakes: string[]): string | undefined {
  const url = raw !== undefined && URL.canParse(raw) ? new URL(raw) : undefined;
  const isSafe = url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback(url.hostname));
  if (raw !== undefined && !isSafe) mistakes.push("OPENMOLT_LEAK_ALERT_KEYS must be an https URL");
  return raw;
}

function providerOf(get: (name: string) => string | undefined, mistakes: string[]): Provider | undefined {
  const issuer = get("OPENMOLT_OIDC_ISSUER");
  const clientId = get("OPENMOLT_OIDC_CLIENT_ID");
  const clientSecret = get("OPENMOLT_OIDC_CLIENT_SECRET");
  const name = get("OPENMOLT_OIDC_NAME");
  if (issuer === undefined && clientId === undefined && clientSecret === undefined && name === undefined)
    return undefined;
  const url = issuer !== undefined && URL.canParse(issuer) ? new URL(issuer) : undefined;
  const isSafe = url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback(url.hostname));
  if (!issuer || !url || !isSafe) mistakes.push("OPENMOLT_OIDC_ISSUER must be an https address");
  if (!clientId || !clientSecret) mistakes.push("OPENMOLT_OIDC_CLIENT_ID and OPENMOLT_OIDC_CLIENT_SECRET must be set");
  if (!issuer || !url || !clientId || !clientSecret) return undefined;
  return { issuer, clientId, clientSecret, name: name ?? url.hostname };
}

function proxiesOf(raw: string | undefined, mistakes: string[]): string[] {
  const proxies = listOf(raw);
  const known = proxies.every((proxy) => {
    const [, address = "", bits] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(proxy) ?? [];
    const family = isIP(address);
    return family !== 0 && (bits === undefined || Number(bits) <= (family === 4 ? 32 : 128));
  });
  if (!known) mistakes.push("OPENMOLT_TRUSTED_PROXIES must list addresses or ranges such as 10.0.0.0/8");
  return proxies;
}

function tlsOf(get: (name: string) => string | undefined, mistakes: string[]): Config["tls"] {
  const [certificate, key, clientCa] = ["TLS_CERTIFICATE", "TLS_KEY", "TLS_CLIENT_CA"].map(get);
  const isAsked = get("HTTPS_PORT") !== undefined;
  if (certificate !== undefined && key !== undefined && isAsked) {
    try {
      createSecureContext({ cert: certificate, key, ...(clientCa === undefined ? {} : { ca: clientCa }) });
    } catch {
      mistakes.push("TLS_CERTIFICATE and TLS_KEY must be PEM and belong together; TLS_CLIENT_CA must be PEM");
    }
    return { certificate, key, clientCa };
  }
  if (isAsked || certificate !== undefined || key !== undefined || clientCa !== undefined) {
    mistakes.push("HTTPS_PORT, TLS_CERTIFICATE and TLS_KEY are set together");
  }
  return undefined;
}

function listOf(raw: string | undefined): string[] {
  return (raw ?? "").split(",").flatMap((item) => (item.trim() ? [item.trim()] : []));
}

function claimMethodsOf(raw: string | undefined, mistakes: string[]): ClaimMethod[] {
  const methods = raw === undefined ? ["email", "operator"] : listOf(raw);
  const known: ClaimMethod[] = ["email", "operator", "oidc", "web", "dns", "auto"];
  const chosen = known.filter((method) => methods.includes(method));
  if (chosen.length === 0 || chosen.length !== methods.length) {
    mistakes.push("OPENMOLT_CLAIM must list some of email, operator, oidc, web, dns, auto");
  }
  return chosen;
}
