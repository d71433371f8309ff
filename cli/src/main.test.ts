/** The command line as a whole: what it says about itself, and how it answers to being called wrongly. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { commands } from "./commands.js";

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
    const { code, out } = await openmolt();
    assert.equal(code, 0);
    for (const [name, load] of Object.entries(commands)) {
      assert.ok(out.includes(`openmolt ${name} `) && out.includes((await load()).summary), name);
    }
    assert.match(out, /Exit codes: 0 done, 1 failed, 2 called wrongly, 3 refused by the network, 4/);
  });

  it("explains one command when asked in either way", async () => {
    const [one, other] = await Promise.all([openmolt("help", "backup"), openmolt("backup", "--help")]);
    assert.match(one.out, /^Usage: openmolt backup FOLDER \[--keep N\] \[--verify\] \[--list\] \[--json\]\n/);
    assert.deepEqual(one, other);
  });

  it("asks whether a neighbour was meant, with exit code 2", async () => {
    const { code, out, err } = await openmolt("bakcup", "x");
    assert.deepEqual([code, out], [2, ""]);
    assert.match(err, /There is no command "bakcup"\.\nDid you mean: openmolt backup\?/);
    const far = await openmolt("\u001b[2Jzzzzzz");
    assert.ok(!far.err.includes("\u001b") && !far.err.includes("Did you mean"), far.err);
  });

  it("says what is missing or too much, and how it is called", async () => {
    const [few, many, option] = await Promise.all([
      openmolt("backup"),
      openmolt("verify", "everything"),
      openmolt("verify", "--fast", "--json"),
    ]);
    assert.deepEqual([few.code, many.code, option.code], [2, 2, 2]);
    assert.match(few.err, /^FOLDER is missing\.\nUsage: openmolt backup FOLDER/);
    assert.match(many.err, /"everything" is one word too many/);
    const { error } = JSON.parse(option.err);
    assert.match(error.message, /Unknown option '--fast'/);
    assert.equal(error.exit_code, 2);
  });

  it("writes completion that the shell accepts and that knows every command", async () => {
    const [bash, zsh, fish, other] = await Promise.all([
      openmolt("completion", "bash"),
      openmolt("completion", "zsh"),
      openmolt("completion", "fish"),
      openmolt("completion", "tcsh"),
    ]);
    assert.equal(other.code, 2);
    for (const name of Object.keys(commands)) {
      for (const { out } of [bash, zsh, fish]) for (const word of name.split(" ")) assert.ok(out.includes(word), name);
    }
    const ask = (words: string, at: number) =>
      run("bash", ["-c", `${bash.out}\nCOMP_WORDS=(${words}); COMP_CWORD=${at}; _openmolt; echo "\${COMPREPLY[@]}"`]);
    assert.equal((await ask("openmolt comp", 1)).stdout.trim(), "completion");
    assert.equal((await ask("openmolt backup --l", 2)).stdout.trim(), "--list");
    assert.match((await ask('openmolt ""', 1)).stdout, /\bimport export\b/);
  });

  it("ends quietly when its reader stops reading", async () => {
    const { stdout, stderr } = await run("bash", ["-c", `${process.execPath} ${MAIN} help | head -1`]);
    assert.equal(stdout, "Usage: openmolt COMMAND [--json]\n");
    assert.equal(stderr, "");
  });
});
