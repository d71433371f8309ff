/**
 * Signing requests (RFC 9421, Ed25519) with nothing but WebCrypto, in Node and in browsers. A signature covers method, host,
 * path, query and body, carries a nonce of its own, and is good for a minute.
 */

/** A private Ed25519 key as a JWK. */
export interface PrivateJwk {
  kty: string;
  crv: string;
  /** The public key, base64url. */
  x: string;
  /** The private key, base64url. */
  d: string;
}

/** Something that signs: a key in hardware, in another process, or one from {@link signerOf}. */
export interface Signer {
  /** RFC 7638 thumbprint of the public key. */
  keyid: string;
  /** The Ed25519 signature, 64 bytes, of the given bytes. */
  sign(bytes: Uint8Array): Promise<Uint8Array> | Uint8Array;
}

/** How requests are signed. */
export interface Signing {
  /** The key, or several that each sign. */
  with: PrivateJwk | Signer | (PrivateJwk | Signer)[];
  /** Host and port of the network's public address, where the client reaches it by another. */
  authority?: string;
  /** The time; the machine's own by default. */
  now?: () => Date;
}

/** A request as it is to be signed. */
interface Unsigned {
  method: string;
  url: URL;
  /** The bytes of the body; undefined without one. */
  body: Uint8Array | undefined;
}

/** Seconds for which a signature is good. */
const GOOD_FOR = 60;

const signers = new WeakMap<PrivateJwk, Promise<Signer>>();

/** A signer from a private key; the key is imported once and cannot be taken out again. */
export function signerOf(jwk: PrivateJwk): Promise<Signer> {
  const known = signers.get(jwk) ?? importSigner(jwk);
  signers.set(jwk, known);
  return known;
}

async function importSigner({ kty, crv, x, d }: PrivateJwk): Promise<Signer> {
  const key = await crypto.subtle.importKey("jwk", { kty, crv, x, d }, { name: "Ed25519" }, false, ["sign"]);
  return {
    keyid: await keyidOf({ x }),
    sign: async (bytes) => new Uint8Array(await crypto.subtle.sign({ name: "Ed25519" }, key, bytes)),
  };
}

/** The name of a public key: its RFC 7638 thumbprint. */
export async function keyidOf({ x }: { x: string }): Promise<string> {
  const digest = await sha256(new TextEncoder().encode(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`));
  return base64(digest).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** The headers that sign a request: Content-Digest where there is a body, Signature-Input and Signature. */
export async function signatureHeaders(request: Unsigned, signing: Signing): Promise<Record<string, string>> {
  const { method, url, body } = request;
  const components: [string, string][] = [
    ["@method", method],
    ["@authority", signing.authority ?? url.host],
    ["@path", url.pathname],
  ];
  if (url.search !== "") components.push(["@query", url.search]);
  const headers: Record<string, string> = {};
  if (body !== undefined && body.length > 0) {
    headers["content-digest"] = `sha-256=:${base64(await sha256(body))}:`;
    components.push(["content-digest", headers["content-digest"]]);
  }
  const created = Math.floor((signing.now?.() ?? new Date()).getTime() / 1_000);
  const names = components.map(([name]) => `"${name}"`).join(" ");
  const lines = components.map(([name, value]) => `"${name}": ${value}`);
  const given: (PrivateJwk | Signer)[] = [signing.with].flat();
  const inputs: string[] = [];
  const signatures: string[] = [];
  for (const [index, one] of given.entries()) {
    const signer = "d" in one ? await signerOf(one) : one;
    const nonce = base64(crypto.getRandomValues(new Uint8Array(24)));
    const input = `(${names});created=${created};expires=${created + GOOD_FOR};nonce="${nonce}";keyid="${signer.keyid}";alg="ed25519"`;
    const base = [...lines, `"@signature-params": ${input}`].join("\n");
    inputs.push(`sig${index + 1}=${input}`);
    signatures.push(`sig${index + 1}=:${base64(await signer.sign(new TextEncoder().encode(base)))}:`);
  }
  return { ...headers, "signature-input": inputs.join(", "), signature: signatures.join(", ") };
}

async function sha256(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
