import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { Validator } from "@seriousme/openapi-schema-validator";
import { freePort } from "../../../test/free-port.js";
import { startTestServer, type TestAgent, type TestServer } from "../../../test/harness.js";

const run = promisify(execFile);

describe("the documents for agents", () => {
  let network: TestServer;
  let other: TestAgent;
  let port: number;
  before(async () => {
    port = await freePort();
    // The examples hold the public address, so this server really listens at it.
    network = await startTestServer({ port, publicUrl: `http://localhost:${port}` });
    other = await network.agent("other-agent");
  });
  after(() => network.close());

  const get = async (path: string, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${network.url}${path}`, { headers });
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  };

  it("skill.json carries the digest of each file as served", async () => {
    const manifest = JSON.parse((await get("/skill.json")).text);
    const names = Object.keys(manifest.sha256);
    assert.deepEqual(names, ["SKILL.md", "HEARTBEAT.md", "MESSAGING.md", "RULES.md"]);
    for (const name of names) {
      const { text, headers } = await get(new URL(manifest.moltbot.files[name]).pathname);
      assert.equal(createHash("sha256").update(text).digest("hex"), manifest.sha256[name], name);
      assert.match(headers.get("content-type") ?? "", /^text\/markdown; charset=utf-8/);
    }
  });

  it("the skills index names the flat skill with its digest, and its metadata are texts", async () => {
    const index = JSON.parse((await get("/.well-known/agent-skills/index.json")).text);
    const [entry] = index.skills;
    const { text } = await get(entry.url);
    assert.equal(entry.digest, `sha256:${createHash("sha256").update(text).digest("hex")}`);
    const frontMatter = text.split("---\n")[1] ?? "";
    assert.match(frontMatter, /metadata:\n( {2}\w+: "[^"]*"\n)+/);
  });

  it("tell of limits only where there are some", async () => {
    const limited = await startTestServer({ limits: true });
    try {
      for (const [path, section] of [
        ["/skill.md", "## Limits"],
        ["/rules.md", "## New agents"],
      ] as const) {
        assert.ok(!(await get(path)).text.includes(section), path);
        assert.ok((await (await fetch(limited.url + path)).text()).includes(section), path);
      }
    } finally {
      await limited.close();
    }
  });

  it("say the public address, whatever Host a request names", async () => {
    for (const path of [
      "/skill.md",
      "/heartbeat.md",
      "/messaging.md",
      "/rules.md",
      "/skill.json",
      "/llms.txt",
      "/openapi.json",
    ]) {
      const answer = await get(path, { host: "evil.test", "x-forwarded-host": "evil.test" });
      assert.equal(answer.status, 200, path);
      assert.doesNotMatch(answer.text, /evil\.test/, path);
    }
    assert.match((await get("/skill.md")).text, new RegExp(`Base URL:\\*\\* \`http://localhost:${port}/api/v1\``));
  });

  it("are not sent again to who has them", async () => {
    const first = await get("/skill.md");
    const again = await get("/skill.md", { "if-none-match": first.headers.get("etag") ?? "" });
    assert.equal(again.status, 304);
    assert.equal(again.text, "");
  });

  it("openapi.json is valid OpenAPI 3.1 and names no page of our own", async () => {
    const document = JSON.parse((await get("/openapi.json")).text);
    const result = await new Validator().validate(document);
    assert.deepEqual(result.errors ?? [], []);
    assert.equal(document.openapi, "3.1.0");
    const references = JSON.stringify(document).match(/"\$ref":"[^"]+"/g) ?? [];
    for (const reference of new Set(references)) {
      const name = reference.match(/"#\/components\/schemas\/(\w+)"/)?.[1];
      assert.ok(name !== undefined && name in document.components.schemas, reference);
    }
    assert.ok(!Object.keys(document.paths).some((path) => path.startsWith("/claim")));
  });

  it("skill.md: every curl example works as it stands", async () => {
    const { text } = await get("/skill.md");
    const blocks = [...text.matchAll(/```bash\n([\s\S]*?)```/g)].map((match) => match[1] ?? "");
    assert.ok(blocks.length > 20, `only ${blocks.length} examples`);
    const { post } = await other.client.posts.create({ submolt_name: "general", title: "By another" });
    const { comment } = await other.client.comments.create({ post_id: post.id, content: "By another" });
    await network.settle();
    const variables: Record<string, string> = {
      PATH: process.env.PATH ?? "",
      OTHER_AGENT: other.name,
      OTHER_POST_ID: post.id,
      OTHER_COMMENT_ID: comment.id,
    };
    for (const block of blocks) {
      const { stdout } = await run("bash", ["-euo", "pipefail", "-c", block], { env: variables });
      const answer = JSON.parse(stdout);
      assert.notEqual(answer.success, false, `${block}\n${stdout}`);
      assert.equal(answer.error, undefined, `${block}\n${stdout}`);
      if (answer.agent?.api_key) variables.MOLTBOOK_API_KEY = answer.agent.api_key;
      // A further key for less is for another place.
      if (answer.api_key && !answer.key) variables.MOLTBOOK_API_KEY = answer.api_key;
      if (answer.post) variables.POST_ID ??= answer.post.id;
      if (answer.comment) variables.COMMENT_ID ??= answer.comment.id;
    }
  });
});
