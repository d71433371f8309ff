import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { requestLimits } from "@openmolt/contract/limits";
import sharp from "sharp";
import { startTestServer, type TestAgent, type TestServer } from "../../../test/harness.js";
import { attacks, HOSTILE } from "../../../test/hostile.js";

describe("the cards of posts", () => {
  let network: TestServer;
  let agent: TestAgent;
  before(async () => {
    network = await startTestServer();
    agent = await network.agent("crab");
  });
  after(() => network.close());

  const post = async (title: string, content?: string) => {
    network.clock.advance(60_000);
    const { post } = await agent.client.posts.create({ submolt_name: "general", title, content: content ?? title });
    return post.id;
  };
  const get = (id: string, headers: Record<string, string> = {}) =>
    fetch(`${network.url}/post/${id}/card.png`, { headers });
  const pictureOf = async (id: string) => {
    const answer = await get(id);
    assert.equal(answer.status, 200, await answer.clone().text());
    assert.equal(answer.headers.get("content-type"), "image/png");
    return Buffer.from(await answer.arrayBuffer());
  };
  /** The pixels where the title stands, as red, green and blue. */
  const titleOf = async (id: string) =>
    sharp(await pictureOf(id))
      .extract({ left: 80, top: 140, width: 1040, height: 110 })
      .removeAlpha()
      .raw()
      .toBuffer();
  const isDark = (pixels: Buffer, at: number) => (pixels[at] ?? 255) < 60 && (pixels[at + 2] ?? 255) < 70;
  const ink = (pixels: Buffer) => {
    let count = 0;
    for (let at = 0; at < pixels.length; at += 3) if (isDark(pixels, at)) count++;
    return count;
  };

  it("are 1200 by 630, and what the page of the post names as its picture", async () => {
    const id = await post("Tides", "In and out");
    const { width, height, format } = await sharp(await pictureOf(id)).metadata();
    assert.deepEqual([width, height, format], [1200, 630, "png"]);
    const page = await (await fetch(`${network.url}/post/${id}`)).text();
    const [, path] = /<meta property="og:image" content="http:\/\/molt\.test([^"]+)"/.exec(page) ?? [];
    assert.equal((await fetch(`${network.url}${path}`)).headers.get("content-type"), "image/png");
  });

  it("show each script by glyphs of its own, not by boxes that are all alike", async () => {
    const pairs = [
      ["Łódź", "Łodz"],
      ["Ελλάς", "Ελλας"],
      ["日本", "中国"],
      ["のが", "はな"],
      ["한국", "제목"],
      ["مرحبا", "سلام"],
      ["שלום", "עולם"],
      ["ไทย", "นาน"],
    ] as const;
    for (const [one, other] of pairs) {
      const [first, second] = [await titleOf(await post(one, " x")), await titleOf(await post(other, " x"))];
      assert.ok(ink(first) > 300, one);
      assert.ok(ink(second) > 300, other);
      assert.notDeepEqual(first, second, `${one} looks like ${other}`);
    }
  });

  it("show Arabic from the right", async () => {
    const pixels = await titleOf(await post("مرحبا", "x"));
    const columns = Array.from(pixels.keys()).filter((at) => at % 3 === 0 && isDark(pixels, at));
    assert.ok(Math.min(...columns.map((at) => (at / 3) % 1040)) > 600);
  });

  it("show emoji in colour, those of several characters as one", async () => {
    const colourful = (pixels: Buffer) => {
      const found: number[] = [];
      for (let at = 0; at < pixels.length; at += 3) {
        const rgb = [...pixels.subarray(at, at + 3)];
        if (Math.max(...rgb) - Math.min(...rgb) > 40) found.push((at / 3) % 1040);
      }
      return found;
    };
    for (const emoji of ["🎉", "👍🏽", "👩🏽‍🚀", "🏳️‍🌈", "🇫🇷", "1️⃣"]) {
      const columns = colourful(await titleOf(await post(emoji, "x")));
      assert.ok(columns.length > 100, emoji);
      assert.ok(Math.max(...columns) < 110, `${emoji} is as wide as one`);
    }
  });

  it("stay cards whatever agents write", async () => {
    const texts = [
      ...HOSTILE,
      ...attacks(5),
      "W".repeat(300),
      "漢".repeat(300),
      "👩🏽‍🚀".repeat(40),
      " \u0301".repeat(100),
    ];
    for (const text of texts) {
      const id = await post(text.slice(0, 300), text);
      const { width, height } = await sharp(await pictureOf(id)).metadata();
      assert.deepEqual([width, height], [1200, 630], text);
    }
    const dull = await sharp(await pictureOf(await post(`<span font="400" background="red">x</span>`, "x"))).stats();
    assert.ok((dull.channels[1]?.mean ?? 0) > 225, "markup of an agent is text");
  });

  it("are drawn once, not sent twice, and drawn anew for a post that was edited", async () => {
    const id = await post("Moulting");
    const first = await get(id);
    const etag = first.headers.get("etag") ?? "";
    assert.equal((await get(id, { "if-none-match": etag })).status, 304);
    await agent.client.posts.edit({ post_id: id, title: "Moulted" });
    const edited = await get(id, { "if-none-match": etag });
    assert.equal(edited.status, 200);
    assert.notEqual(edited.headers.get("etag"), etag);
  });

  it("are gone with a deleted post, and not there for what is no post", async () => {
    const id = await post("Soon gone");
    await pictureOf(id);
    await agent.client.posts.remove({ post_id: id });
    assert.equal((await get(id)).status, 410);
    assert.equal((await get("00000000-0000-7000-8000-000000000000")).status, 404);
    assert.equal((await get("1")).status, 404);
  });

  it("are refused when too many are wanted at once, rather than piled up", async () => {
    const ids: string[] = [];
    for (let i = 0; i < 60; i++) ids.push(await post(`Crowd ${i}`));
    const answers = await Promise.all(ids.map((id) => get(id)));
    const statuses = answers.map(({ status }) => status);
    assert.ok(statuses.includes(200));
    assert.ok(statuses.includes(503));
    assert.ok(statuses.every((status) => status === 200 || status === 503));
    assert.ok(answers.find(({ status }) => status === 503)?.headers.get("retry-after"));
    await Promise.all(answers.map((answer) => answer.arrayBuffer()));
    await pictureOf(ids[59] ?? "");
  });

  const skip = existsSync("/proc/self/environ") ? false : "needs /proc";
  /** The processes that draw cards for this server. */
  const painters = () =>
    readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .filter((pid) => {
        try {
          const [, , , parent] = readFileSync(`/proc/${pid}/stat`, "utf8")
            .replace(/\(.*\)/, "()")
            .split(" ");
          return parent === String(process.pid) && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("paint.js");
        } catch {
          return false;
        }
      });

  it("are drawn by a process that has no secret and no fonts but ours", { skip }, async () => {
    await pictureOf(await post("Where am I"));
    const [pid, ...more] = painters();
    assert.deepEqual(more, []);
    const environment = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").filter(Boolean);
    const names = environment.map((line) => line.split("=")[0]).filter((name) => !name?.startsWith("NODE_CHANNEL_"));
    assert.deepEqual(names, ["FONTCONFIG_FILE"]);
    const opened = readFileSync(`/proc/${pid}/maps`, "utf8").match(/\/\S+\.(ttf|otf|ttc|pfb)$/gm) ?? [];
    for (const file of opened) assert.match(file, /\/openmolt-cards-\w+\/\d+\.ttf$/);
  });

  it("go on when that process dies", { skip }, async () => {
    await pictureOf(await post("Before"));
    for (const pid of painters()) process.kill(Number(pid), "SIGKILL");
    const id = await post("After");
    const first = await get(id);
    assert.ok(first.status === 200 || first.status === 503);
    await first.arrayBuffer();
    await pictureOf(id);
  });

  it("are counted with the pages an address may have", async () => {
    const limited = await startTestServer({ limits: true });
    try {
      const missing = "/post/00000000-0000-7000-8000-000000000000";
      const ask = async (path: string) => (await fetch(`${limited.url}${missing}${path}`)).status;
      for (let i = 0; i < requestLimits.page.requests; i++) assert.equal(await ask("/card.png"), 404);
      for (const path of ["/card.png", "/feed.atom", "/feed.json"]) assert.equal(await ask(path), 429, path);
      assert.equal((await fetch(`${limited.url}/oembed`)).status, 429);
    } finally {
      await limited.close();
    }
  });
});
