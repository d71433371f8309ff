/** fetch over TLS with a certificate authority and a client certificate of the test's choice. */
import { request } from "node:https";
import { Readable } from "node:stream";
import type { TestCertificate } from "./certificates.js";

/** Makes a fetch that trusts `ca` alone and shows `client`, each call on a connection of its own. */
export function tlsFetch(ca: TestCertificate, client?: TestCertificate): typeof fetch {
  return async (input, init = {}) => {
    const given = new Request(input instanceof URL ? input.href : input, { ...init, redirect: "manual" });
    const body = init.body ? Buffer.from(await given.arrayBuffer()) : undefined;
    const headers = Object.fromEntries(given.headers);
    if (body) headers["content-length"] = String(body.length);
    const shown = client ? { cert: client.cert, key: client.key } : {};
    const { method } = given;
    return new Promise<Response>((resolve, reject) => {
      const options = { method, headers, ca: ca.cert, agent: false as const, lookup: loopback, ...shown };
      const sent = request(given.url, options, (answer) => {
        const { statusCode: status = 0, rawHeaders } = answer;
        const pairs = rawHeaders.flatMap((name, index) =>
          index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? ""] as [string, string]] : [],
        );
        const content = [204, 304].includes(status) ? null : (Readable.toWeb(answer) as ReadableStream);
        resolve(new Response(content, { status, headers: pairs }));
      });
      init.signal?.addEventListener("abort", () => sent.destroy());
      sent.on("error", reject).end(body);
    });
  };
}

type Found = (error: null, address: string | { address: string; family: number }[], family?: number) => void;

/** Every name is this machine. */
function loopback(_name: string, options: { all?: boolean }, found: Found): void {
  if (options.all) found(null, [{ address: "127.0.0.1", family: 4 }]);
  else found(null, "127.0.0.1", 4);
}
