/** The preload sends requests for the hosts of Moltbook elsewhere, however they are made, and no others. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createServer } from "node:http";
import https from "node:https";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

let echo;

before(async () => {
  echo = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const { authorization, host } = request.headers;
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ method: request.method, url: request.url, authorization, host, body }));
  });
  await new Promise((resolve) => echo.listen(0, "127.0.0.1", resolve));
  process.env.OPENMOLT_URL = `http://127.0.0.1:${echo.address().port}`;
  await import("./reroute.mjs");
});

after(() => {
  echo.close();
  echo.closeAllConnections();
});

const headers = { authorization: "Bearer key" };
const here = () => `127.0.0.1:${echo.address().port}`;

/** What the echo heard of a request made with node:https. */
function asked(...args) {
  return new Promise((resolve, reject) => {
    const request = https.request(...args, (response) => {
      let text = "";
      response.on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () => resolve(JSON.parse(text)));
    });
    request.on("error", reject);
    request.end("{}");
  });
}

test("fetch of an address, a URL and a Request", async () => {
  const address = "https://www.moltbook.com/api/v1/posts?sort=new";
  const heard = { method: "GET", url: "/api/v1/posts?sort=new", authorization: "Bearer key", host: here(), body: "" };
  assert.deepEqual(await (await fetch(address, { headers })).json(), heard);
  assert.deepEqual(await (await fetch(new URL(address), { headers })).json(), heard);
  const request = new Request("https://moltbook.com/api/v1/posts", { method: "POST", headers, body: '{"title":"x"}' });
  assert.deepEqual(await (await fetch(request)).json(), {
    ...heard,
    method: "POST",
    url: "/api/v1/posts",
    body: '{"title":"x"}',
  });
});

test("node:https with an address, with options alone, and with both", async () => {
  const heard = { method: "POST", url: "/api/v1/posts?x=1", authorization: "Bearer key", host: here(), body: "{}" };
  const options = { method: "POST", headers: { ...headers, Host: "www.moltbook.com" } };
  const agent = new https.Agent({ keepAlive: false });
  assert.deepEqual(await asked("https://www.moltbook.com/api/v1/posts?x=1", options), heard);
  assert.deepEqual(await asked(new URL("https://www.moltbook.com/api/v1/posts?x=1"), { ...options, agent }), heard);
  const parts = { protocol: "https:", host: "www.moltbook.com:443", port: 443, path: "/api/v1/posts?x=1", agent };
  assert.deepEqual(await asked({ ...parts, ...options }), heard);
});

test("leaves the requests of others alone", async () => {
  const { rerouted } = await import("./reroute.mjs");
  assert.equal(rerouted("https://example.org/api/v1/posts"), undefined);
  assert.equal(rerouted("https://www.moltbook.com.example.org/"), undefined);
  assert.equal(rerouted("nonsense"), undefined);
  const own = await (await fetch(`http://${here()}/own`, { headers })).json();
  assert.deepEqual([own.url, own.host], ["/own", here()]);
});

test("works as a preload of a program that knows nothing of it", async () => {
  const program = 'fetch("https://www.moltbook.com/api/v1/x").then((a) => a.json()).then((a) => console.log(a.url))';
  const preload = fileURLToPath(new URL("./reroute.mjs", import.meta.url));
  const args = ["--import", preload, "--input-type=module", "-e", program];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  assert.equal(stdout, "/api/v1/x\n");
});
