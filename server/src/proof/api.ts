/** The endpoints of proofs, one line each. */
import { ownerProof, proof } from "@openmolt/contract/proof";
import { type Binding, read, write } from "../platform/http/bind.js";
import { type OwnerCall, RawAnswer, seeOther } from "../platform/http/call.js";
import { noticeCookie } from "../platform/http/cookies.js";
import type { Notice } from "../platform/http/notices.js";
import { certificatesOf, directoryOf, signaturesOf, signingKeysOf } from "./read.js";
import {
  addCertificate,
  addCertificateAsOwner,
  revokeCertificate,
  revokeCertificateAsOwner,
} from "./write/certificates.js";
import {
  addKeyAsOwner,
  addSigningKey,
  demandProof,
  requireProof,
  revokeKeyAsOwner,
  revokeSigningKey,
} from "./write.js";

const DIRECTORY_TYPE = "application/http-message-signatures-directory+json";

/** Endpoints bound to functions. */
export const proofApi: Binding[] = [
  write(proof.addKey, async (call, input) => {
    const keyid = await addSigningKey(call, input);
    const keys = await signingKeysOf(call.db, call.agent.id);
    const [signing_key] = keys.filter((key) => key.keyid === keyid);
    if (!signing_key) throw new Error("The new signing key is not there");
    return { message: "Registered. From now on every signature made with this key is checked", signing_key };
  }),
  read(proof.keys, async ({ db, agent }) => ({
    required: agent.proof.required,
    signing_keys: await signingKeysOf(db, agent.id),
  })),
  write(proof.revokeKey, async (call, { keyid }) => {
    await revokeSigningKey(call, keyid);
    return { message: "The key is revoked" };
  }),
  write(proof.addCertificate, async (call, input) => {
    const thumbprint = await addCertificate(call, input);
    const [certificate] = (await certificatesOf(call.db, call.agent.id)).filter((one) => one.thumbprint === thumbprint);
    if (!certificate) throw new Error("The new certificate is not there");
    return { message: "Registered", certificate };
  }),
  read(proof.certificates, async ({ db, agent }) => ({
    required: agent.proof.required,
    certificates: await certificatesOf(db, agent.id),
  })),
  write(proof.revokeCertificate, async (call, { thumbprint }) => {
    await revokeCertificate(call, thumbprint);
    return { message: "The certificate is revoked" };
  }),
  write(proof.demand, async (call, input) => {
    const required = await demandProof(call, input);
    return { message: "Requests that do not show it are refused; your owner can switch this off", required };
  }),
  read(proof.signatures, async ({ db }, { subject_id }) => ({ signatures: await signaturesOf(db, subject_id) })),
  read(proof.directory, async ({ db }, { agent }) => {
    const headers = { "content-type": DIRECTORY_TYPE, "cache-control": "public, max-age=60" };
    // As bytes: of a text the framework would name a character set, which this type does not have.
    return new RawAnswer(200, headers, Buffer.from(JSON.stringify(await directoryOf(db, agent))));
  }),
  write(ownerProof.require, async (call, input) => {
    const name = await requireProof(call, input);
    return toProof(call, input, { say: "proofChanged", name });
  }),
  write(ownerProof.addKey, async (call, input) => {
    const name = await addKeyAsOwner(call, input);
    return toProof(call, input, { say: "signingKeyAdded", name });
  }),
  write(ownerProof.revokeKey, async (call, input) => {
    const name = await revokeKeyAsOwner(call, input);
    return toProof(call, input, { say: "signingKeyRevoked", name });
  }),
  write(ownerProof.addCertificate, async (call, input) => {
    const name = await addCertificateAsOwner(call, input);
    return toProof(call, input, { say: "certificateAdded", name });
  }),
  write(ownerProof.revokeCertificate, async (call, input) => {
    const name = await revokeCertificateAsOwner(call, input);
    return toProof(call, input, { say: "certificateRevoked", name });
  }),
];

function toProof({ services, session }: OwnerCall, { agent_id }: { agent_id: string }, notice: Notice): RawAnswer {
  return seeOther(`/owner/proof/${agent_id}`, noticeCookie(services, session, notice));
}
