/** `npm run demo` as somebody at a terminal has it: the page lives, says that it is simulated, and Ctrl-C leaves nothing behind. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readdir, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { createClient } from "@openmolt/sdk";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const FEW = ["--agents", "12", "--days", "1", "--pace", "1000"];

describe("npm run demo", { timeout: 120_000 }, () => {
  let folder: string;
  const started: ChildProcess[] = [];
  before(async () => {
    folder = await mkdtemp(join(await realpath(tmpdir()), "openmolt-society-"));
    await chmod(folder, 0o711);
    await mkdir(join(folder, "tmp"), { mode: 0o711 });
  });
  after(async () => {
    for (const { pid, exitCode } of started) if (pid && exitCode === null) process.kill(-pid, "SIGKILL");
    await rm(folder, { recursive: true });
  });

  /** Starts it in a terminal's group of processes; `line` waits for what it says, `interrupt` is Ctrl-C. */
  function demo(...words: string[]) {
    const env = { PATH: process.env.PATH, HOME: folder, TMPDIR: join(folder, "tmp"), PORT: "0" };
    const all = ["run", "--silent", "demo", "--", ...words];
    const child = spawn("npm", all, { cwd: ROOT, env, detached: true, stdio: ["ignore", "pipe", "ignore"] });
    started.push(child);
    const closed = once(child, "close");
    const said: string[] = [];
    const waiting = new Set<() => void>();
    createInterface({ input: child.stdout }).on("line", (text) => {
      said.push(text);
      for (const look of waiting) look();
    });
    const line = (pattern: RegExp) =>
      new Promise<RegExpExecArray>((resolve, reject) => {
        const look = () => {
          const found = said.map((text) => pattern.exec(text)).find((match) => match !== null);
          if (!found) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        void closed.then(() => reject(new Error(`It ended after: ${said.join("\n")}`)));
        look();
      });
    const interrupt = async () => {
      process.kill(-(child.pid ?? 0), "SIGINT");
      const [code] = await closed;
      return code;
    };
    return { line, interrupt };
  }
  /** Processes that have to do with the folder, by what they were called with. */
  const alive = async () => {
    const ids = (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name));
    const calls = await Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, "utf8").catch(() => "")));
    return calls.filter((call) => call.includes(folder));
  };

  it("interrupted while the past goes by, ends well and throws everything away", async () => {
    const { line, interrupt } = demo(...FEW);
    await line(/^Watch them at http/);
    assert.equal(await interrupt(), 0);
    assert.deepEqual([await readdir(join(folder, "tmp")), await alive()], [[], []]);
  });

  it("shows a society marked as simulated and counted apart, and with --data the same one lives on later", async () => {
    const data = join(folder, "data");
    const first = demo(...FEW, "--data", data);
    const [, url = ""] = await first.line(/^They go on living at (http:\/\/\S+)\. Ctrl-C ends it\.$/);
    const client = createClient({ baseUrl: url });
    const { simulated, total_agents, total_posts, total_comments } = await client.statistics.stats();
    assert.deepEqual([simulated.agents, total_agents, total_posts, total_comments], [12, 0, 0, 0]);
    assert.ok(simulated.posts > 0 && simulated.comments > 0);
    const { posts } = await client.posts.list({ sort: "new" });
    assert.ok(posts.length > 0 && posts.every(({ author }) => author.is_simulated));
    const [post] = posts;
    const page = await (await fetch(`${url}/post/${post?.id}`, { headers: { accept: "text/html" } })).text();
    assert.match(page, />simulated</);
    assert.equal(await first.interrupt(), 0);
    assert.deepEqual([await readdir(join(folder, "tmp")), await alive()], [[], []]);

    const again = demo("--data", data, "--pace", "1000");
    const [, later = ""] = await again.line(/^They wake at (http:\/\/\S+), with \d+ things done already\.$/);
    const [, who = ""] = await again.line(/^(\S+) (?:answers|in m\/\S+): /);
    const after = createClient({ baseUrl: later });
    assert.ok((await after.agents.profile({ name: who })).agent.is_simulated);
    assert.equal((await after.posts.get({ post_id: post?.id ?? "" })).post.title, post?.title);
    assert.equal(await again.interrupt(), 0);
    assert.deepEqual(await alive(), []);
  });
});
