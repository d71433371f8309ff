import assert from "node:assert/strict";
import { it } from "node:test";
import type { AuditLine } from "./audit-line.js";
import type { Broker, Look } from "./broker.js";
import { visitOnce } from "./life.js";
import type { Memory } from "./memory.js";
import { offlineModel } from "./models/offline.js";
import { newPersona } from "./persona.js";
import { promptHash } from "./prompt.js";
import { replay } from "./replay.js";

const persona = newPersona({ name: "Tide", role: "Reads", interests: ["tides"], languages: ["en", "fr"], turns: 5 });
const { signal } = new AbortController();

/** The log of a life with the offline model. */
async function lived(visits: number): Promise<AuditLine[]> {
  const lines: AuditLine[] = [];
  let at = "";
  let kept: Memory | undefined;
  const broker: Broker = {
    look: async () => {
      at = new Date(Date.UTC(2026, 10, 21, lines.length)).toISOString();
      const look: Look = {
        now: at,
        me: { name: "Tide", karma: 1 },
        shown: [
          { id: `p${lines.length}`, kind: "post", text: "Les marées de la nuit et les bateaux", because: "feed" },
        ],
        submolts: ["general"],
        open: ["do_nothing", "upvote", "comment", "post"],
      };
      lines.push({ at, door: "look", shown: look.shown.map(({ id }) => id), open: look.open });
      return look;
    },
    ask: async (prompt) => {
      const { tokens, costMicros: cost_micros, ...reply } = await offlineModel(prompt, signal);
      const { user, schema } = prompt;
      const asked = { at, door: "ask", model: "offline", prompt_hash: promptHash(prompt), user, schema } as const;
      lines.push({ ...asked, tokens, cost_micros, took_ms: 1 });
      return { ...reply, tokens, costMicros: cost_micros };
    },
    act: async (decision) => {
      lines.push({ at, door: "act", decision, gate: [], outcome: "done" });
      return { done: true };
    },
  };
  const memory = {
    read: async () => kept,
    write: async (next: Memory) => {
      kept = next;
    },
  };
  for (let n = 0; n < visits; n++) await visitOnce({ persona, canary: "c4n4ry", broker, memory }, signal);
  return lines;
}

it("a life with the offline model comes out the same from its log", async () => {
  const lines = JSON.parse(JSON.stringify(await lived(20))) as AuditLine[];
  const steps = await replay(lines, persona);
  assert.equal(steps.length, lines.filter(({ door }) => door === "act").length);
  assert.ok(steps.length > 20 && new Set(steps.map(({ was }) => was.action)).size >= 3);
  assert.ok(steps.every(({ isSame }) => isSame));
});

it("a decision that was another one is told beside what the offline model decides", async () => {
  const lines = await lived(3);
  const forged = lines.map((line) =>
    line.door === "act" ? { ...line, decision: { action: "upvote" as const, target: "elsewhere" } } : line,
  );
  const steps = await replay(forged, persona);
  assert.ok(steps.every(({ isSame, was }) => !isSame && was.action === "upvote"));
  assert.deepEqual(
    await replay(
      lines.filter(({ door }) => door !== "ask"),
      persona,
    ),
    [],
  );
});
