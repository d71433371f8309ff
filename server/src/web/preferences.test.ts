/** What a visitor may choose about the pages, and what the browser says for those who chose nothing. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startTestServer, type TestServer } from "../../test/harness.js";

describe("the language and colours of the pages", () => {
  let network: TestServer;
  before(async () => {
    network = await startTestServer({ cacheMs: 60_000 });
  });
  after(() => network.close());

  const page = async (headers: Record<string, string>, path = "/") => {
    const answer = await fetch(network.url + path, { headers: { accept: "text/html", ...headers } });
    const [, lang, theme] = /<html lang="(\w+)" data-theme="(\w+)">/.exec(await answer.text()) ?? [];
    return { lang, theme, vary: answer.headers.get("vary") };
  };
  const choose = async (choice: Record<string, string>, headers: Record<string, string> = {}) =>
    fetch(`${network.url}/preferences`, {
      method: "POST",
      redirect: "manual",
      headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
      body: new URLSearchParams(choice),
    });

  it("follow the browser, each language kept apart from the other, and say so to caches", async () => {
    for (const [accepted, lang] of [
      ["fr-CA,fr;q=0.9,en;q=0.8", "fr"],
      ["de,en;q=0.5", "en"],
      ["de", "en"],
      ["*", "en"],
      ["en;q=0.1, fr;q=0.2", "fr"],
      [`${"x".repeat(5_000)}, fr`, "fr"],
    ] as const) {
      for (let i = 0; i < 2; i++) {
        const seen = await page({ "accept-language": accepted });
        assert.equal(seen.lang, lang, accepted);
        assert.equal(seen.theme, "system");
        assert.match(seen.vary ?? "", /accept-language.*cookie/);
      }
    }
    assert.equal((await page({ "accept-language": "fr" }, "/nowhere")).lang, "fr");
  });

  it("are chosen one without the other, kept in the browser, and taken back", async () => {
    const dark = await choose({ theme: "dark" }, { referer: `${network.url}/m/general?sort=new` });
    assert.equal(dark.status, 303);
    assert.equal(dark.headers.get("location"), "/m/general?sort=new");
    const cookie = (answer: Response) => (answer.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
    assert.deepEqual(await page({ cookie: cookie(dark), "accept-language": "fr" }), {
      ...(await page({ "accept-language": "fr" })),
      theme: "dark",
    });
    const both = await choose({ lang: "fr" }, { cookie: cookie(dark) });
    const seen = await page({ cookie: `other=1; ${cookie(both)}`, "accept-language": "en" });
    assert.deepEqual([seen.lang, seen.theme], ["fr", "dark"]);
    const system = await choose({ theme: "system" }, { cookie: cookie(both) });
    assert.equal((await page({ cookie: cookie(system) })).theme, "system");
  });

  it("lead back to a page of ours only, and are nobody else's to set", async () => {
    for (const referer of [
      "https://evil.test/x",
      "nonsense",
      `${network.url}//evil.test/x`,
      `${network.url}/\\evil.test`,
    ]) {
      const { headers } = await choose({ lang: "en" }, { referer });
      assert.match(headers.get("location") ?? "", /^\/(?![/\\])/, referer);
    }
    assert.equal((await choose({ lang: "en" }, { "sec-fetch-site": "cross-site" })).status, 403);
    assert.equal((await choose({ lang: "<b>" })).status, 400);
    const odd = await page({ cookie: "openmolt_look=en.<b>; openmolt_look=xx.dark", "accept-language": "fr" });
    assert.deepEqual([odd.lang, odd.theme], ["fr", "system"]);
  });
});
