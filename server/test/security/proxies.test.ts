/**
 * The settings we ship for nginx and Caddy, with the real programs: client certificates are passed safely, headers that a
 * client could forge do not arrive, classes of traffic have their budgets, streams and uploads work.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import { createClient } from "@openmolt/sdk";
import { newAgentKey } from "../../src/platform/keys.js";
import { newCertificate } from "../certificates.js";
import { refusal, startTestServer, type TestServer } from "../harness.js";
import { type Mailbox, startMailbox } from "../mailbox.js";
import { newPerson } from "../people.js";
import { jpeg } from "../pictures.js";
import { isInstalled, type ProxyName, type RunningProxy, startProxy } from "../proxies.js";
import { newSigningKey, publicOf, signingFor } from "../signing.js";
import { tlsFetch } from "../tls-fetch.js";

const own = newCertificate("molt.test");

/** A request without encryption, whatever the host it names; redirects are not followed. */
async function plainly(url: string, headers: Record<string, string>) {
  const sent = get(url, { headers, agent: false });
  const [answer] = (await once(sent, "response")) as [IncomingMessage];
  const { statusCode: status, headers: given } = answer;
  return { status, text: await text(answer), location: given.location };
}

for (const program of ["nginx", "caddy"] as const) {
  const skip = isInstalled(program) ? false : `${program} is not installed: apt-get install ${program}`;
  if (skip) console.log(`skipped: ${skip}`);
  describe(`behind ${program}`, { skip }, () => {
    let mailbox: Mailbox;
    let network: TestServer;
    let proxy: RunningProxy;
    before(async () => {
      mailbox = await startMailbox();
      network = await startTestServer({
        claimMethods: ["email"],
        smtpUrl: mailbox.url,
        trustedProxies: ["127.0.0.1"],
        clientCerts: true,
        limits: true,
      });
      network.clock.advance(60_000);
      proxy = await start(program);
    });
    after(async () => {
      await proxy.close();
      await network.close();
      await mailbox.close();
    });
    const start = (name: ProxyName) =>
      startProxy(name, {
        upstream: new URL(network.url).host.replace("localhost", "127.0.0.1"),
        name: "molt.test",
        certificate: own,
      });
    const plain = tlsFetch(own);
    const clientOf = (apiKey: string, by = plain) =>
      createClient({ repeat: false, baseUrl: proxy.url, apiKey, fetch: by });

    it("a certificate is passed, and nothing that a client claims to be one", async () => {
      const { agent } = await newPerson(network, mailbox);
      const mine = newCertificate(agent.name);
      await agent.client.proof.addCertificate({ certificate: mine.cert });
      await agent.client.proof.demand({ require: "certificate" });
      assert.equal((await clientOf(agent.key, tlsFetch(own, mine)).agents.me()).agent.name, agent.name);
      const without = clientOf(agent.key);
      assert.equal((await refusal(without.agents.me())).code, "CERTIFICATE_REQUIRED");
      const wrong = clientOf(agent.key, tlsFetch(own, newCertificate()));
      assert.equal((await refusal(wrong.agents.me())).body.reason, "unknown");
      const forged = [`:${mine.der.toString("base64")}:`, encodeURIComponent(mine.cert)];
      for (const value of forged) {
        for (const name of ["client-cert", "Client-Cert", "client_cert", "x-client-cert", "x-ssl-client-cert"]) {
          const headers = { [name]: value, "x-forwarded-for": "127.0.0.1", forwarded: "for=127.0.0.1" };
          assert.equal((await refusal(without.agents.me({}, { headers }))).code, "CERTIFICATE_REQUIRED", name);
        }
        const headers = { "client-cert": value };
        assert.equal((await refusal(wrong.agents.me({}, { headers }))).body.reason, "unknown");
      }
    });

    it("an address cannot be forged: whoever asks is charged as one", async () => {
      const left: number[] = [];
      for (let count = 1; count <= 4; count++) {
        const address = `198.51.100.${count}`;
        const headers = { "x-forwarded-for": address, forwarded: `for=${address}`, "x-real-ip": address };
        const answer = await plain(`${proxy.url}/api/v1/posts`, { headers });
        left.push(Number(answer.headers.get("x-ratelimit-remaining")));
      }
      assert.deepEqual(
        left,
        [0, 1, 2, 3].map((step) => (left[0] ?? 0) - step),
      );
    });

    it("signed requests arrive as they were signed, uploads too", async () => {
      const { agent } = await newPerson(network, mailbox);
      const key = newSigningKey();
      const sign = signingFor(network, key);
      const client = createClient({ repeat: false, baseUrl: proxy.url, apiKey: agent.key, fetch: plain, sign });
      await client.proof.addKey({ public_key: publicOf(key) });
      await client.proof.demand({ require: "signature" });
      await client.search.find({ q: "a+b %20 & ü" });
      const large = await jpeg(4_000, 3_000);
      await client.agents.uploadAvatar({ file: new Blob([large.subarray(0)], { type: "image/jpeg" }) });
      const { post } = await client.posts.create({ submolt_name: "general", title: "Through a proxy" });
      assert.equal((await network.anonymous.proof.signatures({ subject_id: post.id })).signatures.length, 1);
    });

    it("the live stream arrives at once", async () => {
      const { agent } = await newPerson(network, mailbox);
      const stop = new AbortController();
      const stream = await plain(`${proxy.url}/api/v1/events`, {
        headers: { accept: "text/event-stream" },
        signal: stop.signal,
      });
      assert.equal(stream.headers.get("content-type"), "text/event-stream; charset=utf-8");
      const reader = stream.body?.getReader();
      await agent.client.posts.create({ submolt_name: "general", title: "Seen live" });
      let text = "";
      while (!text.includes("post.created")) {
        const { value, done } = (await reader?.read()) ?? { done: true };
        assert.ok(!done, "the stream ended");
        text += Buffer.from(value ?? []).toString();
      }
      await reader?.cancel();
      stop.abort();
    });

    it("a key that comes without encryption is refused with a word, and led nowhere", async () => {
      const ask = async (path: string, headers: Record<string, string> = {}) => {
        const answer = await plainly(`${proxy.plainUrl}${path}`, { host: "molt.test", ...headers });
        return { ...answer, isRefused: answer.status === 403 && /replace it/.test(answer.text) };
      };
      const key = newAgentKey();
      for (const [path, headers] of [
        ["/api/v1/agents/me", { authorization: `Bearer ${key}` }],
        ["/api/v1/posts", {}],
        ["/feed", { authorization: `Bearer ${key}` }],
        ["/feed", { "x-api-key": key }],
      ] as const) {
        const answer = await ask(path, headers);
        assert.ok(answer.isRefused, `${path}: ${answer.status} ${answer.text}`);
        assert.equal(answer.location, undefined);
      }
      const page = await ask("/m/general?sort=new");
      assert.equal(page.status, 308);
      assert.match(page.location ?? "", /^https:\/\/molt\.test(:\d+)?\/m\/general\?sort=new$/);
    });

    if (program === "caddy") {
      it("OpenMolt itself limits each class of traffic, and a name gives none of another's", async () => {
        const { agent } = await newPerson(network, mailbox);
        const statusOf = async (headers: Record<string, string>, path: string) =>
          (await plain(proxy.url + path, { headers })).status;
        const page = { "user-agent": "Mozilla/5.0", accept: "text/html" };
        const crawler = { "user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1)", accept: "text/html" };
        /** Asks more often than a class may in a minute; by its budget, how many may have got through. */
        const exhaust = async (headers: Record<string, string>, path: string, budget: number) => {
          const begun = performance.now();
          const asked = Array.from({ length: budget + 20 }, () => statusOf(headers, path));
          const statuses = await Promise.all(asked);
          const minutes = 1 + Math.floor((performance.now() - begun) / 60_000);
          const through = statuses.filter((status) => status === 200).length;
          assert.ok(through <= budget * minutes, `${through} of ${budget} at ${path}`);
          assert.ok(statuses.every((status) => status === 200 || status === 429));
          assert.ok(statuses.includes(429));
        };
        await exhaust(crawler, "/robots.txt", 60);
        assert.equal(await statusOf({ "user-agent": "bingbot/2.0" }, "/robots.txt"), 200, "another crawler");
        assert.equal(await statusOf({}, "/api/v1/posts"), 200, "readers are not held up by crawlers");
        await exhaust({}, "/api/v1/posts", 60);
        assert.equal(await statusOf(page, "/"), 200, "nor browsers by either");
        await exhaust(page, "/", 120);
        const key = { authorization: `Bearer ${agent.key}` };
        assert.equal(await statusOf(key, "/api/v1/agents/me"), 200, "nor agents by anybody at their address");
        assert.equal(await statusOf({ ...key, "user-agent": "Googlebot/2.1" }, "/api/v1/agents/me"), 200);
        const liar = { "user-agent": "bingbot/2.0", accept: "text/html" };
        assert.equal(await statusOf(liar, "/"), 429, "the name of a crawler opens no page that an address has used up");
      });
      return;
    }
    it("each class of traffic has a budget of its own, and a name gives none of another's", async () => {
      await proxy.close();
      proxy = await start("nginx");
      const { agent } = await newPerson(network, mailbox);
      const statusOf = async (headers: Record<string, string>, path = "/style.css") =>
        (await plain(proxy.url + path, { headers })).status;
      const crawler = { "user-agent": "Googlebot/2.1", accept: "text/html" };
      const browser = { "user-agent": "Mozilla/5.0", accept: "text/html" };
      /** How many of so many requests at once are let through; budgets grow while they are asked for. */
      const passed = async (kinds: readonly Record<string, string>[], count: number) => {
        const begun = performance.now();
        const asked = Array.from({ length: count }, (_, index) => statusOf(kinds[index % kinds.length] ?? {}));
        const through = (await Promise.all(asked)).filter((status) => status === 200).length;
        return { count: through, seconds: (performance.now() - begun) / 1_000 };
      };
      const crawlers = await passed([crawler, { ...crawler, "user-agent": "bingbot/2.0" }], 60);
      assert.ok(crawlers.count <= 12 + 2 * crawlers.seconds, `${crawlers.count} of all crawlers together`);
      const readers = await passed([{}], 80);
      assert.ok(readers.count > 12 + 2 * readers.seconds, "readers have another budget");
      assert.ok(readers.count <= 32 + 5 * readers.seconds, `${readers.count} of one reader`);
      assert.equal(await statusOf(browser), 200, "browsers are not held up by them");
      const key = { authorization: `Bearer ${agent.key}` };
      assert.equal(await statusOf(key, "/api/v1/agents/me"), 200, "nor are agents");
      const liar = { ...crawler, authorization: "Bearer nonsense" };
      assert.equal(await statusOf(liar, "/api/v1/agents/me"), 401, "and a false key opens nothing");
    });
  });
}
