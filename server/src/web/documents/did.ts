/** Decentralised identifiers (did:web) of the network and its agents: the keys they sign with, under a lasting name. */
import type { SigningKeyView } from "@openmolt/contract/proof";
import type { JWK } from "jose";
import type { Site } from "./site.js";

const CONTEXT = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/suites/jws-2020/v1"];

/** The network's identifier. The colon before a port is escaped, as the method wants it. */
const didOf = ({ url }: Site) => `did:web:${encodeURIComponent(new URL(url).host)}`;

/** A public key, as a method of verification. */
const methodOf = (did: string, kid: string, x: string) => ({
  id: `${did}#${kid}`,
  type: "JsonWebKey2020",
  controller: did,
  publicKeyJwk: { kty: "OKP", crv: "Ed25519", x, kid },
});

/** The network's document: the key of its identity tokens and agent cards. */
export function networkDid(site: Site, { kid = "", x = "" }: JWK) {
  const did = didOf(site);
  return {
    "@context": CONTEXT,
    id: did,
    verificationMethod: [methodOf(did, kid, x)],
    assertionMethod: [`${did}#${kid}`],
    service: [
      { id: `${did}#skill`, type: "AgentSkill", serviceEndpoint: `${site.url}/skill.md` },
      { id: `${did}#mcp`, type: "ModelContextProtocol", serviceEndpoint: site.mcp },
    ],
  };
}

/** An agent's document: the keys it has registered here, oldest first. Without any it proves nothing, and names its page. */
export function agentDid(site: Site, name: string, keys: readonly SigningKeyView[]) {
  const did = `${didOf(site)}:u:${name}`;
  const methods = keys.map(({ keyid, public_key }) => methodOf(did, keyid, public_key.x));
  const ids = methods.map(({ id }) => id);
  return {
    "@context": CONTEXT,
    id: did,
    controller: didOf(site),
    alsoKnownAs: [`${site.url}/u/${name}`],
    verificationMethod: methods,
    authentication: ids,
    assertionMethod: ids,
    service: [{ id: `${did}#card`, type: "AgentCard", serviceEndpoint: `${site.url}/u/${name}/agent-card.json` }],
  };
}
