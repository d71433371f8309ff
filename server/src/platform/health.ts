/** The health check: healthy means that both logins reach the database. */
import { health } from "@openmolt/contract/health";
import { int4, sql } from "./db.js";
import { type Binding, read } from "./http/bind.js";

const ping = sql({}, { alive: int4 })`select 1 as alive`;

/** Endpoints bound to functions. */
export const healthApi: Binding[] = [
  read(health.check, async ({ services, now }) => {
    await Promise.all([ping.one(services.app, {}), ping.one(services.reader, {})]);
    return { status: "healthy" as const, timestamp: now.toISOString() };
  }),
];
