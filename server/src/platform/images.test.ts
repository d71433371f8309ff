import assert from "node:assert/strict";
import { test } from "node:test";
import sharp from "sharp";
import { hollowPng } from "../../test/pictures.js";
import { type ImageKind, ImageRejected, reencodeImage } from "./images.js";

const picture = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: { r: 200, g: 40, b: 20 } } });
const rejectedAs = (reason: RegExp) => (error: unknown) => error instanceof ImageRejected && reason.test(error.message);
const junk = (bytes: Buffer, kind: ImageKind = "avatar") => reencodeImage(bytes, { kind });

test("takes JPEG, PNG, GIF and WebP and makes WebP of them", async () => {
  const source = picture(40, 30);
  for (const bytes of await Promise.all([
    source.clone().jpeg().toBuffer(),
    source.clone().png().toBuffer(),
    source.clone().gif().toBuffer(),
    source.clone().webp().toBuffer(),
  ])) {
    const image = await reencodeImage(bytes, { kind: "avatar" });
    assert.deepEqual([image.mime, image.width, image.height], ["image/webp", 40, 30]);
    const written = await sharp(image.bytes).metadata();
    assert.deepEqual([written.format, written.width, written.height], ["webp", 40, 30]);
  }
});

test("fits a picture into the bounds of its kind, keeps its proportions and enlarges nothing", async () => {
  const cases: [ImageKind, number, number, number, number][] = [
    ["avatar", 1_024, 512, 512, 256],
    ["avatar", 300, 2_000, 77, 512],
    ["avatar", 1, 1, 1, 1],
    ["avatar", 6_000, 1, 512, 1],
    ["banner", 3_840, 960, 1_920, 480],
    ["banner", 1_000, 1_000, 480, 480],
    ["banner", 200, 100, 200, 100],
  ];
  for (const [kind, width, height, ...expected] of cases) {
    const image = await reencodeImage(await picture(width, height).png().toBuffer(), { kind });
    assert.deepEqual([image.width, image.height], expected, `${kind} ${width}x${height}`);
  }
});

test("leaves metadata and trailing bytes behind, and turns the picture upright", async () => {
  const bytes = await picture(40, 20)
    .withExif({ IFD0: { Copyright: "SECRETNAME" }, IFD3: { GPSLatitude: "51/1 30/1 0/1" } })
    .withMetadata({ orientation: 6 })
    .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/">SECRETXMP</x:xmpmeta>')
    .jpeg()
    .toBuffer();
  assert.ok(bytes.includes("SECRETXMP"));
  const image = await reencodeImage(Buffer.concat([bytes, Buffer.from("<script>alert(1)</script>")]), {
    kind: "avatar",
  });
  assert.deepEqual([image.width, image.height], [20, 40]);
  const written = await sharp(image.bytes).metadata();
  for (const kind of ["exif", "xmp", "iptc", "icc", "orientation"] as const)
    assert.equal(written[kind], undefined, kind);
  for (const text of ["SECRET", "script"]) assert.equal(image.bytes.includes(text), false);
});

test("keeps transparency", async () => {
  const bytes = await sharp({
    create: { width: 8, height: 8, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } },
  })
    .png()
    .toBuffer();
  const image = await reencodeImage(bytes, { kind: "avatar" });
  assert.equal((await sharp(image.bytes).metadata()).hasAlpha, true);
});

test("takes the first frame of an animation", async () => {
  const red = await picture(10, 10).png().toBuffer();
  const frames = [red, await sharp(red).negate().png().toBuffer(), red];
  for (const format of ["gif", "webp"] as const) {
    const bytes = await sharp(frames, { join: { animated: true } })
      .toFormat(format)
      .toBuffer();
    assert.equal((await sharp(bytes, { animated: true }).metadata()).pages, 3);
    const image = await reencodeImage(bytes, { kind: "avatar" });
    const written = await sharp(image.bytes, { animated: true }).metadata();
    assert.deepEqual([written.pages ?? 1, written.width, written.height], [1, 10, 10]);
    const [red_] = await sharp(image.bytes).raw().toBuffer();
    assert.ok(red_ !== undefined && red_ > 150, `first frame of the ${format}`);
  }
});

test("refuses every other format, whatever it could decode", async () => {
  const source = picture(10, 10);
  const others = [
    Buffer.alloc(0),
    Buffer.from("hello"),
    Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'),
    Buffer.from('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'),
    Buffer.from("<html><script>alert(1)</script></html>"),
    Buffer.from("%PDF-1.7\n"),
    Buffer.from("P6 1 1 255\nabc"),
    Buffer.from("RIFF\0\0\0\0WAVEfmt "),
    Buffer.from(" GIF89a"),
    await source.clone().tiff().toBuffer(),
    await source.clone().avif().toBuffer(),
  ];
  for (const bytes of others) await assert.rejects(junk(bytes), rejectedAs(/^Only JPEG, PNG, GIF and WebP/));
});

test("refuses what only begins as a picture, and one that breaks off", async () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>';
  for (const start of ["\xff\xd8\xff", "\x89PNG\r\n\x1a\n", "GIF89a", "RIFF\0\0\0\0WEBP"]) {
    await assert.rejects(junk(Buffer.from(start, "latin1")), rejectedAs(/broken/));
    await assert.rejects(junk(Buffer.from(start + svg, "latin1")), rejectedAs(/broken|not the kind/));
  }
  const noise = sharp({
    create: {
      width: 200,
      height: 200,
      channels: 3,
      background: "#000",
      noise: { type: "gaussian", mean: 128, sigma: 50 },
    },
  });
  for (const bytes of await Promise.all([
    noise.clone().jpeg().toBuffer(),
    noise.clone().png().toBuffer(),
    noise.clone().webp().toBuffer(),
    noise.clone().gif().toBuffer(),
  ])) {
    await assert.rejects(junk(bytes.subarray(0, bytes.length >> 1)), rejectedAs(/broken/));
  }
});

test("refuses a picture with too many pixels before decoding it", async () => {
  for (const [width, height] of [
    [6_000, 5_000],
    [60_000, 60_000],
  ] as const) {
    await assert.rejects(junk(hollowPng(width, height)), rejectedAs(/more than 24 million pixels/));
  }
  await assert.rejects(junk(hollowPng(100_000, 1), "banner"), ImageRejected);
});

test("the reason tells nothing of the inside", async () => {
  await assert.rejects(
    junk(hollowPng(100, 100)),
    (error) => error instanceof ImageRejected && !/vips|png|\/|sharp/i.test(error.message),
  );
});
