/** The networks of addresses, remembered: under load the same addresses come again and again. */
import { networkOf } from "../visitors.js";

/** Addresses remembered with their networks. */
const MOST_KNOWN = 10_000;
const known = new Map<string, string>();

/** The network of an address: IPv4 /24, IPv6 /48, empty when it is no address. */
export function knownNetworkOf(address: string): string {
  const network = known.get(address);
  if (network !== undefined) return network;
  if (known.size >= MOST_KNOWN) known.clear();
  const made = networkOf(address);
  known.set(address, made);
  return made;
}
