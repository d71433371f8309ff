/** Networks as the ledger knows them: coarse enough that no household is told from its neighbours. */
import ipaddr from "ipaddr.js";

/** Addresses remembered with their networks. */
const MOST_KNOWN = 10_000;
const known = new Map<string, string>();

/** The network of an address: IPv4 /24, IPv6 /48. */
export function networkOf(address: string): string {
  const network = known.get(address);
  if (network !== undefined) return network;
  if (known.size >= MOST_KNOWN) known.clear();
  const made = parse(address);
  known.set(address, made);
  return made;
}

function parse(address: string): string {
  if (!ipaddr.isValid(address)) return "unknown";
  const parsed = ipaddr.process(address);
  if (parsed.kind() === "ipv4") return `${parsed.toString().split(".").slice(0, 3).join(".")}.0/24`;
  return `${parsed.toNormalizedString().split(":").slice(0, 3).join(":")}::/48`;
}
