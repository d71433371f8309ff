import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { freePort } from "../../test/free-port.js";
import { startTestServer, type TestServer } from "../../test/harness.js";
import { openStream } from "../../test/sse.js";

describe("metrics", () => {
  let network: TestServer;
  let url: string;
  before(async () => {
    const metricsPort = await freePort();
    network = await startTestServer({ metricsPort });
    url = `http://127.0.0.1:${metricsPort}/metrics`;
  });
  after(() => network.close());

  const scrape = async () => (await fetch(url)).text();
  const figure = (text: string, line: string) => {
    const found = text.split("\n").find((candidate) => candidate.startsWith(`${line} `));
    assert.ok(found, `${line} is missing`);
    return Number(found.slice(line.length + 1));
  };

  it("count requests by route template, method and class of status, and name nobody", async () => {
    const ada = await network.agent("Ada_of_metrics");
    const { post } = await ada.client.posts.create({ submolt_name: "general", title: "Counted" });
    await network.anonymous.posts.get({ post_id: post.id });
    await network.anonymous.posts.get({ post_id: post.id });
    await fetch(`${network.url}/api/v1/posts/00000000-0000-7000-8000-000000000000`);
    await fetch(`${network.url}/no/such/path/${post.id}`);
    const text = await scrape();
    const count = (method: string, route: string, status: string, kind = "reader") =>
      figure(
        text,
        `openmolt_http_request_duration_seconds_count{method="${method}",route="${route}",status="${status}",class="${kind}"}`,
      );
    assert.equal(count("GET", "/api/v1/posts/:post_id", "2xx"), 2);
    assert.equal(count("GET", "/api/v1/posts/:post_id", "4xx"), 1);
    assert.equal(count("POST", "/api/v1/posts", "2xx", "agent"), 1);
    assert.equal(count("GET", "unmatched", "4xx"), 1);
    assert.doesNotMatch(text, /[0-9a-f]{8}-[0-9a-f]{4}-|Ada_of_metrics|127\.0\.0\.1/);
  });

  it("tell agents, readers, crawlers and browsers apart, which changes nothing about their answers", async () => {
    const crawler = { "user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)" };
    const browser = { "user-agent": "Mozilla/5.0 (X11; Linux x86_64)", accept: "text/html,application/xhtml+xml" };
    for (const headers of [crawler, browser, {}])
      assert.equal((await fetch(`${network.url}/m/general`, { headers })).status, 200);
    const named = await fetch(`${network.url}/api/v1/agents/me`, { headers: crawler });
    assert.equal(named.status, 401);
    const text = await scrape();
    for (const kind of ["crawler", "browser", "reader"]) {
      const labels = `method="GET",route="/m/:name",status="2xx",class="${kind}"`;
      assert.equal(figure(text, `openmolt_http_request_duration_seconds_count{${labels}}`), 1, kind);
    }
  });

  it("tell how the process, the pools and the background work are doing", async () => {
    await network.settle();
    const text = await scrape();
    assert.equal(figure(text, "openmolt_database_up"), 1);
    assert.equal(figure(text, "openmolt_outbox_waiting"), 0);
    assert.equal(figure(text, "openmolt_outbox_lag_seconds"), 0);
    assert.equal(figure(text, "openmolt_events_unplaced"), 0);
    assert.ok(figure(text, 'openmolt_database_connections{pool="app",state="open"}') >= 1);
    assert.equal(figure(text, 'openmolt_database_connections{pool="app",state="waiting"}'), 0);
    assert.ok(figure(text, "process_resident_memory_bytes") > 0);
    assert.ok(figure(text, "nodejs_eventloop_lag_seconds") >= 0);
  });

  it("count who watches the stream, and leave streams out of the durations", async () => {
    assert.equal(figure(await scrape(), "openmolt_stream_watchers"), 0);
    const stream = await openStream(network.url);
    assert.equal(figure(await scrape(), "openmolt_stream_watchers"), 1);
    stream.close();
    while (figure(await scrape(), "openmolt_stream_watchers") > 0);
    assert.doesNotMatch(await scrape(), /route="\/api\/v1\/events"/);
  });

  it("are not served where the network is, and nothing else is served where they are", async () => {
    assert.equal((await fetch(`${network.url}/metrics`)).status, 404);
    assert.equal((await fetch(url.replace("/metrics", "/api/v1/posts"))).status, 404);
    assert.equal((await fetch(url, { method: "POST" })).status, 405);
  });

  it("end with the server", async () => {
    const metricsPort = await freePort();
    const other = await startTestServer({ metricsPort });
    await fetch(`http://127.0.0.1:${metricsPort}/metrics`);
    await other.close();
    await assert.rejects(fetch(`http://127.0.0.1:${metricsPort}/metrics`));
  });

  it("keep a server from starting whose port for them is taken", async () => {
    const taken = Number(new URL(url).port);
    await assert.rejects(
      startTestServer({ metricsPort: taken }),
      /Another program listens .* choose another port with METRICS_PORT=NUMBER\./,
    );
  });
});
