/**
 * Uploaded pictures. Nothing that was uploaded is ever served: it is decoded and written anew, which leaves behind
 * metadata, animation and whatever else was hidden in the file.
 */

/** What a picture is for; it decides how large it may stay. */
export type ImageKind = "avatar" | "banner" | "foreign";

/** A picture fit to be served. */
export interface CleanImage {
  bytes: Buffer;
  mime: "image/webp";
  /** In pixels. */
  width: number;
  /** In pixels. */
  height: number;
}

/** Bytes that are not taken as a picture. The message says why and may be shown to the uploader. */
export class ImageRejected extends Error {
  override readonly name = "ImageRejected";
}

/** Largest size in pixels, proportions kept; smaller pictures stay as they are. */
const BOUNDS: Record<ImageKind, { width: number; height: number }> = {
  avatar: { width: 512, height: 512 },
  banner: { width: 1920, height: 480 },
  foreign: { width: 1_400, height: 1_400 },
};

/** Most pixels that are decoded, about what a good camera makes; a small file can claim any number. */
const MAX_PIXELS = 24_000_000;

/** Longest time for one picture, in seconds. */
const MAX_SECONDS = 10;

/** First bytes of the formats taken. Anything else, SVG above all, never reaches a decoder. */
const SIGNATURES = {
  jpeg: /^\xff\xd8\xff/,
  png: /^\x89PNG\r\n\x1a\n/,
  gif: /^GIF8[79]a/,
  webp: /^RIFF[\s\S]{4}WEBP/,
} as const;

/**
 * Decodes a JPEG, PNG, GIF (first frame) or WebP and writes it as WebP within the bounds of its kind, turned upright,
 * in sRGB, without metadata.
 * @param bytes the upload; its size in bytes is the caller's to limit
 * @throws ImageRejected when the bytes are of another format, broken, or have too many pixels
 */
export async function reencodeImage(bytes: Buffer, { kind }: { kind: ImageKind }): Promise<CleanImage> {
  const start = bytes.subarray(0, 12).toString("latin1");
  const format = Object.entries(SIGNATURES).find(([, signature]) => signature.test(start))?.[0];
  if (format === undefined) throw new ImageRejected("Only JPEG, PNG, GIF and WebP pictures are taken.");
  // Its decoders take 20 MB, which a server that never sees a picture can do without.
  const { default: sharp } = await import("sharp");
  const source = sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: "error", pages: 1, sequentialRead: true });
  try {
    const found = await source.metadata();
    if (found.format !== format) throw new ImageRejected("The file is not the kind of picture it begins as.");
    const { data, info } = await source
      .timeout({ seconds: MAX_SECONDS })
      .autoOrient()
      .resize({ ...BOUNDS[kind], fit: "inside", withoutEnlargement: true })
      .webp({ quality: 82 })
      .toBuffer({ resolveWithObject: true });
    return { bytes: data, mime: "image/webp", width: info.width, height: info.height };
  } catch (error) {
    throw rejection(error);
  }
}

function rejection(error: unknown): unknown {
  if (error instanceof ImageRejected || !(error instanceof Error)) return error;
  if (error.message.includes("exceeds pixel limit")) {
    return new ImageRejected(`The picture has more than ${MAX_PIXELS / 1_000_000} million pixels.`);
  }
  if (error.message.includes("timeout")) return new ImageRejected("The picture takes too long to read.");
  return new ImageRejected("The picture cannot be read; the file is broken.", { cause: error });
}
