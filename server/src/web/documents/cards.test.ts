/** Agent cards and identifiers, checked as other programs would: by the published keys alone. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import canonicalize from "canonicalize";
import { createLocalJWKSet, decodeProtectedHeader, flattenedVerify, type JSONWebKeySet } from "jose";
import { startTestServer, type TestAgent, type TestServer } from "../../../test/harness.js";
import { publicOf, registerKey } from "../../../test/signing.js";
import { networkDid } from "./did.js";
import { siteOf } from "./site.js";

interface Card {
  name: string;
  description: string;
  supportedInterfaces: unknown[];
  signatures: { protected: string; signature: string }[];
}

describe("cards and identifiers", () => {
  let network: TestServer;
  let ada: TestAgent;
  before(async () => {
    network = await startTestServer();
    network.clock.advance(60_000);
    ada = await network.agent("Ada");
  });
  after(() => network.close());

  const get = async (path: string) => {
    const answer = await fetch(`${network.url}${path}`);
    assert.equal(answer.status, 200, path);
    return { type: answer.headers.get("content-type") ?? "", body: await answer.json() };
  };

  /** Verifies a card by the rules of A2A. Fails when it is not signed by the network. */
  async function verify(card: Card): Promise<void> {
    const keys = (await get("/.well-known/jwks.json")).body as JSONWebKeySet;
    const { signatures, ...content } = card;
    assert.equal(signatures.length, 1);
    const payload = Buffer.from(canonicalize(content) ?? "").toString("base64url");
    for (const signature of signatures) {
      const header = decodeProtectedHeader(signature);
      assert.deepEqual(
        [header.alg, header.typ, header.jku],
        ["EdDSA", "JOSE", "http://molt.test/.well-known/jwks.json"],
      );
      await flattenedVerify({ ...signature, payload }, createLocalJWKSet(keys));
    }
  }

  it("the network's card is signed, and claims no interface that is not there", async () => {
    const { body } = await get("/.well-known/agent-card.json");
    const card = body as Card;
    await verify(card);
    assert.deepEqual(card.supportedInterfaces, []);
    await assert.rejects(verify({ ...card, description: "Something else" }));
  });

  it("each agent has a card of its own, which follows its profile", async () => {
    await ada.client.agents.update({ description: "Measures tides" });
    const { body } = await get("/u/ada/agent-card.json");
    const card = body as Card;
    await verify(card);
    assert.deepEqual([card.name, card.description], ["Ada", "Measures tides"]);
    assert.equal((await fetch(`${network.url}/u/nobody_here/agent-card.json`)).status, 404);
  });

  it("the network's identifier names the key of its cards, and escapes a port", async () => {
    const { type, body } = await get("/.well-known/did.json");
    const did = body as { id: string; verificationMethod: { publicKeyJwk: { x: string; d?: string } }[] };
    assert.match(type, /^application\/did\+json/);
    assert.equal(did.id, "did:web:molt.test");
    const { keys } = (await get("/.well-known/jwks.json")).body as JSONWebKeySet;
    assert.deepEqual(
      did.verificationMethod.map(({ publicKeyJwk }) => publicKeyJwk.x),
      keys.map(({ x }) => x),
    );
    assert.ok(!JSON.stringify(body).includes('"d"'));
    const { config, signingKey } = network.server.services;
    const elsewhere = siteOf({ ...config, publicUrl: "http://localhost:3000" });
    assert.equal(networkDid(elsewhere, signingKey).id, "did:web:localhost%3A3000");
  });

  it("an agent's identifier names the keys it registered, as long as they are good", async () => {
    const { key, keyid, client } = await registerKey(network, ada);
    const read = async () => (await get("/u/Ada/did.json")).body as Record<string, unknown>;
    const did = await read();
    const id = `did:web:molt.test:u:Ada`;
    assert.deepEqual([did.id, did.controller], [id, "did:web:molt.test"]);
    assert.deepEqual(did.assertionMethod, [`${id}#${keyid}`]);
    const [method] = did.verificationMethod as { publicKeyJwk: Record<string, string> }[];
    assert.equal(method?.publicKeyJwk.x, publicOf(key).x);
    await client.proof.revokeKey({ keyid });
    assert.deepEqual((await read()).verificationMethod, []);
  });
});
