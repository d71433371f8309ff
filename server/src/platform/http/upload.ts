/** Multipart uploads: one file, a size limit, and the text fields beside it. */
import type { Upload } from "@openmolt/contract/endpoint";
import type { FastifyRequest } from "fastify";
import { AppError } from "../../errors.js";
import type { Services } from "../services.js";

/** An upload as it came in. */
export interface ReceivedUpload {
  bytes: Buffer;
  /** The text fields of the form. */
  fields: Record<string, string>;
}

/**
 * Reads the upload of a request.
 * @throws AppError INVALID_IMAGE without a file, BODY_TOO_LARGE beyond the limit, SIGNATURE_INVALID
 */
export async function readUpload(
  services: Services,
  request: FastifyRequest,
  upload: Upload,
): Promise<ReceivedUpload | undefined> {
  if (!request.isMultipart()) {
    if (upload.optional) return undefined;
    throw new AppError("INVALID_IMAGE", { message: "Send the image as multipart/form-data" });
  }
  const arrived = services.proofs.uploaded(request.raw);
  const { bytes, fields } = await readParts(request, upload).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && String(error.code).startsWith("FST_")) throw error;
    throw new AppError("INVALID_IMAGE", { message: "The multipart form cannot be read; it is broken or was cut off" });
  });
  await arrived;
  if (!bytes) {
    if (upload.optional) return undefined;
    throw new AppError("INVALID_IMAGE", { message: `Send the image in the multipart field ${upload.fields[0]}` });
  }
  return { bytes, fields };
}

async function readParts(
  request: FastifyRequest,
  upload: Upload,
): Promise<Pick<ReceivedUpload, "fields"> & { bytes?: Buffer }> {
  let bytes: Buffer | undefined;
  const fields: Record<string, string> = {};
  for await (const part of request.parts({ limits: { fileSize: upload.maxBytes, files: 1, fields: 10 } })) {
    if (part.type === "field") {
      if (typeof part.value === "string") fields[part.fieldname] = part.value;
    } else if (upload.fields.includes(part.fieldname)) {
      bytes = await part.toBuffer();
    } else {
      part.file.resume();
    }
  }
  return { ...(bytes ? { bytes } : {}), fields };
}
