/** What is held back is come back to: with a new question where the old one has ended, and given up when there is none left. */
import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import type { Verification } from "@openmolt/contract/verification";
import { createClient } from "@openmolt/sdk";
import type { AuditLine, VerifyLine } from "../runner/audit-line.js";
import { Stopped } from "../runner/broker.js";
import type { Prompt, Reply } from "../runner/model.js";
import { openQuestions } from "./questions.js";
import { idOf, type StubNetwork, startStubNetwork, type Twist } from "./stub-network.js";

const ID = idOf(5);
const question = (tries_left = 3): Verification => ({
  ...{ verification_code: "code", challenge_text: "two and two", tries_left },
  ...{ expires_at: "2026-11-22T10:05:00.000Z", instructions: "" },
});
const reply = (text: string): Reply => ({ text, tokens: { input: 1, output: 1 }, costMicros: 0 });
const four = async () => reply('{"answer": "4"}');

let network: StubNetwork;
before(async () => {
  network = await startStubNetwork();
});
after(() => network.close());

/** Opens the questions of an agent on a network that answers so. */
function open(twist: Twist, ask: ((prompt: Prompt) => Promise<Reply>) | undefined = four, lines: AuditLine[] = []) {
  network.show("", twist);
  network.sent.length = 0;
  const noted: VerifyLine[] = [];
  const questions = openQuestions({
    ...{ ask, lines, mayAsk: () => true, now: () => new Date() },
    client: createClient({ baseUrl: network.url, apiKey: "k", repeat: false }),
    audit: (line) => line.door === "verify" && noted.push(line),
  });
  const outcomes = () => noted.map(({ code, outcome }) => code ?? outcome);
  const sent = () => network.sent.map(({ method, url }) => `${method} ${url.replace(/^\/api\/v1|\?.*/g, "")}`);
  return { questions, outcomes, sent };
}
const left: AuditLine = { at: "2026-11-22T10:00:00.000Z", door: "verify", id: ID, outcome: "left", hint: "" };
/** A network on which something waits whose question has ended. */
const ended =
  (can_renew: boolean): Twist =>
  ({ method, url }) => {
    if (method === "GET") return { status: 200, body: { pending: { verification: null, can_renew } } };
    if (url.endsWith("/renew")) return { status: 200, body: { pending: { verification: question() } } };
    return { status: 200, body: { success: true } };
  };

it("what the log says to wait gets a new question at the next visit, and is through once that is answered", async () => {
  const { questions, outcomes, sent } = open(ended(true), four, [left]);
  assert.ok(questions.waits());
  await questions.finish();
  assert.deepEqual(sent(), [`GET /verify/pending/${ID}`, `POST /verify/pending/${ID}/renew`, "POST /verify"]);
  assert.deepEqual([outcomes(), questions.waits()], [["published"], false]);
});

it("what has had all its questions is given up, and the agent may write again", async () => {
  const { questions, outcomes } = open(ended(false), four, [left]);
  await questions.finish();
  assert.deepEqual([outcomes(), questions.waits()], [["NO_RENEWALS"], false]);
});

it("a number that was wrong is not sent again, what is no number is not sent at all, and the last try is kept", async () => {
  const wrong: Twist = () => ({ status: 400, body: { success: false, code: "INCORRECT_ANSWER", message: "No" } });
  const same = open(wrong);
  assert.equal(await same.questions.answer(ID, question()), false);
  assert.deepEqual([same.sent(), same.outcomes()], [["POST /verify"], ["wrong", "NO_ANSWER"]]);
  const prose = open(wrong, async () => reply("I would say four."));
  assert.equal(await prose.questions.answer(ID, question()), false);
  assert.deepEqual([prose.sent(), prose.outcomes()], [[], ["NO_ANSWER"]]);
  const last = open(wrong);
  assert.equal(await last.questions.answer(ID, question(1)), false);
  assert.deepEqual([last.sent(), last.outcomes()], [[], ["WRONG_ANSWER"]]);
});

it("a kill switch laid meanwhile ends it, and the log says that the text waits", async () => {
  const killed = open(ended(true), async () => {
    throw new Stopped("KILLED", "Its owner stopped it.");
  });
  await assert.rejects(killed.questions.answer(ID, question()), { code: "KILLED" });
  assert.deepEqual([killed.outcomes(), killed.questions.waits(), killed.sent()], [["KILLED"], true, []]);
});
