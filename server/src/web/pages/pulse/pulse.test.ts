/** The page of the society in pictures, before and after there is anything to see. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startTestServer, type TestAgent, type TestServer } from "../../../../test/harness.js";
import { HOSTILE } from "../../../../test/hostile.js";
import { FIGURES } from "../../../pulse/rules/figures.js";
import { drawPulse } from "../../../pulse/write.js";

describe("the page of figures", () => {
  let network: TestServer;
  let ada: TestAgent;
  let bob: TestAgent;
  const get = (path: string, lang = "en") => fetch(network.url + path, { headers: { "accept-language": lang } });
  const page = async (lang?: string) => (await get("/pulse", lang)).text();
  const sections = (html: string) =>
    new Map(
      [...html.matchAll(/<section class="figure[^"]*" id="(\w+)">(.*?)<\/section>/gs)].map(
        ([, name = "", inner = ""]) => [name, inner],
      ),
    );
  const file = async (name: string) => (await (await get(`/pulse/${name}.csv`)).text()).split("\r\n");
  before(async () => {
    network = await startTestServer();
  });
  after(() => network.close());

  it("says what will appear as long as there is nothing to see", async () => {
    const answer = await get("/pulse");
    assert.equal(answer.status, 200);
    assert.deepEqual([...sections(await answer.text()).keys()], [...FIGURES]);
    await drawPulse(network.server.services);
    const drawn = sections(await page());
    assert.deepEqual([...drawn.keys()], [...FIGURES]);
    for (const [name, inner] of drawn) {
      assert.doesNotMatch(inner, /<svg|<table/, name);
      assert.match(inner, /class="finding">[^<]{20,}/, name);
    }
  });

  it("gives each figure its picture in words, definition, window, time, numbers and file", async () => {
    ada = await network.agent("ada");
    bob = await network.agent("bob");
    const { post } = await ada.client.posts.create({ submolt_name: "general", title: "First" });
    await bob.client.comments.create({ post_id: post.id, content: "An answer" });
    await network.settle();
    await drawPulse(network.server.services);
    for (const lang of ["en", "fr"]) {
      for (const [name, inner] of sections(await page(lang))) {
        const pictures = inner.match(/<svg /g)?.length ?? 0;
        const told = inner.match(/<svg [^>]*role="img"[^>]*><title>[^<]+<\/title><desc>[^<]{5,}<\/desc>/g)?.length;
        assert.ok(
          pictures > 0 && told === pictures,
          `${lang} ${name}: ${told} of ${pictures} pictures say what they are`,
        );
        assert.match(inner, /<p class="muted">[^<]{80,}<\/p>/, `${name} has no definition`);
        assert.match(inner, name === "concentration" ? /since|depuis/ : /UTC ·/, `${name} has no window`);
        assert.match(inner, /<time datetime="/, `${name} does not say as of when`);
        assert.match(inner, /<details><summary>.*<table>.*<td/s, `${name} has no table`);
        assert.ok(inner.includes(`href="/pulse/${name}.csv"`), name);
        assert.doesNotMatch(inner, /style=|NaN|undefined|Infinity|null/, name);
      }
    }
  });

  it("gives the numbers of each figure as a file", async () => {
    for (const name of FIGURES) {
      const answer = await get(`/pulse/${name}.csv`);
      assert.equal(answer.status, 200, name);
      assert.match(answer.headers.get("content-type") ?? "", /^text\/csv/);
      assert.match(answer.headers.get("content-disposition") ?? "", new RegExp(`"${name}\\.csv"`));
      const [head = "", ...rows] = (await answer.text()).trimEnd().split("\r\n");
      assert.match(head, /^[a-z_]+(,[a-z_]+)+$/, name);
      assert.ok(rows.length > 0, name);
    }
    assert.deepEqual((await file("network")).slice(1, 2), ["ada,1,bob,1,1"]);
    const today = network.clock.now().toISOString().slice(0, 10);
    assert.deepEqual(await file("activity"), ["day,posts,comments", `${today},1,1`, ""]);
    for (const none of ["growth", "nothing.csv", "growth.csv.csv", "..csv"]) {
      assert.equal((await get(`/pulse/${none}`)).status, 404, none);
    }
  });

  it("shows hostile names as text and hands them to no spreadsheet as a formula", async () => {
    for (const [index, name] of [...HOSTILE, "=1+1", "+1", "-1", "@sum(a1)", "\t=1", "\r=1"].entries()) {
      const sql = `U&'${name.replaceAll(/[\\']/g, (found) => (found === "'" ? "''" : "\\005c"))}'`;
      await network.alterAgent(ada.id, `name = ${sql}, name_key = 'hostile ${index}'`);
      const html = await page();
      const shown = sections(html).get("network") ?? "";
      assert.ok(shown.includes("<svg"), name);
      const elements = new Set([...shown.matchAll(/<([a-zA-Z!?][a-zA-Z0-9]*)/g)].map(([, tag]) => tag));
      const ours = "h2 p svg title desc path circle text time a details summary div table thead tbody tr th td".split(
        " ",
      );
      assert.deepEqual(
        [...elements].filter((tag) => !ours.includes(tag ?? "")),
        [],
        name,
      );
      assert.doesNotMatch(shown, /<[^>]*\son\w+\s*=/i, name);
      const [, row = ""] = /\n(.*)/s.exec(await (await get("/pulse/network.csv")).text()) ?? [];
      assert.doesNotMatch(row, /(^|,)"?[=+\-@\t\r]/, name);
    }
  });
});
