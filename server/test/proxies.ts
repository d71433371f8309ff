/** The proxies we ship settings for, run with those settings in front of a test's server. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TestCertificate } from "./certificates.js";
import { freePort } from "./free-port.js";

/** A proxy that runs. */
export interface RunningProxy {
  /** Where it listens with TLS. */
  url: string;
  /** And where without. */
  plainUrl: string;
  close(): Promise<void>;
}

/** What a proxy is to be put in front of. */
interface Behind {
  /** Host and port of the server. */
  upstream: string;
  /** The name the proxy is known by, and its certificate. */
  name: string;
  certificate: TestCertificate;
}

const PATIENCE_MS = 20_000;

/** Settings as shipped, with every one of these places changed; one that is not there any more is an error. */
function settings(file: string, changes: readonly (readonly [string, string])[]): string {
  let text = readFileSync(fileURLToPath(new URL(`../../../deploy/${file}`, import.meta.url)), "utf8");
  for (const [from, to] of changes) {
    if (!text.includes(from)) throw new Error(`deploy/${file} does not say: ${from}`);
    text = text.replaceAll(from, to);
  }
  return text;
}

type Prepare = (folder: string, ports: { https: number; http: number }, behind: Behind) => string[];

const nginx: Prepare = (folder, { https, http }, { upstream, name, certificate }) => {
  writeFileSync(join(folder, "crt"), certificate.cert);
  writeFileSync(join(folder, "key"), certificate.key);
  const server = settings("nginx.conf", [
    ["127.0.0.1:3000", upstream],
    ["listen 80;", `listen 127.0.0.1:${http};`],
    ["listen 443 ssl;", `listen 127.0.0.1:${https} ssl;`],
    ["/etc/ssl/molt.example.org.crt", join(folder, "crt")],
    ["/etc/ssl/molt.example.org.key", join(folder, "key")],
    ["molt.example.org", name],
  ]);
  const places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (kind) => `${kind}_temp_path ${join(folder, kind)};`,
  );
  const user = process.getuid?.() === 0 ? "user root;" : "";
  const http_ = `http { access_log off; ${places.join(" ")} ${server} }`;
  const main = `daemon off; ${user} worker_processes 1; pid ${join(folder, "pid")}; error_log stderr warn; events {}`;
  writeFileSync(join(folder, "nginx.conf"), `${main}\n${http_}\n`);
  return ["-p", folder, "-c", join(folder, "nginx.conf")];
};

const caddy: Prepare = (folder, { https, http }, { upstream, name, certificate }) => {
  writeFileSync(join(folder, "crt"), certificate.cert);
  writeFileSync(join(folder, "key"), certificate.key);
  const server = settings("Caddyfile", [
    ["127.0.0.1:3000", upstream],
    ["\ttls {", `\tbind 127.0.0.1\n\ttls ${join(folder, "crt")} ${join(folder, "key")} {`],
    ["http://molt.example.org {", `http://${name}:${http} {\n\tbind 127.0.0.1`],
    ["https://molt.example.org{uri}", `https://${name}:${https}{uri}`],
    ["molt.example.org {", `${name}:${https} {`],
  ]);
  const global = `{\n\tadmin off\n\thttp_port ${http}\n\thttps_port ${https}\n\tauto_https disable_redirects\n}\n`;
  writeFileSync(join(folder, "Caddyfile"), `${global}${server}`);
  return ["run", "--config", join(folder, "Caddyfile"), "--adapter", "caddyfile"];
};

const PREPARE = { nginx, caddy };
/** Names of the proxies. */
export type ProxyName = keyof typeof PREPARE;

/** Whether the program is installed here. */
export function isInstalled(program: ProxyName): boolean {
  return spawnSync(program, [program === "nginx" ? "-v" : "version"]).status === 0;
}

/** Starts a proxy with its shipped settings; resolves once it listens. */
export async function startProxy(program: ProxyName, behind: Behind): Promise<RunningProxy> {
  const folder = mkdtempSync(join(tmpdir(), `openmolt-${program}-`));
  const ports = { https: await freePort(), http: await freePort() };
  const environment = { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
  const child = spawn(program, PREPARE[program](folder, ports, behind), { env: environment });
  let said = "";
  for (const output of [child.stdout, child.stderr]) {
    output.on("data", (part: Buffer) => {
      said += part;
    });
  }
  const ended = once(child, "exit");
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await listens(ports.https)) || !(await listens(ports.http))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      child.kill("SIGKILL");
      throw new Error(`${program} does not start: ${said}`);
    }
  }
  return {
    url: `https://${behind.name}:${ports.https}`,
    plainUrl: `http://127.0.0.1:${ports.http}`,
    close: async () => {
      child.kill("SIGTERM");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const answer = (does: boolean) => {
      socket.destroy();
      // A closed port answers at once; asking is not repeated without a turn for others.
      if (does) resolve(true);
      else setTimeout(resolve, 20, false);
    };
    socket.once("connect", () => answer(true)).once("error", () => answer(false));
  });
}
