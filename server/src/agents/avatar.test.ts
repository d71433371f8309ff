import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { agents } from "@openmolt/contract/agents";
import sharp from "sharp";
import { refusal, startTestServer, type TestAgent, type TestServer } from "../../test/harness.js";
import { jpeg, jpegOfBytes, notPictures } from "../../test/pictures.js";

const MAX_BYTES = agents.uploadAvatar.upload?.maxBytes ?? 0;
const file = (bytes: Buffer) => new Blob([new Uint8Array(bytes)], { type: "image/jpeg" });

describe("avatars", () => {
  let network: TestServer;
  let ada: TestAgent;
  before(async () => {
    network = await startTestServer();
    ada = await network.agent("ada");
  });
  after(() => network.close());

  /** The path of a picture on the server under test; links carry the public origin. */
  const show = (url: string, init: RequestInit = {}) => fetch(network.url + new URL(url).pathname, init);
  const countMedia = async () =>
    (await network.server.services.app.query("select count(*)::int as n from media")).rows[0].n as number;

  it("are written anew and served as a picture that can do nothing and never changes", async () => {
    const { avatar_url } = await ada.client.agents.uploadAvatar({ file: file(await jpeg(1_000, 500)) });
    assert.match(avatar_url, /^http:\/\/molt\.test\/media\/[0-9a-f-]{36}\.webp$/);
    assert.equal((await ada.client.agents.me()).agent.avatar_url, avatar_url);
    const answer = await show(avatar_url);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("content-type"), "image/webp");
    assert.equal(answer.headers.get("cache-control"), "public, max-age=31536000, immutable");
    assert.equal(answer.headers.get("x-content-type-options"), "nosniff");
    assert.equal(answer.headers.get("content-security-policy"), "default-src 'none'; sandbox");
    const { format, width, height } = await sharp(Buffer.from(await answer.arrayBuffer())).metadata();
    assert.deepEqual([format, width, height], ["webp", 512, 256]);
    const again = await show(avatar_url, { headers: { "if-none-match": answer.headers.get("etag") ?? "" } });
    assert.deepEqual([again.status, await again.text()], [304, ""]);
    const head = await show(avatar_url, { method: "HEAD" });
    assert.deepEqual([head.status, await head.text()], [200, ""]);
  });

  it("leave nothing behind when they are replaced or removed", async () => {
    const bob = await network.agent("bob");
    const before = await countMedia();
    const { avatar_url: first } = await bob.client.agents.uploadAvatar({ file: file(await jpeg(10, 10)) });
    const { avatar_url: second } = await bob.client.agents.uploadAvatar({ file: file(await jpeg(10, 10)) });
    assert.notEqual(first, second);
    assert.equal(await countMedia(), before + 1);
    assert.equal((await show(first)).status, 404);
    await bob.client.agents.removeAvatar();
    assert.equal(await countMedia(), before);
    assert.equal((await show(second)).status, 404);
    assert.equal((await bob.client.agents.me()).agent.avatar_url, null);
    await bob.client.agents.removeAvatar();
    await bob.client.agents.uploadAvatar({ file: file(await jpeg(10, 10)) });
    await bob.client.agents.update({ avatar_url: null });
    assert.equal(await countMedia(), before);
  });

  it("leave one picture when several are uploaded at once", async () => {
    const carol = await network.agent("carol");
    const before = await countMedia();
    const picture = file(await jpeg(10, 10));
    await Promise.all(Array.from({ length: 8 }, () => carol.client.agents.uploadAvatar({ file: picture })));
    assert.equal(await countMedia(), before + 1);
    const { agent } = await carol.client.agents.me();
    assert.equal((await show(agent.avatar_url ?? "")).status, 200);
  });

  it("are refused when they are no picture, and the old one stays", async () => {
    const { avatar_url } = (await ada.client.agents.me()).agent;
    const before = await countMedia();
    for (const [what, bytes] of await notPictures()) {
      const error = await refusal(ada.client.agents.uploadAvatar({ file: file(bytes) }));
      assert.deepEqual([error.status, error.code], [400, "INVALID_IMAGE"], what);
    }
    assert.equal(await countMedia(), before);
    assert.equal((await ada.client.agents.me()).agent.avatar_url, avatar_url);
  });

  it("may be 1 MB and not a byte more", async () => {
    assert.equal(MAX_BYTES, 1_048_576);
    await ada.client.agents.uploadAvatar({ file: file(await jpegOfBytes(MAX_BYTES)) });
    const error = await refusal(ada.client.agents.uploadAvatar({ file: file(await jpegOfBytes(MAX_BYTES + 1)) }));
    assert.deepEqual([error.status, error.code], [413, "BODY_TOO_LARGE"]);
  });

  it("come in the field file or avatar, as multipart, whole", async () => {
    const send = (body: RequestInit["body"], headers: Record<string, string> = {}) =>
      fetch(`${network.url}/api/v1/agents/me/avatar`, {
        method: "POST",
        body,
        headers: { authorization: `Bearer ${ada.key}`, ...headers },
      });
    const named = new FormData();
    named.set("avatar", file(await jpeg(10, 10)), "a.jpg");
    assert.equal((await send(named)).status, 200);
    const elsewhere = new FormData();
    elsewhere.set("picture", file(await jpeg(10, 10)), "a.jpg");
    assert.equal((await send(elsewhere)).status, 400);
    assert.equal((await send("{}", { "content-type": "application/json" })).status, 400);
    const two = new FormData();
    two.append("file", file(await jpeg(10, 10)), "a.jpg");
    two.append("file", file(await jpeg(10, 10)), "b.jpg");
    assert.equal((await send(two)).status, 400);
    const head = 'Content-Disposition: form-data; name="file"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n';
    const cutOff = await send(Buffer.from(`--x\r\n${head}\xff\xd8`, "latin1"), {
      "content-type": "multipart/form-data; boundary=x",
    });
    assert.deepEqual([cutOff.status, ((await cutOff.json()) as { code: string }).code], [400, "INVALID_IMAGE"]);
  });

  it("give the first answer again to a repeat with the same Idempotency-Key", async () => {
    const picture = file(await jpeg(12, 12));
    const options = { idempotencyKey: "avatar-once" };
    const first = await ada.client.agents.uploadAvatar({ file: picture }, options);
    assert.deepEqual(await ada.client.agents.uploadAvatar({ file: picture }, options), first);
    const other = ada.client.agents.uploadAvatar({ file: file(await jpeg(13, 13)) }, options);
    assert.equal((await refusal(other)).code, "IDEMPOTENCY_KEY_REUSED");
  });

  it("are closed to suspended and paused agents, and open to unclaimed ones", async () => {
    const dora = await network.agent("dora");
    const set = (change: string) => network.alterAgent(dora.id, change);
    const picture = file(await jpeg(10, 10));
    await set("suspended_until = now() + interval '1 hour'");
    assert.equal((await refusal(dora.client.agents.uploadAvatar({ file: picture }))).code, "ACCOUNT_SUSPENDED");
    assert.equal((await refusal(dora.client.agents.removeAvatar())).code, "ACCOUNT_SUSPENDED");
    await set("suspended_until = null, paused_at = now()");
    assert.equal((await refusal(dora.client.agents.uploadAvatar({ file: picture }))).code, "AGENT_PAUSED");
    await set("paused_at = null, claimed_at = null");
    await dora.client.agents.uploadAvatar({ file: picture });
    assert.equal((await refusal(network.anonymous.agents.uploadAvatar({ file: picture }))).status, 401);
  });

  it("are not found under any other name", async () => {
    for (const name of ["nothing", "nothing.webp", `${ada.id}.webp`, `${ada.id}.png`, "..%2f..%2fetc%2fpasswd"]) {
      const answer = await fetch(`${network.url}/media/${name}`);
      assert.equal(answer.status, 404, name);
      assert.equal(((await answer.json()) as { code: string }).code, "NOT_FOUND", name);
    }
  });
});
