/**
 * Loaded into a server with `node --import`: its wall clock is off by the milliseconds that the file OPENMOLT_FAULTS_CLOCK
 * names, read at the start and again on each SIGUSR2. Time that only flows (performance.now, timers) is left alone.
 */
import { readFileSync } from "node:fs";

const file = process.env.OPENMOLT_FAULTS_CLOCK;
const RealDate = Date;
let shift = 0;
const read = () => {
  shift = Number(readFileSync(file, "utf8"));
};
read();
process.on("SIGUSR2", read);

const now = () => RealDate.now() + shift;
globalThis.Date = new Proxy(RealDate, {
  construct: (target, given, newTarget) => Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget),
  apply: () => new RealDate(now()).toString(),
  get: (target, name, receiver) => (name === "now" ? now : Reflect.get(target, name, receiver)),
});
