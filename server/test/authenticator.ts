/** A holder of passkeys made of arithmetic: it answers what a browser would answer, and lies on request. */
import { createHash, createSign, generateKeyPairSync, type KeyObject, randomBytes } from "node:crypto";

/** What may be wrong with an answer. */
export interface Lies {
  /** Of the page that asked. */
  origin?: string;
  /** The host name the passkey is used for. */
  rpId?: string;
  /** Whether the device checked who uses it; default true. */
  verified?: boolean;
  /** What the device says how often it was used. */
  counter?: number;
  /** Signed instead of what was asked. */
  challenge?: string;
}

interface Question {
  challenge: string;
  rp?: { id?: string };
  rpId?: string;
  user?: { id: string };
}

const PRESENT = 0x01;
const VERIFIED = 0x04;
const ATTESTED = 0x40;
const sha256 = (data: Buffer | string) => createHash("sha256").update(data).digest();

/** One passkey on one device. */
export class Authenticator {
  readonly id = randomBytes(16);
  counter = 0;
  userHandle = "";
  readonly #key: KeyObject;
  readonly #publicKey: Buffer;

  constructor(readonly origin: string) {
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    this.#key = privateKey;
    const { x = "", y = "" } = publicKey.export({ format: "jwk" });
    // COSE (RFC 9053): an elliptic curve key for ES256 on P-256.
    this.#publicKey = Buffer.concat([
      Buffer.from("a5010203262001215820", "hex"),
      Buffer.from(x, "base64url"),
      Buffer.from("225820", "hex"),
      Buffer.from(y, "base64url"),
    ]);
  }

  /** Answers the question with which a passkey is made, as JSON. */
  register(question: Question, lies: Lies = {}): string {
    this.userHandle = question.user?.id ?? "";
    const length = Buffer.alloc(2);
    length.writeUInt16BE(this.id.length);
    const attested = Buffer.concat([Buffer.alloc(16), length, this.id, this.#publicKey]);
    const data = Buffer.concat([this.#head(question.rp?.id ?? "", lies, ATTESTED), attested]);
    const size = Buffer.alloc(2);
    size.writeUInt16BE(data.length);
    // CBOR: { fmt: "none", attStmt: {}, authData: … }.
    const attestation = Buffer.concat([
      Buffer.from("a363666d74646e6f6e656761747453746d74a0686175746844617461", "hex"),
      Buffer.from([0x59]),
      size,
      data,
    ]);
    return this.#answer({
      clientDataJSON: this.#clientData("webauthn.create", question, lies).toString("base64url"),
      attestationObject: attestation.toString("base64url"),
      transports: ["internal"],
    });
  }

  /** Answers the question with which somebody signs in, as JSON. */
  sign(question: Question, lies: Lies = {}): string {
    this.counter++;
    const client = this.#clientData("webauthn.get", question, lies);
    const data = this.#head(question.rpId ?? "", lies, 0);
    const signature = createSign("sha256")
      .update(Buffer.concat([data, sha256(client)]))
      .sign(this.#key);
    return this.#answer({
      clientDataJSON: client.toString("base64url"),
      authenticatorData: data.toString("base64url"),
      signature: signature.toString("base64url"),
      userHandle: this.userHandle,
    });
  }

  #head(rpId: string, lies: Lies, flags: number): Buffer {
    const tail = Buffer.alloc(5);
    tail.writeUInt8(PRESENT | flags | (lies.verified === false ? 0 : VERIFIED), 0);
    tail.writeUInt32BE(lies.counter ?? this.counter, 1);
    return Buffer.concat([sha256(lies.rpId ?? rpId), tail]);
  }

  #clientData(type: string, question: Question, lies: Lies): Buffer {
    const challenge = lies.challenge ?? question.challenge;
    return Buffer.from(JSON.stringify({ type, challenge, origin: lies.origin ?? this.origin, crossOrigin: false }));
  }

  #answer(response: Record<string, unknown>): string {
    const id = this.id.toString("base64url");
    return JSON.stringify({ id, rawId: id, type: "public-key", clientExtensionResults: {}, response });
  }
}
