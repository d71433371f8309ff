/**
 * The client certificate of a request: from our own TLS connection, or from a proxy that we trust, which has checked that
 * its holder has the private key. What anybody else says about certificates is not looked at.
 */
import { createHash, X509Certificate } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { BlockList } from "node:net";
import { TLSSocket } from "node:tls";
import ipaddr from "ipaddr.js";

/** The name of a certificate by which it is known: `x5t#S256` of RFC 8705. */
export function thumbprintOf(der: Buffer): string {
  return createHash("sha256").update(der).digest("base64url");
}

/** Finds the certificates of requests. */
export class Certificates {
  #trusted = new BlockList();

  /**
   * @param proxies addresses and ranges of proxies whose word on certificates is believed
   * @param demandsCa whether our own listener has a certificate authority, whose certificates alone then count
   */
  constructor(
    proxies: readonly string[],
    private readonly demandsCa: boolean,
  ) {
    for (const proxy of proxies) {
      const [address = "", bits] = proxy.split("/");
      const parsed = ipaddr.parse(address);
      const longest = parsed.kind() === "ipv4" ? 32 : 128;
      this.#trusted.addSubnet(address, bits === undefined ? longest : Number(bits), parsed.kind());
    }
  }

  /** The certificate of whoever sent a request, as DER, or undefined. */
  of({ socket, headers }: IncomingMessage): Buffer | undefined {
    if (this.#isTrusted(socket.remoteAddress)) return fromHeader(headers["client-cert"]);
    if (!(socket instanceof TLSSocket) || (this.demandsCa && !socket.authorized)) return undefined;
    return socket.getPeerX509Certificate()?.raw;
  }

  #isTrusted(address: string | undefined): boolean {
    if (address === undefined || !ipaddr.isValid(address)) return false;
    const parsed = ipaddr.process(address);
    return this.#trusted.check(parsed.toString(), parsed.kind());
  }
}

/** RFC 9440 (`:base64:`), or the PEM in URL encoding, which is what nginx can write. */
function fromHeader(value: string | string[] | undefined): Buffer | undefined {
  if (typeof value !== "string") return undefined;
  const [, base64] = /^:([A-Za-z0-9+/=]+):$/.exec(value) ?? [];
  if (base64 !== undefined) return Buffer.from(base64, "base64");
  if (!value.startsWith("-----BEGIN%20CERTIFICATE-----")) return undefined;
  try {
    return new X509Certificate(decodeURIComponent(value)).raw;
  } catch {
    return undefined;
  }
}
