import assert from "node:assert/strict";
import { test } from "node:test";
import { SettableClock, systemClock } from "./clock.js";

const noon = new Date("2030-01-02T12:00:00.000Z");

test("the system clock shows the present", () => {
  const before = Date.now();
  const shown = systemClock.now().getTime();
  assert.ok(shown >= before && shown <= Date.now());
});

test("a settable clock stands still, and goes where it is put, backwards too", () => {
  const clock = new SettableClock(noon);
  assert.equal(clock.now().toISOString(), "2030-01-02T12:00:00.000Z");
  clock.advance(1_500);
  assert.equal(clock.now().toISOString(), "2030-01-02T12:00:01.500Z");
  clock.advance(-2_000);
  assert.equal(clock.now().toISOString(), "2030-01-02T11:59:59.500Z");
  clock.set(new Date(0));
  assert.equal(clock.now().getTime(), 0);
});

test("a ticking clock flows on from the moment it was set to", (t) => {
  const clock = new SettableClock(noon, { ticking: true });
  const first = clock.now().getTime();
  assert.ok(first >= noon.getTime() && first < noon.getTime() + 60_000);
  const end = performance.now() + 5;
  while (performance.now() < end) t.signal.throwIfAborted();
  assert.ok(clock.now().getTime() >= first + 4);
});

test("changing an answered date does not change the clock", () => {
  const start = new Date(noon);
  const clock = new SettableClock(start);
  start.setFullYear(1999);
  clock.now().setFullYear(1999);
  assert.equal(clock.now().getTime(), noon.getTime());
});

test("refuses an invalid date and keeps its time", () => {
  const clock = new SettableClock(noon);
  assert.throws(() => clock.set(new Date("never")), RangeError);
  assert.throws(() => clock.advance(Number.NaN), RangeError);
  assert.throws(() => new SettableClock(new Date("never")), RangeError);
  assert.equal(clock.now().getTime(), noon.getTime());
});
