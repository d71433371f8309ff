/**
 * Prometheus metrics, served on an address of their own and only when asked for. Labels are route templates, methods,
 * classes of status and of traffic: never an id, a name or an address.
 */
import { createServer, type RequestListener, type Server } from "node:http";
import type { FastifyInstance } from "fastify";
import type { Pool } from "pg";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { int8, nullable, sql, time } from "./db.js";
import type { Services } from "./services.js";
import { classOf } from "./traffic.js";

/** Upper bounds of the duration buckets, in seconds: from a cached answer to one that was given up. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** A figure that is read at every scrape. */
export interface Figure {
  name: string;
  help: string;
  read(): number;
}

const findLag = sql({}, { waiting: int8, oldest: nullable(time), unplaced: int8 })`
  select (select count(*) from outbox) as waiting, (select min(created_at) from outbox) as oldest,
    (select count(*) from events where position is null) as unplaced`;

/** Watches the requests of `app` and serves all metrics at METRICS_HOST:METRICS_PORT while it runs; port 0 is off. */
export function serveMetrics(app: FastifyInstance, services: Services, figures: readonly Figure[]): void {
  const { metricsPort: port, metricsHost: host } = services.config;
  if (port === 0) return;
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  watchRequests(app, registry);
  watchCache(registry, services);
  watchPools(registry, { app: services.app, reader: services.reader });
  for (const { name, help, read } of figures) {
    new Gauge({ name, help, registers: [registry], collect: gaugeOf(read) });
  }
  const refresh = watchLag(registry, services);
  const server = createServer(answer(registry, refresh, services));
  app.addHook("onReady", () => listen(server, port, host));
  app.addHook("onClose", async () => {
    server.close();
    server.closeAllConnections();
  });
}

function gaugeOf(read: () => number) {
  return function (this: Gauge) {
    this.set(read());
  };
}

function watchRequests(app: FastifyInstance, registry: Registry): void {
  const duration = new Histogram({
    name: "openmolt_http_request_duration_seconds",
    help: "Time from a request to the end of its answer; streams and what is handed out of the cache are not counted.",
    labelNames: ["method", "route", "status", "class"],
    buckets: BUCKETS,
    registers: [registry],
  });
  app.addHook("onResponse", async (request, reply) => {
    if (String(reply.getHeader("content-type")).startsWith("text/event-stream")) return;
    const route = request.routeOptions.url ?? "unmatched";
    const status = `${Math.floor(reply.statusCode / 100)}xx`;
    const labels = { method: request.method, route, status, class: classOf(request.headers) };
    duration.observe(labels, reply.elapsedTime / 1000);
  });
}

function watchCache(registry: Registry, { cache }: Services): void {
  new Counter({
    name: "openmolt_shared_reads_total",
    help: "Reads of answers that everybody gets: from the cache (hit), by waiting for another's build, by an own build.",
    labelNames: ["by"],
    registers: [registry],
    collect() {
      this.reset();
      for (const [by, count] of Object.entries(cache.counts)) this.inc({ by }, count);
    },
  });
  new Gauge({
    name: "openmolt_shared_reads_kept_bytes",
    help: "About how many bytes of answers are kept.",
    registers: [registry],
    collect() {
      this.set(cache.bytes);
    },
  });
}

function watchPools(registry: Registry, pools: Readonly<Record<string, Pool>>): void {
  new Gauge({
    name: "openmolt_database_connections",
    help: "Database connections by pool: open, idle, and callers waiting for one.",
    labelNames: ["pool", "state"],
    registers: [registry],
    collect() {
      for (const [pool, { totalCount, idleCount, waitingCount }] of Object.entries(pools)) {
        this.set({ pool, state: "open" }, totalCount);
        this.set({ pool, state: "idle" }, idleCount);
        this.set({ pool, state: "waiting" }, waitingCount);
      }
    },
  });
}

/** Reads how far background work lags; while the database is away it says that instead of failing the scrape. */
function watchLag(registry: Registry, { app, clock }: Services): () => Promise<void> {
  const gauge = (name: string, help: string) => new Gauge({ name: `openmolt_${name}`, help, registers: [registry] });
  const up = gauge("database_up", "Whether the database answered this scrape.");
  const waiting = gauge("outbox_waiting", "Work left by commits that has not been done yet.");
  const lag = gauge("outbox_lag_seconds", "Age of the oldest of it.");
  const unplaced = gauge("events_unplaced", "Public events that have no position yet.");
  return async () => {
    try {
      const row = await findLag.one(app, {});
      waiting.set(row.waiting);
      lag.set(row.oldest === null ? 0 : Math.max(0, (clock.now().getTime() - row.oldest.getTime()) / 1000));
      unplaced.set(row.unplaced);
      up.set(1);
    } catch {
      up.set(0);
    }
  };
}

function answer(registry: Registry, refresh: () => Promise<void>, { log }: Services): RequestListener {
  return (request, response) => {
    const path = request.url?.split("?")[0];
    if (path !== "/metrics" || (request.method !== "GET" && request.method !== "HEAD")) {
      response.writeHead(path === "/metrics" ? 405 : 404).end();
      return;
    }
    refresh()
      .then(() => registry.metrics())
      .then(
        (text) => response.writeHead(200, { "content-type": registry.contentType }).end(text),
        (error: unknown) => {
          log.error({ err: error }, "metrics could not be collected");
          response.writeHead(500).end();
        },
      );
  };
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}
