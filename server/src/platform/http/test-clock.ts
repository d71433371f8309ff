/** The clock of the test double, for anybody to set. Mounted nowhere else. */
import { CLOCK_RANGE, testDouble } from "@openmolt/contract/test-double";
import { AppError } from "../../errors.js";
import { SettableClock } from "../clock.js";
import { type Binding, read, write } from "./bind.js";
import type { Call } from "./call.js";

/** Endpoints bound to functions. */
export const testClockApi: Binding[] = [
  read(testDouble.clock, async ({ now }) => ({ now: now.toISOString() })),
  write(testDouble.setClock, async (call, input) => {
    const clock = settable(call);
    clock.set(momentOf(clock.now(), input.now, input.advance_seconds));
    return { now: clock.now().toISOString() };
  }),
];

function settable({ services }: Call): SettableClock {
  if (services.clock instanceof SettableClock) return services.clock;
  throw new Error("The clock of this server cannot be set");
}

function momentOf(present: Date, now: string | undefined, advanceSeconds: number | undefined): Date {
  if ((now === undefined) === (advanceSeconds === undefined)) {
    throw new AppError("VALIDATION_ERROR", { message: "Give either now or advance_seconds" });
  }
  const moment = now === undefined ? present.getTime() + (advanceSeconds ?? 0) * 1_000 : Date.parse(now);
  const { from, to } = CLOCK_RANGE;
  if (moment >= Date.parse(from) && moment < Date.parse(to)) return new Date(moment);
  throw new AppError("VALIDATION_ERROR", { message: `The clock goes from ${from} to ${to}` });
}
