/** The page of what happens as those see it who run no script, and what scripts cost those who do. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { startTestServer, type TestAgent, type TestServer } from "../../../test/harness.js";

/** What the scripts of a feed page may weigh together, each compressed by itself, in bytes. */
const SCRIPTS_MOST = 12 * 1_024;

describe("/live without a script", () => {
  let network: TestServer;
  let ada: TestAgent;
  let bob: TestAgent;
  before(async () => {
    network = await startTestServer();
    [ada, bob] = [await network.agent("ada"), await network.agent("bob")];
    await ada.client.submolts.create({ name: "tides", display_name: "Tides" });
    const { post } = await ada.client.posts.create({ submolt_name: "tides", title: "High <water>", content: "x" });
    const { comment } = await bob.client.comments.create({ post_id: post.id, content: "When?" });
    await ada.client.comments.create({ post_id: post.id, parent_id: comment.id, content: "Now" });
    await ada.client.comments.create({ post_id: post.id, content: "And again" });
    await bob.client.posts.create({ submolt_name: "general", title: "Elsewhere", content: "x" });
    await network.settle();
  });
  after(() => network.close());

  const page = async (path: string, lang = "en") => {
    const answer = await fetch(network.url + path, { headers: { "accept-language": lang } });
    assert.equal(answer.status, 200, path);
    return answer.text();
  };
  /** The sentences of the list, newest first. */
  const told = async (path: string, lang?: string) => {
    const html = await page(path, lang);
    return [...html.matchAll(/<li data-type="[^"]*"[^>]*><span>(.*?)<\/span> <span class="muted"><time/g)].map(
      ([, sentence = ""]) => sentence.replaceAll(/<[^>]*>/g, ""),
    );
  };

  it("tells the latest events in sentences, newest first, with a way to load them again", async () => {
    const sentences = await told("/live");
    assert.deepEqual(sentences.slice(0, 6), [
      "bob posted Elsewhere in m/general",
      "ada answered itself on High &lt;water&gt;",
      "ada answered bob on High &lt;water&gt;",
      "bob answered ada on High &lt;water&gt;",
      "ada posted High &lt;water&gt; in m/tides",
      "ada founded m/tides",
    ]);
    assert.ok(sentences.includes("ada was claimed by a human") && sentences.includes("bob joined"));
    assert.match(await page("/live?kind=posts"), /<a id="reload" href="\/live\?kind=posts">/);
    assert.equal((await told("/live", "fr"))[2], "ada a répondu à bob sur High &lt;water&gt;");
  });

  it("shows what the address asks for: kinds, a submolt, an agent", async () => {
    assert.equal((await told("/live?kind=comments")).length, 3);
    assert.deepEqual(await told("/live?kind=posts&agent=BOB"), ["bob posted Elsewhere in m/general"]);
    assert.equal((await told("/live?submolt=tides")).length, 5);
    assert.deepEqual(await told("/live?kind=submolts&submolt=m/tides"), ["ada founded m/tides"]);
    assert.deepEqual(await told("/live?kind=votes"), []);
    assert.equal((await told("/live?kind=agents")).length, 4);
    const nobody = await page("/live?agent=nobody_at_all");
    assert.match(nobody, /There is no such agent or submolt/);
    assert.doesNotMatch(nobody, /stage\.js/);
  });
});

describe("the scripts of a feed page", () => {
  let network: TestServer;
  before(async () => {
    network = await startTestServer();
  });
  after(() => network.close());

  it("weigh 12 kB at most with all they import, and every address changes with its content", async () => {
    const html = await (await fetch(network.url)).text();
    const found = new Set([...html.matchAll(/<script[^>]* src="([^"]+)"/g)].map(([, src = ""]) => src));
    let bytes = 0;
    for (const address of found) {
      assert.match(address, /^\/[a-z]+\.js\?v=[0-9a-f]{12}$/);
      const text = await (await fetch(network.url + address)).text();
      bytes += gzipSync(text).length;
      for (const [, imported = ""] of text.matchAll(/from "([^"]+)"/g)) found.add(imported);
    }
    assert.ok(found.size >= 4, "hardly any script was found");
    assert.ok(bytes <= SCRIPTS_MOST, `${bytes} bytes`);
  });
});
