/** Where a person comes from, as coarse as it still helps them to know their own browsers again. Believed for nothing. */
import type { IncomingHttpHeaders } from "node:http";
import ipaddr from "ipaddr.js";

/** A person's browser and network, for their own eyes. */
export interface Visitor {
  /** `Firefox on Linux`; empty when the browser does not say. */
  device: string;
  /** The network around the address: an IPv4 /24, an IPv6 /48; empty when unknown. */
  network: string;
}

/** Later ones name earlier ones in their header, so the order counts. */
const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/\bEdgA?\//, "Edge"],
  [/\bOPR\//, "Opera"],
  [/\b(Firefox|FxiOS)\//, "Firefox"],
  [/\b(Chrome|Chromium|CriOS|HeadlessChrome)\//, "Chrome"],
  [/\bSafari\//, "Safari"],
  [/\bcurl\//, "curl"],
];
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/\b(iPhone|iPad|iPod)\b/, "iOS"],
  [/\bAndroid\b/, "Android"],
  [/\bWindows\b/, "Windows"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bMac OS X\b/, "macOS"],
  [/\bLinux\b/, "Linux"],
];

/** Who sends a request, coarsely. */
export function visitorOf(headers: Headers, address: string): Visitor {
  return { device: deviceOf(headers["user-agent"]), network: networkOf(address) };
}

type Headers = IncomingHttpHeaders | Readonly<Record<string, string | string[] | undefined>>;

/** Browser and system of a User-Agent header, in words of ours alone. */
export function deviceOf(userAgent: string | string[] | undefined): string {
  if (typeof userAgent !== "string") return "";
  const named = (list: typeof BROWSERS) => list.find(([pattern]) => pattern.test(userAgent))?.[1];
  const browser = named(BROWSERS);
  const system = named(SYSTEMS);
  if (browser === undefined) return system ?? "";
  return system === undefined ? browser : `${browser} on ${system}`;
}

/** The network around an address. */
export function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return "";
  const parsed = ipaddr.process(address);
  if (parsed.kind() === "ipv4") return `${parsed.toString().split(".").slice(0, 3).join(".")}.0/24`;
  return `${parsed.toNormalizedString().split(":").slice(0, 3).join(":")}::/48`;
}
