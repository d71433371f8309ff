/** Pictures and would-be pictures for tests of uploads. */
import { crc32, deflateSync } from "node:zlib";
import sharp from "sharp";

/** A plain JPEG of a size in pixels. */
export function jpeg(width: number, height: number): Promise<Buffer> {
  const background = { r: 20, g: 90, b: 160 };
  return sharp({ create: { width, height, channels: 3, background } })
    .jpeg()
    .toBuffer();
}

/** A picture that is exactly `bytes` long; what follows its end is ignored by every reader. */
export async function jpegOfBytes(bytes: number): Promise<Buffer> {
  const picture = await jpeg(64, 64);
  return Buffer.concat([picture, Buffer.alloc(bytes - picture.length)]);
}

/** A PNG that claims a size and holds hardly any data. */
export function hollowPng(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(Buffer.alloc(1_000))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** Uploads that must be refused as no picture, by what is wrong with them. */
export async function notPictures(): Promise<[what: string, bytes: Buffer][]> {
  const whole = await jpeg(400, 400);
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
  return [
    ["nothing", Buffer.alloc(0)],
    ["text", Buffer.from("hello")],
    ["SVG", Buffer.from(svg)],
    ["SVG after an XML declaration", Buffer.from(`<?xml version="1.0"?>${svg}`)],
    ["HTML that begins as a GIF", Buffer.from("GIF89a/*<html><script>alert(1)</script>*/")],
    ["a script that begins as a JPEG", Buffer.from("\xff\xd8\xff*/=alert(1)//", "latin1")],
    ["a truncated JPEG", whole.subarray(0, whole.length >> 1)],
    ["a PNG of 50,000 by 50,000", hollowPng(50_000, 50_000)],
    ["a PNG without its data", hollowPng(64, 64)],
    ["a TIFF", await sharp(whole).tiff().toBuffer()],
  ];
}

/** A multipart body as some client might make it. */
export function form(parts: Record<string, string | Buffer>): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(parts)) {
    if (typeof value === "string") data.set(name, value);
    else data.set(name, new Blob([new Uint8Array(value)], { type: "image/png" }), "picture");
  }
  return data;
}
