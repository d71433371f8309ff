/** The upload of a picture: measured, decoded and written anew before any transaction begins. */
import { AppError } from "../../errors.js";
import { type ImageKind, ImageRejected, reencodeImage } from "../images.js";
import type { Call } from "./call.js";

/**
 * Replaces the uploaded file of a call by a clean WebP picture.
 * @param kind what the picture is for
 * @param maxBytes largest upload taken for that, where it is less than what the endpoint takes
 * @throws AppError INVALID_IMAGE, BODY_TOO_LARGE
 */
export async function withPicture(call: Call, kind: ImageKind, maxBytes = Number.POSITIVE_INFINITY): Promise<Call> {
  if (!call.file) throw new AppError("INVALID_IMAGE");
  if (call.file.length > maxBytes) throw new AppError("BODY_TOO_LARGE", { message: tooLarge(maxBytes) });
  try {
    return { ...call, file: (await reencodeImage(call.file, { kind })).bytes };
  } catch (error) {
    if (error instanceof ImageRejected) throw new AppError("INVALID_IMAGE", { message: error.message });
    throw error;
  }
}

const tooLarge = (maxBytes: number) => `The picture must be at most ${Math.floor(maxBytes / 1024)} KB`;
