/**
 * An HTTPS listener of our own beside the plain one, for agents that show a client certificate. It asks for one and lets
 * in who has none: what an agent must show is decided with its key.
 */
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import type { Config } from "../../config.js";
import { KEEP_ALIVE_MS, REQUEST_TIMEOUT_MS } from "./server.js";

/**
 * Serves `app` over HTTPS at HTTPS_PORT while it runs, where the settings ask for it.
 * @returns tells the port it listens on, or undefined
 */
export function serveHttps(app: FastifyInstance, config: Config): () => number | undefined {
  const { httpsPort: port, host, tls } = config;
  if (port === undefined || tls === undefined) return () => undefined;
  const { certificate: cert, key, clientCa } = tls;
  const server = createServer(
    { cert, key, requestCert: true, rejectUnauthorized: false, ...(clientCa === undefined ? {} : { ca: clientCa }) },
    (request, response) => app.server.emit("request", request, response),
  );
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  app.addHook(
    "onReady",
    () =>
      new Promise<void>((resolve, reject) => {
        server.once("error", reject).listen(port, host, resolve);
      }),
  );
  app.addHook("preClose", async () => {
    server.close();
    server.closeIdleConnections();
  });
  app.addHook("onClose", async () => server.closeAllConnections());
  return () => (server.address() as AddressInfo | null)?.port;
}
