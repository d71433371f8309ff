import assert from "node:assert/strict";
import { test } from "node:test";
import { AppError } from "../errors.js";
import { Admission, type Precedence } from "./admission.js";

const BOUNDS = { places: 1, waiting: 2, bodyBytes: 100, patience: { burst: 5_000, overload: 500 } };
const WRITE = 0;
const READ = 1;
const ANONYMOUS = 2;

/** A door whose clock the test sets, and the order in which those who wait got in or were sent away. */
function door(bounds = BOUNDS) {
  let now = 0;
  const admission = new Admission(bounds, () => now);
  const said: string[] = [];
  const wait = (name: string, precedence: Precedence, gone?: AbortSignal) =>
    admission.enter(precedence, gone).then(
      () => void said.push(`${name} in`),
      (error: unknown) => {
        assert.ok(error instanceof AppError && error.code === "OVERLOADED");
        said.push(`${name} away`);
      },
    );
  return { admission, said, wait, setTime: (ms: number) => (now = ms) };
}

test("a place is given to writes first, then to reads of agents, then to anybody", async () => {
  const { admission, said, wait } = door({ ...BOUNDS, waiting: 3 });
  await wait("first", ANONYMOUS);
  const others = [wait("anybody", ANONYMOUS), wait("read", READ), wait("write", WRITE)];
  for (let left = 0; left < 4; left++) admission.leave();
  await Promise.all(others);
  assert.deepEqual(said, ["first in", "write in", "read in", "anybody in"]);
  assert.equal(admission.active, 0);
});

test("a full line sends newcomers away, unless somebody less urgent waits", async () => {
  const { admission, said, wait } = door();
  await wait("first", ANONYMOUS);
  const waiting = [wait("older", ANONYMOUS), wait("newer", ANONYMOUS)];
  assert.equal(admission.isFull(ANONYMOUS), true);
  assert.equal(admission.isFull(WRITE), false);
  await wait("late", ANONYMOUS);
  const write = wait("write", WRITE);
  await waiting[1];
  assert.deepEqual(said, ["first in", "late away", "newer away"]);
  for (let left = 0; left < 3; left++) admission.leave();
  await Promise.all([...waiting, write]);
  assert.deepEqual(said.slice(3), ["write in", "older in"]);
});

test("a burst may wait long; when the line has not been empty for long, only a short wait is granted", (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const { admission, wait, setTime } = door();
  void wait("first", ANONYMOUS);
  void wait("burst", ANONYMOUS);
  setTime(4_900);
  t.mock.timers.tick(50);
  assert.equal(admission.waiting, 1);
  void wait("later", ANONYMOUS);
  setTime(5_100);
  t.mock.timers.tick(50);
  assert.equal(admission.waiting, 1, "only the one who came 200 ms ago still waits");
  setTime(5_500);
  t.mock.timers.tick(50);
  assert.equal(admission.waiting, 0);
  admission.leave();
  assert.equal(admission.active, 0);
});

test("when the server cannot keep up, no more may wait than will be answered in time", (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const { admission, wait, setTime } = door({ ...BOUNDS, waiting: 100 });
  void wait("first", ANONYMOUS);
  for (let n = 0; n < 60; n++) void wait("crowd", ANONYMOUS);
  for (let n = 0; n < 50; n++) {
    setTime(n * 100);
    admission.leave();
  }
  assert.equal(admission.isFull(ANONYMOUS), false);
  setTime(5_100);
  assert.equal(admission.isFull(ANONYMOUS), true, "ten wait, and some five are answered in half a second");
  assert.equal(admission.isFull(WRITE), false);
});

test("after the line was empty, waiting may take long again", (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const { admission, wait, setTime } = door();
  void wait("first", ANONYMOUS);
  void wait("next", ANONYMOUS);
  setTime(6_000);
  admission.leave();
  void wait("newcomer", ANONYMOUS);
  setTime(10_000);
  t.mock.timers.tick(50);
  assert.equal(admission.waiting, 1);
});

test("who does not wait any longer leaves the line, and nobody loses a place by it", async () => {
  const { admission, said, wait } = door();
  const gone = new AbortController();
  await wait("first", ANONYMOUS);
  const left = wait("gone", ANONYMOUS, gone.signal);
  gone.abort();
  await left;
  assert.equal(admission.waiting, 0);
  admission.leave();
  assert.equal(admission.active, 0);
  assert.deepEqual(said, ["first in", "gone away"]);
});

test("bodies are taken on up to a sum of bytes", () => {
  const { admission } = door();
  assert.equal(admission.takeBody(60), true);
  assert.equal(admission.takeBody(41), false);
  assert.equal(admission.takeBody(40), true);
  admission.dropBody(60);
  assert.equal(admission.takeBody(60), true);
});

test("those sent away are told different times, the later the more of them there are", () => {
  const { admission } = door();
  const few = Array.from({ length: 200 }, () => admission.refusal().details.retryAfterSeconds ?? 0);
  assert.ok(new Set(few).size > 3);
  for (let times = 0; times < 10; times++) {
    assert.ok(admission.tryEnter());
    admission.leave();
  }
  const many = Array.from({ length: 2_000 }, () => admission.refusal().details.retryAfterSeconds ?? 0);
  assert.ok(Math.max(...many) > 40);
  assert.ok(Math.max(...many) <= 60);
  assert.ok(Math.min(...many) >= 1);
});
