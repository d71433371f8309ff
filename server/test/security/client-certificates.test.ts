/**
 * Stolen key refused without its certificate; header spoofing of client certificates refused. The thief has the agent's API
 * key and its certificate, which is no secret, but not the certificate's private key.
 */
import assert from "node:assert/strict";
import { request as plainRequest } from "node:http";
import { request as tlsRequest } from "node:https";
import { after, before, describe, it } from "node:test";
import { newCertificate, type TestCertificate } from "../certificates.js";
import { startTestServer, type TestServer } from "../harness.js";
import { type Mailbox, startMailbox } from "../mailbox.js";
import { newPerson, type Person } from "../people.js";
import { registerKey, signedClient } from "../signing.js";

const DAY_MS = 86_400_000;
const own = newCertificate();

interface Answer {
  status: number;
  code?: string;
  reason?: string;
  certificate?: { thumbprint: string };
  certificates?: { thumbprint: string }[];
}

/** A request with an agent's key, over TLS where a certificate is given. */
function send(
  origin: string | undefined,
  apiKey: string,
  given: {
    cert?: TestCertificate;
    headers?: Record<string, string>;
    method?: string;
    path?: string;
    body?: object;
  } = {},
): Promise<Answer> {
  const { cert, method = "GET", path = "/api/v1/agents/me", body } = given;
  const url = new URL(path, origin);
  const headers = { authorization: `Bearer ${apiKey}`, "content-type": "application/json", ...given.headers };
  const tls = { ca: own.cert, agent: false as const, ...(cert ? { cert: cert.cert, key: cert.key } : {}) };
  return new Promise((resolve, reject) => {
    const make = url.protocol === "https:" ? tlsRequest : plainRequest;
    const sent = make(url, { method, headers, ...(url.protocol === "https:" ? tls : {}) }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part) => {
        text += part;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, ...JSON.parse(text) }));
    });
    sent.on("error", reject).end(body === undefined ? undefined : JSON.stringify(body));
  });
}

const pem = (certificate: TestCertificate) => encodeURIComponent(certificate.cert);
const field = (certificate: TestCertificate) => `:${certificate.der.toString("base64")}:`;
const CERTIFICATES = "/api/v1/agents/me/certificates";

describe("a stolen key of an agent with a client certificate", () => {
  let mailbox: Mailbox;
  let network: TestServer;
  let secure: string | undefined;
  before(async () => {
    mailbox = await startMailbox();
    const tls = { certificate: own.cert, key: own.key, clientCa: undefined };
    network = await startTestServer({ claimMethods: ["email"], smtpUrl: mailbox.url, httpsPort: 0, tls });
    network.clock.advance(60_000);
    secure = network.server.secureUrl;
  });
  after(async () => {
    await network.close();
    await mailbox.close();
  });

  const certified = async (where = network): Promise<{ person: Person; cert: TestCertificate }> => {
    const person = await newPerson(where, mailbox);
    const cert = newCertificate(person.agent.name);
    const { client } = person.agent;
    const { certificate } = await client.proof.addCertificate({ certificate: cert.cert });
    assert.equal(certificate.thumbprint, cert.thumbprint);
    assert.equal((await client.proof.demand({ require: "certificate" })).required, "certificate");
    return { person, cert };
  };

  it("is refused without the certificate, and served with it", async () => {
    const { person, cert } = await certified();
    const { key } = person.agent;
    for (const origin of [network.url, secure]) {
      const { status, code } = await send(origin, key);
      assert.deepEqual([status, code], [401, "CERTIFICATE_REQUIRED"]);
    }
    assert.equal((await send(secure, key, { cert })).status, 200);
    assert.equal((await send(network.url, (await network.agent()).key)).status, 200, "others need none");
  });

  it("is refused with another certificate, also one of another agent", async () => {
    const { person } = await certified();
    const other = await certified();
    for (const cert of [newCertificate(person.agent.name), other.cert]) {
      const { status, code, reason } = await send(secure, person.agent.key, { cert });
      assert.deepEqual([status, code, reason], [401, "CERTIFICATE_INVALID", "unknown"]);
    }
  });

  it("is refused with a certificate that has expired or is not good yet", async () => {
    const person = await newPerson(network, mailbox);
    const { agent, browser } = person;
    const now = network.clock.now().getTime();
    const soon = newCertificate("soon over", new Date(now - DAY_MS), new Date(now + 60_000));
    const later = newCertificate("not yet", new Date(now + DAY_MS), new Date(now + 2 * DAY_MS));
    const over = newCertificate("over", new Date(now - 2 * DAY_MS), new Date(now - DAY_MS));
    for (const { cert } of [soon, later]) await agent.client.proof.addCertificate({ certificate: cert });
    await assert.rejects(agent.client.proof.addCertificate({ certificate: over.cert }), /over/);
    await agent.client.proof.demand({ require: "certificate" });
    assert.equal((await send(secure, agent.key, { cert: soon })).status, 200);
    assert.equal((await send(secure, agent.key, { cert: later })).reason, "expired");
    network.clock.advance(61_000);
    assert.equal((await send(secure, agent.key, { cert: soon })).reason, "expired");
    await browser.submit(await browser.get(`/owner/proof/${agent.id}`), "/owner/proof/require", { require: "none" });
    assert.equal((await send(network.url, agent.key)).status, 200, "the owner lets it in again");
  });

  it("is refused with the certificate in a header, whoever trusts whom", async () => {
    const { person, cert } = await certified();
    const headers = ["client-cert", "x-ssl-client-cert", "x-client-cert", "x-forwarded-client-cert"];
    for (const origin of [network.url, secure]) {
      for (const value of [field(cert), pem(cert)]) {
        const all = Object.fromEntries(headers.map((name) => [name, value]));
        assert.equal((await send(origin, person.agent.key, { headers: all })).code, "CERTIFICATE_REQUIRED");
        const forwarded = { ...all, "x-forwarded-for": "127.0.0.1", forwarded: "for=127.0.0.1" };
        assert.equal((await send(origin, person.agent.key, { headers: forwarded })).code, "CERTIFICATE_REQUIRED");
      }
    }
  });

  it("is served behind a trusted proxy that passes the certificate, and refused behind any other", async () => {
    const clientCertsOf = { clientCerts: true, trustedProxies: ["127.0.0.0/8", "::1"] };
    const cases: [Partial<Parameters<typeof startTestServer>[0]>, boolean][] = [
      [clientCertsOf, true],
      [{ ...clientCertsOf, clientCerts: false }, false],
      [{ ...clientCertsOf, trustedProxies: ["10.0.0.0/8"] }, false],
    ];
    for (const [config, isBelieved] of cases) {
      const behind = await startTestServer({ claimMethods: ["email"], smtpUrl: mailbox.url, ...config });
      try {
        const { person, cert } = await certified(behind);
        const with_ = (value: string) => send(behind.url, person.agent.key, { headers: { "client-cert": value } });
        for (const value of [field(cert), pem(cert)]) {
          assert.equal((await with_(value)).status, isBelieved ? 200 : 401, JSON.stringify(config));
        }
        for (const value of [
          "",
          "::",
          ":AAAA:",
          "nonsense",
          "-----BEGIN%20CERTIFICATE-----%0AAAAA",
          "%",
          field(newCertificate()),
        ]) {
          assert.equal((await with_(value)).status, 401, value.slice(0, 40));
        }
        assert.equal((await with_(`${field(cert)}, ${field(cert)}`)).status, 401, "two of them");
      } finally {
        await behind.close();
      }
    }
  });

  it("registers nothing: neither certificate nor key", async () => {
    const { person, cert } = await certified();
    const stolen = { method: "POST", path: CERTIFICATES, body: { certificate: newCertificate().cert } };
    assert.equal((await send(secure, person.agent.key, stolen)).code, "CERTIFICATE_REQUIRED");
    assert.equal(
      (await send(secure, person.agent.key, { ...stolen, cert: newCertificate() })).code,
      "CERTIFICATE_INVALID",
    );
    const next = await send(secure, person.agent.key, { ...stolen, cert });
    assert.equal(next.status, 201, "the agent itself registers what follows");
    assert.equal((await send(secure, person.agent.key, { path: CERTIFICATES, cert })).certificates?.length, 2);
  });

  it("is refused once the certificate is revoked, by the agent or by its owner", async () => {
    const { person, cert } = await certified();
    const { agent, browser } = person;
    const remove = { method: "DELETE", path: `${CERTIFICATES}/${cert.thumbprint}`, cert };
    assert.equal((await send(secure, agent.key, remove)).code, "CONFLICT", "the last one");
    const next = newCertificate();
    const post = { method: "POST", path: CERTIFICATES, cert, body: { certificate: next.cert } };
    assert.equal((await send(secure, agent.key, post)).status, 201);
    assert.equal((await send(secure, agent.key, remove)).status, 200);
    assert.equal((await send(secure, agent.key, { cert })).reason, "unknown");
    assert.equal((await send(secure, agent.key, { cert: next })).status, 200);
    assert.equal(
      (await send(secure, agent.key, { ...post, cert: next, body: { certificate: cert.cert } })).code,
      "CONFLICT",
    );
    const page = await browser.get(`/owner/proof/${agent.id}`);
    const revoked = await browser.submit(page, "/owner/proof/certificates/revoke");
    assert.match(revoked.html, /has stopped working/);
    assert.equal((await send(secure, agent.key, { cert: next })).reason, "unknown");
    const third = newCertificate();
    const added = await browser.submit(revoked, "/owner/proof/certificates", { certificate: third.cert });
    assert.match(added.html, /may show the new certificate/);
    assert.equal((await send(secure, agent.key, { cert: third })).status, 200);
    const secret = await browser.submit(added, "/owner/proof/certificates", { certificate: third.key });
    assert.equal(secret.status, 400, "a private key is not taken");
  });

  it("registers the certificate of its own connection while nothing is demanded", async () => {
    const { agent } = await newPerson(network, mailbox);
    const cert = newCertificate();
    const post = { method: "POST", path: CERTIFICATES, body: {} };
    assert.equal((await send(secure, agent.key, post)).code, "CERTIFICATE_REQUIRED");
    assert.equal((await send(secure, agent.key, { ...post, cert })).certificate?.thumbprint, cert.thumbprint);
    const { certificates, required } = await agent.client.proof.certificates();
    assert.deepEqual([certificates.map((one) => one.thumbprint), required], [[cert.thumbprint], "none"]);
    await agent.client.proof.revokeCertificate({ thumbprint: cert.thumbprint });
  });

  it("needs one of the two where either is demanded, and both of them good", async () => {
    const { agent } = await newPerson(network, mailbox);
    const cert = newCertificate();
    await agent.client.proof.addCertificate({ certificate: cert.cert });
    const { key } = await registerKey(network, agent);
    await agent.client.proof.demand({ require: "either" });
    assert.equal((await send(network.url, agent.key)).code, "CERTIFICATE_REQUIRED");
    assert.equal((await send(secure, agent.key, { cert })).status, 200);
    assert.equal((await signedClient(network, agent, key).agents.me()).agent.name, agent.name);
    const other = await registerKey(network, await network.agent());
    await assert.rejects(signedClient(network, agent, other.key).agents.me(), { code: "SIGNATURE_INVALID" });
    const broken = { "signature-input": "nonsense(", signature: "sig1=:AAAA:" };
    assert.equal((await send(secure, agent.key, { cert, headers: broken })).code, "SIGNATURE_INVALID");
  });

  it("is served with certificates of one authority only, where the listener has one", async () => {
    const ours = newCertificate("of the authority");
    const tls = { certificate: own.cert, key: own.key, clientCa: ours.cert };
    const strict = await startTestServer({ claimMethods: ["email"], smtpUrl: mailbox.url, httpsPort: 0, tls });
    try {
      const { agent } = await newPerson(strict, mailbox);
      const stranger = newCertificate();
      for (const { cert } of [ours, stranger]) await agent.client.proof.addCertificate({ certificate: cert });
      await agent.client.proof.demand({ require: "certificate" });
      assert.equal((await send(strict.server.secureUrl, agent.key, { cert: ours })).status, 200);
      assert.equal((await send(strict.server.secureUrl, agent.key, { cert: stranger })).code, "CERTIFICATE_REQUIRED");
    } finally {
      await strict.close();
    }
  });
});
