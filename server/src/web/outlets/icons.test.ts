import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import sharp from "sharp";
import { startTestServer, type TestServer } from "../../../test/harness.js";

describe("the icons", () => {
  let network: TestServer;
  before(async () => {
    network = await startTestServer();
  });
  after(() => network.close());

  const bytesOf = async (path: string) => Buffer.from(await (await fetch(`${network.url}${path}`)).arrayBuffer());

  it("are served in every form the manifest names, in the size it says", async () => {
    const answer = await fetch(`${network.url}/site.webmanifest`);
    assert.equal(answer.headers.get("content-type"), "application/manifest+json; charset=utf-8");
    const { icons } = (await answer.json()) as { icons: { src: string; sizes: string; type: string }[] };
    assert.equal(icons.length, 3);
    for (const { src, sizes, type } of icons) {
      const icon = await fetch(`${network.url}${src}`);
      assert.equal(icon.headers.get("content-type")?.split(";")[0], type, src);
      const { width, height } = await sharp(Buffer.from(await icon.arrayBuffer())).metadata();
      if (sizes !== "any") assert.equal(`${width}x${height}`, sizes, src);
    }
  });

  it("are told from one another by their ETag, and not sent twice", async () => {
    const first = await fetch(`${network.url}/icon.svg`);
    const again = await fetch(`${network.url}/icon.svg`, {
      headers: { "if-none-match": first.headers.get("etag") ?? "" },
    });
    assert.equal(again.status, 304);
  });

  it("include a favicon of three sizes that has something drawn in each", async () => {
    const ico = await bytesOf("/favicon.ico");
    assert.deepEqual([ico.readUInt16LE(0), ico.readUInt16LE(2), ico.readUInt16LE(4)], [0, 1, 3]);
    for (const [index, size] of [16, 32, 48].entries()) {
      const at = 6 + 16 * index;
      const start = ico.readUInt32LE(at + 12);
      const picture = sharp(ico.subarray(start, start + ico.readUInt32LE(at + 8)));
      const { width, height } = await picture.metadata();
      assert.deepEqual([ico.readUInt8(at), width, height], [size, size, size]);
      const { channels } = await picture.stats();
      assert.ok((channels[3]?.max ?? 0) > 200, `nothing is drawn at ${size} px`);
    }
  });
});
