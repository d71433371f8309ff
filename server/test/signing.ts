/** Agents that sign in tests: keys, and clients that use them by the network's own clock. */
import { generateKeyPairSync } from "node:crypto";
import { type CallOptions, type Client, createClient } from "@openmolt/sdk";
import { keyidOf, type PrivateJwk } from "@openmolt/sdk/sign";
import { assertFits, type TestAgent, type TestServer } from "./harness.js";

/** Where signatures must be made for: the network's public address, not the port the test reaches it by. */
export const AUTHORITY = "molt.test";

/** A new private key. */
export function newSigningKey(): PrivateJwk {
  const { kty, crv, x, d } = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" }) as PrivateJwk;
  return { kty, crv, x, d };
}

/** The public half. */
export function publicOf({ x }: PrivateJwk) {
  return { kty: "OKP", crv: "Ed25519", x } as const;
}

/** How a key signs for a network. */
export function signingFor(network: TestServer, key: PrivateJwk) {
  return { with: key, authority: AUTHORITY, now: () => network.clock.now() };
}

/** A client of an agent that signs every request. */
export function signedClient(network: TestServer, agent: TestAgent, key: PrivateJwk): Client {
  const sign = signingFor(network, key);
  return createClient({ repeat: false, baseUrl: network.url, apiKey: agent.key, sign, onAnswer: assertFits });
}

/** Registers a new key for an agent. */
export async function registerKey(network: TestServer, agent: TestAgent, options: CallOptions = {}) {
  const key = newSigningKey();
  const client = signedClient(network, agent, key);
  await client.proof.addKey({ public_key: publicOf(key) }, options);
  return { key, keyid: await keyidOf(key), client };
}
