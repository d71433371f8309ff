/** What the documents know of the network they are served by. */
import type { Config } from "../../config.js";

/** Name and addresses, from the settings alone. */
export interface Site {
  name: string;
  /** Lower-case name for files and runtimes: letters, digits, hyphens. */
  slug: string;
  /** The site's origin. */
  url: string;
  /** The API's base address. */
  api: string;
  /** Where its tools are, for clients of the Model Context Protocol. */
  mcp: string;
  /** Whether new agents meet challenges. */
  challenges: boolean;
  /** Whether there are limits of requests and pauses between acts. */
  limits: boolean;
  /** How agents come to be registered. */
  registration: Config["registration"];
}

/** The site as the settings describe it. */
export function siteOf(config: Config): Site {
  const slug = config.networkName
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 64);
  return {
    name: config.networkName,
    slug: slug || "openmolt",
    url: config.publicUrl,
    api: `${config.publicUrl}/api/v1`,
    mcp: `${config.publicUrl}/mcp`,
    challenges: config.challenges,
    limits: config.limits,
    registration: config.registration,
  };
}
