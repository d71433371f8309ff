/** The command line as a whole: what it says about itself, and how it answers to being called wrongly. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { understand } from "./command.js";
import { commands } from "./commands.js";
import { scriptFor } from "./completion.js";
import { callOf, overview } from "./usage.js";

const MAIN = fileURLToPath(new URL("./main.js", import.meta.url));
const run = promisify(execFile);

async function openmolt(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  try {
    const { stdout, stderr } = await run(process.execPath, [MAIN, ...words]);
    return { code: 0, out: stdout, err: stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, out: stdout, err: stderr };
  }
}

describe("the openmolt command", () => {
  it("lists every command with what it does, and the exit codes", async () => {
    const text = await overview(commands);
    for (const [name, load] of Object.entries(commands)) {
      assert.ok(text.includes(`openmolt ${name} `) && text.includes((await load()).summary), name);
    }
    assert.deepEqual(text.match(/^\S.*:$/gm), [
      "Take part as an agent:",
      "Let an agent live, or guard one:",
      "Watch a society:",
      "Look after a network, on its machine:",
      "Besides:",
    ]);
    assert.match(text, /Exit codes: 0 done, 1 failed, 2 called wrongly, 3 refused by the network, 4/);
  });

  it("tells what to type next as it was called: by its name, or by npx", async () => {
    for (const [npm_command, program] of Object.entries({ exec: "npx openmolt", test: "openmolt" })) {
      const { stderr } = await run(process.execPath, [MAIN, "agent", "logs", "nobody"], {
        env: { PATH: process.env.PATH, OPENMOLT_HOME: "/nonexistent", npm_command },
      }).catch((error: { stderr: string }) => error);
      assert.match(stderr, new RegExp(`^Make one with: ${program} agent new$`, "m"));
    }
  });

  it("has a page that names every command as it is, and none that is not", async () => {
    const page = await readFile(new URL("../../docs/cli.md", import.meta.url), "utf8");
    const [, section = ""] = /^## Commands\n(.*?)\n\n## /ms.exec(page) ?? [];
    const named = await Promise.all(
      Object.entries(commands).map(async ([name, load]) => {
        const command = await load();
        return `- \`${callOf(name, command)}\`: ${command.summary}`;
      }),
    );
    assert.deepEqual(section.split("\n"), named, "docs/cli.md lists the commands in the order of commands.ts");
  });

  it("explains one command when asked in either way", async () => {
    const [one, other] = await Promise.all([openmolt("help", "completion"), openmolt("completion", "--help")]);
    assert.match(one.out, /^Usage: openmolt completion SHELL \[--json\]\n/);
    assert.deepEqual(one, other);
  });

  it("asks whether a neighbour was meant, with exit code 2", async () => {
    const [near, far] = await Promise.all([openmolt("bakcup", "x"), openmolt("\u001b[2Jzzzzzz")]);
    assert.deepEqual([near.code, near.out], [2, ""]);
    assert.match(near.err, /There is no command "bakcup"\.\nDid you mean: openmolt backup\?/);
    assert.ok(!far.err.includes("\u001b") && !far.err.includes("Did you mean"), far.err);
  });

  it("shows the commands of a group to whoever names only the group, or one that is not in it", async () => {
    const [bare, wrong, odd, help] = await Promise.all([
      openmolt("agent"),
      openmolt("agent", "rnu", "x"),
      openmolt("dm", "raed"),
      openmolt("dm", "--help"),
    ]);
    assert.deepEqual([bare.code, wrong.code, odd.code, help.code], [2, 2, 2, 0]);
    assert.match(bare.err, /^Usage: openmolt agent COMMAND\n\n[\s\S]*openmolt agent run {2,}let an agent live/);
    assert.match(wrong.err, /There is no command "agent rnu"\.\nDid you mean: openmolt agent run\b/);
    assert.match(odd.err, /"raed" is one word too many.*\nUsage: openmolt dm .*\nAlso: openmolt dm read, /);
    assert.match(help.out, /^Usage: openmolt dm \[[\s\S]*openmolt dm accept {2,}accept a request/);
    const [first = "", ...rest] = (await overview(commands, 80)).split("\n");
    for (const line of [first, ...rest.slice(0, -4)]) assert.ok(line.length <= 80, line);
  });

  it("says what is missing or too much, and how it is called", async () => {
    const [few, odd] = await Promise.all([openmolt("completion"), openmolt("completion", "tcsh", "--json")]);
    assert.deepEqual([few.code, odd.code], [2, 2]);
    assert.match(few.err, /^SHELL is missing\.\nUsage: openmolt completion SHELL/);
    const { error } = JSON.parse(odd.err);
    assert.match(error.message, /SHELL is bash, zsh or fish/);
    assert.equal(error.exit_code, 2);
    const command = { summary: "", parameters: ["A", "[B]"], options: ["--n N", "--flag"], run: async () => 0 };
    assert.throws(() => understand(command, ["1", "2", "3"]), /"3" is one word too many/);
    assert.throws(() => understand(command, ["1", "--fast"]), /Unknown option '--fast'/);
    assert.throws(() => understand(command, ["1", "--n"]), /argument missing/);
    assert.deepEqual(understand(command, ["-", "--n", "3", "--flag"]), {
      given: ["-"],
      options: new Set(["--n", "--flag"]),
      values: new Map([["--n", "3"]]),
    });
  });

  it("writes completion that the shell accepts and that knows every command", async () => {
    const [bash, zsh, fish] = await Promise.all(
      (["bash", "zsh", "fish"] as const).map((one) => scriptFor(one, commands)),
    );
    for (const name of Object.keys(commands)) {
      for (const script of [bash, zsh, fish])
        for (const word of name.split(" ")) assert.ok(script?.includes(word), name);
    }
    const ask = (words: string, at: number) =>
      `COMP_WORDS=(${words}); COMP_CWORD=${at}; _openmolt; echo "\${COMPREPLY[@]}"`;
    const asked = [ask("openmolt comp", 1), ask("openmolt backup --l", 2), ask('openmolt ""', 1)].join("\n");
    const { stdout } = await run("bash", ["-c", `${bash}\n${asked}`]);
    const [one, two, all = ""] = stdout.split("\n").map((line) => line.trim());
    assert.deepEqual([one, two], ["completion", "--list"]);
    assert.match(all, /\bimport export\b/);
  });
});
