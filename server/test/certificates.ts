/** Self-signed certificates for tests, made without any program: X.509 in DER, P-256 with SHA-256. */
import { createHash, generateKeyPairSync, randomBytes, sign, X509Certificate } from "node:crypto";

/** A certificate with its private key. */
export interface TestCertificate {
  /** The certificate, PEM. */
  cert: string;
  /** The private key, PEM. */
  key: string;
  der: Buffer;
  /** `x5t#S256`. */
  thumbprint: string;
}

const DAY_MS = 86_400_000;

function tlv(tag: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const { length } = body;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
}
const sequence = (...parts: Buffer[]) => tlv(0x30, ...parts);
const oid = (...bytes: number[]) => tlv(0x06, Buffer.from(bytes));
const time = (date: Date) =>
  tlv(0x18, Buffer.from(`${date.toISOString().slice(0, 19).replaceAll(/[-:T]/g, "")}Z`, "ascii"));

const ECDSA_SHA256 = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
const COMMON_NAME = oid(0x55, 0x04, 0x03);
const SUBJECT_ALT_NAME = oid(0x55, 0x1d, 0x11);

/** Makes a certificate for `name`, which is good from `from` until `until`; by default from yesterday for a year. */
export function newCertificate(
  name = "localhost",
  from = new Date(Date.now() - DAY_MS),
  until = new Date(Date.now() + 365 * DAY_MS),
): TestCertificate {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const subject = sequence(tlv(0x31, sequence(COMMON_NAME, tlv(0x0c, Buffer.from(name)))));
  const names = tlv(0x04, sequence(tlv(0x82, Buffer.from(name))));
  const body = sequence(
    tlv(0xa0, tlv(0x02, Buffer.from([2]))),
    tlv(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ECDSA_SHA256,
    subject,
    sequence(time(from), time(until)),
    subject,
    publicKey.export({ type: "spki", format: "der" }),
    tlv(0xa3, sequence(sequence(SUBJECT_ALT_NAME, names))),
  );
  const signature = tlv(0x03, Buffer.from([0]), sign("sha256", body, privateKey));
  const der = sequence(body, ECDSA_SHA256, signature);
  return {
    cert: new X509Certificate(der).toString(),
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    der,
    thumbprint: createHash("sha256").update(der).digest("base64url"),
  };
}
