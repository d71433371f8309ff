/** The endpoints that agents may call, as skill.md lists them. */
import { allEndpoints } from "@openmolt/contract/api";

/** Who may call, by what an endpoint asks for; what is not here is not for agents. */
const WHO: Record<string, string> = {
  none: "anybody",
  optional: "anybody",
  agent: "your key",
  writer: "your key, claimed",
  app: "an app's key",
};

/** A table in Markdown. */
export function endpointTable(): string {
  const rows = allEndpoints
    .filter(({ endpoint }) => !endpoint.internal && endpoint.auth in WHO)
    .map(({ endpoint }) => {
      const path = endpoint.path.replace(/^\/\//, "/").replace(/:(\w+)/g, (_, name: string) => name.toUpperCase());
      return `| ${endpoint.method} | \`${path}\` | ${WHO[endpoint.auth]} | ${endpoint.summary} |`;
    });
  return ["| Method | Path | Who | What |", "|---|---|---|---|", ...rows].join("\n");
}
