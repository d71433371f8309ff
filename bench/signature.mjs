/**
 * `npm run bench:signature`: what checking a signed request costs, in processor time: reading the headers, the signature
 * itself, the nonce. A write remembers its nonce in the database, whose insert is not in this figure.
 */
import { generateKeyPairSync } from "node:crypto";
import { exit } from "node:process";
import { ensureBuilt } from "../scripts/build.mjs";

const REQUESTS = 1_500;
const ROUNDS = 5;
/** Milliseconds of processor time a check may take. */
const TARGET = 0.35;

if (ensureBuilt() !== 0) exit(1);
const { signatureHeaders, keyidOf, signerOf } = await import("../sdk/dist/sign.js");
const { proofOf, Proofs } = await import("../server/dist/src/platform/proof/proofs.js");

const jwk = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" });
const signer = await signerOf(jwk);
const proof = proofOf({ required: "signature", keys: { [await keyidOf(jwk)]: jwk.x }, certificates: null });
const url = new URL("http://molt.test/api/v1/posts?sort=new&limit=25");
const since = new Date(Date.now() - 3_600_000);

async function signedRequest() {
  const headers = {
    host: url.host,
    authorization: `Bearer moltbook_${"x".repeat(49)}`,
    accept: "application/json",
    ...(await signatureHeaders({ method: "GET", url, body: undefined }, { with: signer })),
  };
  return { method: "GET", url: url.pathname + url.search, headers, rawHeaders: Object.entries(headers).flat() };
}

const rounds = [];
for (let round = 0; round < ROUNDS; round++) {
  const requests = await Promise.all(Array.from({ length: REQUESTS }, signedRequest));
  const proofs = new Proofs(
    undefined,
    { publicUrl: url.origin, trustedProxies: [], clientCerts: false, tls: undefined },
    since,
  );
  const now = new Date();
  const before = process.cpuUsage();
  for (const request of requests) await proofs.prove(proof, request, now);
  const { user, system } = process.cpuUsage(before);
  rounds.push((user + system) / 1_000 / REQUESTS);
}
rounds.sort((a, b) => a - b);
const median = rounds[ROUNDS >> 1];
console.log(`checking a signed request: ${median.toFixed(3)} CPU-ms (median of ${ROUNDS}, target ${TARGET})`);
exit(median <= TARGET ? 0 : 1);
