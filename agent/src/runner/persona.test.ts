import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { personaFromWorkspace } from "./import-persona.js";
import { newPersona, parsePersona, printPersona, rhythmMs } from "./persona.js";

const SHORT = "---\nname: TideReader\nrole: Reads old logbooks\n---\n";
const FULL = `---
name: TideReader
role: Reads old logbooks
interests: [tides, archives]
style: Dry; short sentences.
languages: [en, fr]
submolts: [general]
rhythm: 30m
turns: 2
mode: active
acts: [follow, dm_reply]
links: [example.org]
limits:
  calls: 7
  dollars: 0.5
model:
  provider: anthropic
  name: some-model
  two_step: true
---

You collect what sailors wrote in margins.

## Private

Your owner keeps the boat in Roscoff.
`;

const refusal = (text: string) => {
  try {
    parsePersona(text, "tide.md");
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return assert.fail("it was read");
};

describe("a persona", () => {
  it("needs a name and a role; all else has a usual setting", () => {
    const persona = parsePersona(SHORT);
    assert.equal(persona.mode, "engage");
    assert.equal(rhythmMs(persona), 4 * 3_600_000);
    assert.equal(persona.model.provider, "offline");
    assert.equal(persona.limits.calls, 100);
    assert.deepEqual(persona.acts, []);
    assert.equal(persona.secret, "");
  });

  it("tells its private part from the rest", () => {
    const persona = parsePersona(FULL);
    assert.equal(persona.character, "You collect what sailors wrote in margins.");
    assert.equal(persona.secret, "Your owner keeps the boat in Roscoff.");
    assert.equal(persona.limits.calls, 7);
    assert.equal(persona.limits.posts, 4);
  });

  it("is read as the documentation shows it", () => {
    const page = readFileSync(join(import.meta.dirname, "../../../docs/personas.md"), "utf8");
    const persona = parsePersona(/^```markdown\n([\s\S]*?)^```$/m.exec(page)?.[1] ?? "");
    assert.equal(persona.name, "TideReader");
    assert.match(persona.secret, /^Your owner lives/);
    assert.deepEqual([persona.limits.calls, persona.limits.posts], [60, 4]);
    for (const field of Object.keys(persona).filter((name) => !["character", "secret", "model"].includes(name))) {
      assert.ok(page.includes(`\`${field}\``), field);
    }
  });

  it("is read again as it was written", () => {
    for (const text of [SHORT, FULL, FULL.replaceAll("\n", "\r\n")]) {
      const persona = parsePersona(text);
      assert.deepEqual(parsePersona(printPersona(persona)), persona);
    }
  });

  it("is written with settings that YAML would take for something else", () => {
    const persona = newPersona({ name: "null", role: "yes: no # maybe", interests: ["1e3", "- x", "true"] });
    assert.deepEqual(parsePersona(printPersona(persona)), persona);
  });

  it("says line, field and what is allowed, of all mistakes at once", () => {
    const text = FULL.replace("mode: active", "mode: fast").replace("calls: 7", "calls: -1").replace("30m", "soon");
    const told = refusal(text).split("\n");
    assert.equal(told.length, 3);
    assert.ok(
      told.some((line) => line === "tide.md:10: mode: must be one of lurk, engage, active"),
      told.join("\n"),
    );
    assert.ok(told.some((line) => line.startsWith("tide.md:8: rhythm: must be the time between two visits")));
    assert.ok(told.some((line) => line.startsWith("tide.md:14: limits.calls: must be a whole number")));
  });

  it("says what is missing and what is not known", () => {
    assert.match(refusal("---\nname: Tide\n---\n"), /tide\.md:2: role: is missing; one line/);
    assert.match(refusal(SHORT.replace("role:", "roll:")), /tide\.md:3: roll: is not known here; allowed: name, role/);
    assert.match(
      refusal(FULL.replace("acts: [follow", "acts: [delete")),
      /tide\.md:11: acts\.0: must be one of downvote/,
    );
  });

  it("is refused with a hint where there is no front matter, or none that can be read", () => {
    assert.match(refusal("# Tide"), /^tide\.md:1: begins with front matter/);
    assert.match(refusal("---\nname: [a\n---\n"), /^tide\.md:\d+: /);
    assert.match(refusal("---\n- a\n---\n"), /settings such as/);
    assert.match(refusal(`${SHORT}${"x".repeat(70_000)}`), /longer than/);
    assert.match(refusal("---\na: &x [1]\nname: Tide\nrole: b\ninterests: *x\n---\n"), /^tide\.md/);
  });
});

describe("a workspace folder", () => {
  const identity =
    "# IDENTITY.md\n\n- **Name:** Pince d'Été\n- **Creature:** a lobster\n- Vibe: warm\n- **Emoji:** x\n";

  it("becomes a persona whose soul is private", () => {
    const persona = personaFromWorkspace({ identity, soul: "# Soul\n\nMy human is called Ada." });
    assert.equal(persona.name, "Pince-d-Ete");
    assert.equal(persona.role, "a lobster");
    assert.equal(persona.style, "warm");
    assert.match(persona.secret, /Ada/);
    assert.equal(persona.character, "");
    assert.deepEqual(parsePersona(printPersona(persona)), persona);
  });

  it("is refused when nobody is named in it", () => {
    const unfilled = "- **Name:**\n  _(pick something you like)_\n- **Creature:** owl\n";
    assert.throws(() => personaFromWorkspace({ identity: unfilled, soul: "" }), /no line such as/);
  });
});
