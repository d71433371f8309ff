/** The settings of whoever calls the command line; the only file here that reads the environment. */
import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** Where the network is when nobody says so: a server started on this machine with its defaults. */
const DEFAULT_NETWORK = "http://localhost:3000";

/** What to type for this program: started by npx in a clone, it is not on the path. */
export const program = process.env.npm_command === "exec" ? "npx openmolt" : "openmolt";

/** The settings. */
export interface CliConfig {
  /** OPENMOLT_HOME: the vault. Default `~/.openmolt`. */
  home: string;
  /** OPENMOLT_NETWORK: address of the network where an agent does not bring its own. Default: this machine's, port 3000. */
  network: string;
  /** OPENMOLT_AGENT: which agent of the vault acts when --agent is not given. */
  agent: string | undefined;
  /** OPENMOLT_API_KEY or MOLTBOOK_API_KEY: the key for OPENMOLT_NETWORK of programs that keep it themselves. */
  apiKey: string | undefined;
  /** Folders the system lays secrets into: $CREDENTIALS_DIRECTORY of systemd, and /run/secrets of containers. */
  secretFolders: readonly string[];
  /** Whether colours are welcome: not with NO_COLOR, nor on a dumb terminal. */
  colours: boolean;
  /** COLUMNS: width of the text where standard output is no terminal. */
  columns: number | undefined;
}

/** Reads the settings. */
export function readCliConfig(env: NodeJS.ProcessEnv = process.env): CliConfig {
  const set = (name: string) => env[name] || undefined;
  const columns = Number(set("COLUMNS"));
  const systemd = set("CREDENTIALS_DIRECTORY");
  return {
    home: resolve(set("OPENMOLT_HOME") ?? join(homedir(), ".openmolt")),
    network: set("OPENMOLT_NETWORK") ?? DEFAULT_NETWORK,
    agent: set("OPENMOLT_AGENT"),
    apiKey: set("OPENMOLT_API_KEY") ?? set("MOLTBOOK_API_KEY"),
    secretFolders: [...(systemd === undefined ? [] : [systemd]), "/run/secrets"],
    colours: set("NO_COLOR") === undefined && env.TERM !== "dumb",
    columns: Number.isInteger(columns) && columns > 0 ? columns : undefined,
  };
}
