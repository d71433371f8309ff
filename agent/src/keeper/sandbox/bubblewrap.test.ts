import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer as createHttp, type Server } from "node:http";
import { type AddressInfo, createServer as createTcp, type Server as TcpServer } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import type { Broker } from "../../runner/broker.js";
import { serveBroker } from "../socket.js";
import { bubblewrap } from "./bubblewrap.js";
import { start } from "./find.js";

const missing = await bubblewrap.missing();
const SECRET = "moltbook_sk_supervisor_holds_this_1234567890";

describe("from inside the sandbox", {
  timeout: 60_000,
  skip: missing && `skipped, since bubblewrap cannot be used here: ${missing}`,
}, () => {
  let folder: string;
  let socket: string;
  let broker: Server;
  let listener: TcpServer;
  let other: Server;
  let connections = 0;
  const asked: string[] = [];
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "openmolt-sandbox-"));
    socket = join(folder, "broker.sock");
    await writeFile(join(folder, "key.json"), SECRET);
    process.env.OPENMOLT_TEST_SECRET = SECRET;
    const stub: Broker = {
      look: async () => ({ now: "", me: { name: "a", karma: 0 }, shown: [], submolts: [], open: [] }),
      ask: async ({ user }) => {
        asked.push(user);
        return { text: "{}", tokens: { input: 0, output: 0 }, costMicros: 0 };
      },
      act: async () => ({ done: true }),
    };
    broker = serveBroker(stub, () => ({ error: "FAILED", message: "" }));
    await new Promise<void>((resolve) => broker.listen(socket, resolve));
    listener = createTcp((connection) => {
      connections += 1;
      connection.destroy();
    });
    await new Promise<void>((resolve) => listener.listen(0, "0.0.0.0", resolve));
    other = createHttp((_request, response) => response.end(SECRET));
    await new Promise<void>((resolve) => other.listen(join(folder, "other.sock"), resolve));
  });
  after(async () => {
    delete process.env.OPENMOLT_TEST_SECRET;
    for (const server of [broker, listener, other]) server.close();
    await rm(folder, { recursive: true });
  });

  /** Runs code inside with `$` to say what an attempt came to; answers with all that was said. */
  async function inside(code: string): Promise<Record<string, unknown>> {
    const launch = bubblewrap.launch(socket, () => ["-e", `${TOOLS}\n(async () => { ${code} })().then(say)`]);
    const child = start(launch);
    assert.ok(child.stdin && child.stdout && child.stderr);
    child.stdin.end();
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
    assert.ok(!`${out}${err}`.includes(SECRET), "the secret came out");
    assert.notEqual(out, "", err);
    return JSON.parse(out);
  }
  const TOOLS = `
    const fs = require("node:fs"), net = require("node:net"), http = require("node:http"), found = {};
    const note = (name, value) => { found[name] = value; };
    const attempt = async (name, f) => { try { note(name, ["done", String(await f()).slice(0, 200)]); } catch (e) { note(name, e.code ?? e.name); } };
    const reach = (to) => new Promise((resolve, reject) => { const s = net.connect(to, () => { resolve("connected"); s.destroy(); }); s.on("error", reject); });
    const say = () => process.stdout.write(JSON.stringify(found), () => process.exit(0));
    const call = (method, path, body, headers = { "content-type": "application/json" }) => new Promise((resolve, reject) => {
      const r = http.request({ socketPath: "/broker.sock", method, path, headers }, (a) => { a.resume(); a.on("end", () => resolve(a.statusCode)); });
      r.on("error", reject); r.end(body);
    });`;

  it("no file of the host is there: not the vault, not the system's, not by any way round", async () => {
    const paths = [
      join(folder, "key.json"),
      "/etc/passwd",
      "/etc/hostname",
      "/root",
      "/home/..//etc/passwd",
      "/app/dist/../../../etc/passwd",
      "/usr/bin/env",
      "/bin/sh",
      "/tmp",
      "/var",
      "/sys",
      "/dev/null",
      "/run",
      process.cwd(),
    ];
    const found = await inside(`
      for (const path of ${JSON.stringify(paths)}) await attempt(path, () => fs.statSync(path).isDirectory() ? fs.readdirSync(path) : fs.readFileSync(path));
      note("root", fs.readdirSync("/").sort());`);
    const { root, ...rest } = found;
    for (const [path, what] of Object.entries(rest)) assert.equal(what, "ENOENT", path);
    assert.deepEqual(
      (root as string[]).filter((name) => !["lib", "lib64"].includes(name)),
      ["app", "broker.sock", "home", "node"],
    );
  });

  it("the environment holds nothing of the supervisor's, neither its own nor that of process 1", async () => {
    const found = await inside(`
      note("names", Object.keys(process.env));
      for (const pid of [1, "self", process.ppid, ${process.pid}]) await attempt("environ of " + pid, () => fs.readFileSync("/proc/" + pid + "/environ"));`);
    const { names, ...environs } = found;
    assert.deepEqual(names, ["PWD"]);
    for (const [name, what] of Object.entries(environs)) assert.equal(what, "ENOENT", name);
  });

  it("process 1 was started without an environment, as seen from the host", {
    skip: process.platform !== "linux",
  }, async () => {
    const child = start(bubblewrap.launch(socket, () => ["-e", "process.stdout.write('on');process.stdin.resume()"]));
    assert.ok(child.stdin && child.stdout);
    await new Promise((resolve) => child.stdout?.once("data", resolve));
    assert.equal(await readFile(`/proc/${child.pid}/environ`, "utf8"), "");
    child.stdin.end();
    await new Promise((resolve) => child.once("close", resolve));
  });

  it("no network is there: no TCP, no UDP, no name is resolved, no other socket of the host is found", async () => {
    const { port } = listener.address() as AddressInfo;
    const own = Object.values(networkInterfaces()).flatMap((each) => each?.map(({ address }) => address) ?? []);
    const hosts = [
      "127.0.0.1",
      "::1",
      "0.0.0.0",
      "10.0.2.2",
      "169.254.169.254",
      ...own.filter((host) => !host.includes("%")),
    ];
    const found = await inside(`
      for (const host of ${JSON.stringify(hosts)}) await attempt("tcp " + host, () => reach({ host, port: ${port}, timeout: 2000 }));
      await attempt("fetch", () => fetch("http://127.0.0.1:${port}"));
      await attempt("name", () => require("node:dns").promises.lookup("example.org"));
      await attempt("dns", () => require("node:dns").promises.resolve4("example.org"));
      await attempt("udp", () => new Promise((resolve, reject) => require("node:dgram").createSocket("udp4").send("x", 53, "8.8.8.8", (e) => e ? reject(e) : resolve("sent"))));
      await attempt("other socket", () => reach({ path: ${JSON.stringify(join(folder, "other.sock"))} }));
      await attempt("docker", () => reach({ path: "/var/run/docker.sock" }));
      await attempt("abstract", () => reach({ path: "\\0/org/freedesktop/systemd1/private" }));
      note("interfaces", Object.entries(require("node:os").networkInterfaces()).map(([name]) => name));`);
    const { interfaces, ...attempts } = found;
    for (const [name, what] of Object.entries(attempts)) assert.equal(typeof what, "string", `${name}: ${what}`);
    assert.ok(
      (interfaces as string[]).every((name) => name === "lo"),
      String(interfaces),
    );
    assert.equal(connections, 0);
  });

  it("no other process is there: none can be signalled, none has a memory to read", async () => {
    const found = await inside(`
      await attempt("signal", () => process.kill(${process.pid}, 0));
      await attempt("parent", () => process.kill(${process.ppid}, 0));
      for (const pid of ["self", 1, ${process.pid}]) {
        await attempt("memory " + pid, () => fs.openSync("/proc/" + pid + "/mem", "r"));
        await attempt("files " + pid, () => fs.readdirSync("/proc/" + pid + "/fd"));
      }
      await attempt("shell", () => require("node:child_process").execFileSync("/bin/sh", ["-c", "id"]));
      note("pids", process.pid < 10 && process.ppid < 10);
      note("user", [process.getuid(), process.getgid()]);`);
    const { signal, parent, pids, user, ...rest } = found;
    assert.deepEqual([signal, parent, pids], ["ESRCH", "ESRCH", true]);
    assert.deepEqual(user, [65_534, 65_534]);
    for (const [name, what] of Object.entries(rest)) assert.equal(what, "ENOENT", name);
  });

  it("nothing outside its own small home can be written, and that ends with the process", async () => {
    const found = await inside(`
      for (const path of ["/x", "/app/dist/x", "/app/package.json", "/node", "/lib/x", "/tmp/x"]) await attempt(path, () => fs.writeFileSync(path, "x"));
      await attempt("remove", () => fs.rmdirSync("/app/dist/keeper"));
      await attempt("socket", () => fs.unlinkSync("/broker.sock"));
      await attempt("mode", () => fs.chmodSync("/broker.sock", 0o777));
      await attempt("home", () => { fs.writeFileSync("/home/x", "x"); return fs.readFileSync("/home/x"); });
      await attempt("much", () => fs.writeFileSync("/home/much", Buffer.alloc(64 * 1024 * 1024)));
      await attempt("gain", () => process.setuid(0));`);
    const { home, much, gain, ...rest } = found;
    assert.deepEqual(home, ["done", "x"]);
    assert.equal(much, "ENOSPC");
    assert.notEqual(typeof gain, "object", `gained ${gain}`);
    for (const [path, what] of Object.entries(rest)) {
      assert.ok(["EROFS", "EBUSY", "ENOENT", "EPERM", "EACCES", "ETXTBSY"].includes(String(what)), `${path}: ${what}`);
    }
    const again = await inside(`await attempt("home", () => fs.readFileSync("/home/x"));`);
    assert.equal(again.home, "ENOENT");
  });

  it("the broker answers its two routes and nothing else", async () => {
    const prompt = JSON.stringify({ system: "s", user: "from inside", schema: {}, maxTokens: 10 });
    const calls: [method: string, path: string, body: string, status: number][] = [
      ["POST", "/act", '{"action":"look"}', 200],
      ["POST", "/act", '{"action":"do_nothing"}', 200],
      ["POST", "/model", prompt, 200],
      ["GET", "/act", "", 405],
      ["PUT", "/act", "{}", 405],
      ["DELETE", "/model", "", 405],
      ["POST", "/", "{}", 404],
      ["POST", "/key", "{}", 404],
      ["POST", "/act/../key", "{}", 404],
      ["POST", "//act", "{}", 404],
      ["POST", "/act?x=1", '{"action":"look"}', 404],
      ["POST", "/ACT", '{"action":"look"}', 404],
      ["POST", "http://example.org/act", '{"action":"look"}', 404],
      ["POST", "/act", '{"action":"rotate_key"}', 400],
      ["POST", "/act", '{"action":"look","key":1}', 400],
      ["POST", "/act", '{"action":"upvote"}', 400],
      ["POST", "/act", "[]", 400],
      ["POST", "/act", "not json", 400],
      ["POST", "/model", '{"user":"x"}', 400],
      ["POST", "/model", prompt.replace("}", ',"url":"http://x"}'), 400],
      ["POST", "/act", JSON.stringify({ action: "do_nothing", why: "x".repeat(70_000) }), 413],
    ];
    const found = await inside(`
      for (const [index, [method, path, body]] of ${JSON.stringify(calls)}.entries()) await attempt(String(index), () => call(method, path, body));
      await attempt("type", () => call("POST", "/act", '{"action":"look"}', { "content-type": "text/plain" }));
      await attempt("upgrade", () => call("GET", "/act", "", { connection: "upgrade", upgrade: "websocket" }));
      await attempt("tunnel", () => new Promise((resolve, reject) => { const r = http.request({ socketPath: "/broker.sock", method: "CONNECT", path: "127.0.0.1:80" }); r.on("connect", () => resolve("tunnel")); r.on("error", reject); r.end(); }));`);
    for (const [index, [method, path, body, status]] of calls.entries()) {
      assert.deepEqual(found[index], ["done", String(status)], `${method} ${path} ${body.slice(0, 60)}`);
    }
    assert.deepEqual(found.type, ["done", "415"]);
    assert.deepEqual(found.upgrade, ["done", "405"]);
    assert.equal(found.tunnel, "ECONNRESET");
    assert.deepEqual(asked, ["from inside"]);
  });
});
