/** Starts a workspace in miniature the way `npm start` does: what is built when, and what becomes of flags, signals and exit codes. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { isFresh } from "./build.mjs";

const repository = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const MAIN = `
const alive = setInterval(() => undefined, 1000);
process.once("SIGINT", () => stop(0));
process.once("SIGTERM", () => stop(4));
setImmediate(() => {
  console.log("up", process.argv.slice(2).join(" "));
  if (process.argv.includes("--exit")) process.exit(7);
});
function stop(code: number): void {
  clearInterval(alive);
  setTimeout(() => { console.log("drained"); process.exit(code); }, 300);
}
`;

let root = "";
const path = (...parts) => join(root, ...parts);

before(() => {
  root = mkdtempSync(join(tmpdir(), "start-"));
  for (const file of ["package.json", "tsconfig.json", "tsconfig.base.json", "scripts", "cli/bin"]) {
    cpSync(join(repository, file), path(file), { recursive: true });
  }
  for (const project of ["contract", "sdk", "agent", "server", "cli"]) {
    mkdirSync(path(project, "src"), { recursive: true });
    for (const file of ["package.json", "tsconfig.json"]) cpSync(join(repository, project, file), path(project, file));
    writeFileSync(path(project, "src", "main.ts"), `console.log("${project}", process.argv.slice(2).join(" "));\n`);
  }
  writeFileSync(path("server/src/main.ts"), MAIN);
  symlinkSync(join(repository, "node_modules"), path("node_modules"));
});
after(() => rmSync(root, { recursive: true, force: true }));

/** Runs a program in the miniature; `onOutput` sees all output so far each time there is more. */
async function run(program, args, onOutput = () => undefined) {
  const child = spawn(program, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"], detached: true });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      output += text;
      onOutput(output, child);
    });
  }
  const [code, signal] = await once(child, "close");
  return { code, signal, output };
}

const start = (...flags) => run(process.execPath, [path("scripts/start.mjs"), ...flags]);

/** A listener that does something once the server is up. */
function whenUp(act) {
  let done = false;
  return (output, child) => {
    if (done || !output.includes("up ")) return;
    done = true;
    act(child);
  };
}

test("builds a new clone, passes flags on and ends with the server's own exit code", async () => {
  assert.equal(isFresh(root), false);
  const { code, output } = await start("--test-double", "--exit");
  assert.match(output, /Building[\s\S]*up --test-double --exit/);
  assert.equal(code, 7);
  assert.equal(isFresh(root), true);
});

test("does not build again when nothing changed, and finds that out in under 100 ms of work", async () => {
  const began = process.cpuUsage();
  assert.equal(isFresh(root), true);
  const { user, system } = process.cpuUsage(began);
  assert.ok(user + system < 100_000, `${user + system} microseconds`);
  const { mtimeMs } = statSync(path("server/dist/src/main.js"));
  const { output } = await start("--exit");
  assert.doesNotMatch(output, /Building/);
  assert.equal(statSync(path("server/dist/src/main.js")).mtimeMs, mtimeMs);
});

test("builds again after an edit, and forgets the output of a deleted source", async () => {
  writeFileSync(path("server/src/gone.ts"), "export const gone = 1;\n");
  assert.match((await start("--exit")).output, /Building/);
  assert.equal(existsSync(path("server/dist/src/gone.js")), true);
  rmSync(path("server/src/gone.ts"));
  assert.match((await start("--exit")).output, /Building/);
  assert.equal(existsSync(path("server/dist/src/gone.js")), false);
});

test("builds again when the output is gone", async () => {
  rmSync(path("cli/dist"), { recursive: true });
  assert.match((await start("--exit")).output, /Building/);
  assert.equal(existsSync(path("cli/dist/main.js")), true);
});

test("the command line builds when it must and keeps standard output to itself", async () => {
  rmSync(path("dist"), { recursive: true });
  const { code, output } = await run(process.execPath, [path("cli/bin/openmolt.mjs"), "verify", "--all"]);
  assert.match(output, /Building[\s\S]*cli verify --all/);
  assert.equal(code, 0);
});

test("starts nothing when the build fails", async () => {
  writeFileSync(path("server/src/broken.ts"), "export const broken: string = 1;\n");
  const { code, output } = await start("--exit");
  assert.match(output, /broken\.ts/);
  assert.doesNotMatch(output, /up /);
  assert.notEqual(code, 0);
  rmSync(path("server/src/broken.ts"));
  assert.equal((await start("--exit")).code, 7);
});

test("says what to do when the dependencies are missing", async () => {
  rmSync(path("node_modules"));
  try {
    const { code, output } = await start("--exit");
    assert.match(output, /npm install/);
    assert.equal(code, 1);
  } finally {
    symlinkSync(join(repository, "node_modules"), path("node_modules"));
  }
});

test("SIGTERM to npm alone reaches the server, which drains", async () => {
  const { code, output } = await run(
    "npm",
    ["start"],
    whenUp((npm) => process.kill(npm.pid, "SIGTERM")),
  );
  assert.match(output, /drained/);
  assert.equal(code, 4);
});

test("Ctrl-C, which arrives twice under npm, drains", async () => {
  const { code, output } = await run(
    "npm",
    ["start"],
    whenUp((npm) => process.kill(-npm.pid, "SIGINT")),
  );
  assert.match(output, /drained/);
  assert.equal(code, 0);
});
