/** Digests of the bodies of signed requests, taken while the bytes pass by; nothing is done about requests that are not signed. */
import { createHash } from "node:crypto";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { pipeline, type Readable, Transform } from "node:stream";

/** What is known of a body that was read. */
interface Taken {
  bytes: number;
  /** SHA-256 of the content as it came, compressed or not. */
  digest: Buffer;
}
const taken = new WeakMap<IncomingMessage, Taken>();

/** Whether a request carries a signature, good or bad. */
export function isSigned(headers: IncomingHttpHeaders): boolean {
  return headers["signature-input"] !== undefined;
}

/** Whether the body is a form with files, which is read as it is handled. */
export function isMultipart({ headers }: IncomingMessage): boolean {
  return /^multipart\//i.test(headers["content-type"] ?? "");
}

/** The same body, its digest taken on the way where the request is signed. */
export function watchBody(request: IncomingMessage, body: Readable): Readable {
  if (!isSigned(request.headers) || isMultipart(request) || /^(GET|HEAD)$/.test(request.method ?? "")) return body;
  // A body that breaks off ends what reads it as well.
  return pipeline(body, digesting(request), () => undefined);
}

/** Watches an upload that is about to be read; resolves with its digest once all of it has come. */
export function watchUpload(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const sink = digesting(request).resume();
    pipeline(request, sink, (error) => {
      const digest = digestOf(request)?.digest;
      if (error || !digest) reject(error ?? new Error("The upload has no digest"));
      else resolve(digest);
    });
  });
}

/** What was read of a request's body, or undefined when there is none. */
export function digestOf(request: IncomingMessage): Taken | undefined {
  const own = taken.get(request);
  return own && own.bytes > 0 ? own : undefined;
}

function digesting(request: IncomingMessage): Transform {
  const hash = createHash("sha256");
  let bytes = 0;
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      bytes += chunk.length;
      hash.update(chunk);
      done(null, chunk);
    },
    flush: (done) => {
      taken.set(request, { bytes, digest: hash.digest() });
      done();
    },
  });
}
