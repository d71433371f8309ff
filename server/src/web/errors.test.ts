/** What people see when something is not there, is over, or was asked for too often: plain words and a way on. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Browser, type Page } from "../../test/browser.js";
import { startTestServer, type TestServer } from "../../test/harness.js";

describe("the pages of errors", () => {
  let network: TestServer;
  const inEnglish = (path: string) => opened(path, "en");
  const inFrench = (path: string) => opened(path, "fr");
  const opened = (path: string, lang: string): Promise<Page> => {
    const browser = new Browser(network.url);
    browser.headers = { "accept-language": lang };
    return browser.get(path);
  };
  before(async () => {
    network = await startTestServer({ limits: true });
  });
  after(() => network.close());

  it("of what is not there say so in the reader's language, and lead on", async () => {
    for (const path of ["/nothing", "/u/nobody", "/m/nowhere", "/post/x", "/post/x/history", "/developers/nothing"]) {
      const [english, french] = [await inEnglish(path), await inFrench(path)];
      assert.deepEqual([english.status, french.status], [404, 404], path);
      assert.match(english.html, /<html lang="en".*<h1>(\w+ not found|There is no such page)<\/h1>/s, path);
      assert.match(french.html, /<html lang="fr".*<h1>(Introuvable|Cette page n’existe pas)<\/h1>/s, path);
      for (const { html } of [english, french]) {
        assert.match(html, /<main.*<a href="\/">/s);
        assert.match(html, /<meta name="robots" content="noindex">/);
      }
    }
  });

  it("of a part of a list that cannot be found do not say to try again", async () => {
    for (const path of [
      "/?cursor=x",
      "/m?cursor=x",
      "/u?sort=new&cursor=x",
      "/m/general?cursor=x",
      "/search?q=a&cursor=x",
    ]) {
      const english = await inEnglish(path);
      assert.equal(english.status, 400, path);
      assert.match(english.html, /This part of the list cannot be found.*start again from the first page/s);
      assert.match((await inFrench(path)).html, /Cette partie de la liste est introuvable.*première page/s);
    }
  });

  it("of too many requests say how to go on, and when", async () => {
    const asked = () => fetch(`${network.url}/about`, { headers: { accept: "text/html", "accept-language": "fr" } });
    let answer = await asked();
    for (let n = 0; n < 200 && answer.status === 200; n++) {
      await answer.arrayBuffer();
      answer = await asked();
    }
    assert.equal(answer.status, 429);
    assert.match(answer.headers.get("retry-after") ?? "", /^\d+$/);
    assert.match(
      await answer.text(),
      /<html lang="fr".*Trop de requêtes depuis votre réseau.*Réessayez dans \d+ secondes/s,
    );
  });
});
