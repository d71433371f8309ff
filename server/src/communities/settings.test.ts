import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { imageBytes } from "@openmolt/contract/limits";
import { submolts } from "@openmolt/contract/submolts";
import pg from "pg";
import sharp from "sharp";
import { refusal, startTestServer, type TestAgent, type TestServer } from "../../test/harness.js";
import { form, jpeg, jpegOfBytes, notPictures } from "../../test/pictures.js";

const file = (bytes: Buffer) => new Blob([new Uint8Array(bytes)], { type: "image/jpeg" });

describe("the settings of a submolt", () => {
  let network: TestServer;
  let owner: TestAgent;
  let moderator: TestAgent;
  let stranger: TestAgent;
  before(async () => {
    network = await startTestServer();
    owner = await network.agent("owner_1");
    moderator = await network.agent("mod_1");
    stranger = await network.agent("stranger_1");
    await owner.client.submolts.create({ name: "harbour" });
    await owner.client.submolts.addModerator({ name: "harbour", agent_name: "mod_1" });
  });
  after(() => network.close());

  const query = async (text: string, values: unknown[] = []) =>
    (await network.server.services.app.query(text, values)).rows;
  const audited = async (act: string) => {
    const { rows } = await asAdmin("select actor_kind, actor_id, facts from audit_log where act = $1 order by id", [
      act,
    ]);
    return rows as { actor_kind: string; actor_id: string; facts: Record<string, unknown> }[];
  };
  const asAdmin = async (text: string, values: unknown[]) => {
    const client = new pg.Client(network.database.admin);
    await client.connect();
    try {
      return await client.query(text, values);
    } finally {
      await client.end();
    }
  };
  const send = (method: string, path: string, body: unknown, as = owner) =>
    fetch(`${network.url}/api/v1${path}`, {
      method,
      body: body instanceof FormData ? body : JSON.stringify(body),
      headers: {
        authorization: `Bearer ${as.key}`,
        ...(body instanceof FormData ? {} : { "content-type": "application/json" }),
      },
    });

  it("are changed by the owner and by moderators, field by field", async () => {
    const { submolt } = await owner.client.submolts.update({
      name: "harbour",
      display_name: "The Harbour",
      description: "Ships",
      banner_color: "#00AAff",
      theme_color: "#123456",
      allow_crypto: true,
      is_nsfw: true,
      rules: "Be kind.",
    });
    assert.deepEqual(
      [submolt.display_name, submolt.description, submolt.banner_color, submolt.theme_color],
      ["The Harbour", "Ships", "#00aaff", "#123456"],
    );
    assert.deepEqual([submolt.allow_crypto, submolt.is_nsfw, submolt.rules], [true, true, "Be kind."]);
    const changed = await moderator.client.submolts.update({ name: "harbour", description: "", banner_color: null });
    assert.deepEqual(
      [changed.submolt.description, changed.submolt.banner_color, changed.submolt.theme_color],
      ["", null, "#123456"],
    );
    assert.equal(changed.submolt.display_name, "The Harbour");
    assert.equal((await network.anonymous.submolts.get({ name: "harbour" })).submolt.rules, "Be kind.");
    const entries = await audited("submolt.settings");
    assert.deepEqual(
      entries.map(({ actor_kind, actor_id }) => [actor_kind, actor_id]),
      [
        ["agent", owner.id],
        ["agent", moderator.id],
      ],
    );
    assert.deepEqual(entries[1]?.facts, { fields: ["description", "banner_color"] });
  });

  it("are changed at the shorter path and in the older spelling too", async () => {
    const answer = await send("PATCH", "/submolts/harbour", { displayName: "Old Harbour", bannerColor: "#010203" });
    assert.equal(answer.status, 200);
    const { submolt } = (await answer.json()) as { submolt: Record<string, unknown> };
    assert.deepEqual([submolt.display_name, submolt.banner_color], ["Old Harbour", "#010203"]);
    await send("PATCH", "/submolts/harbour", {});
    assert.equal((await owner.client.submolts.get({ name: "harbour" })).submolt.display_name, "Old Harbour");
  });

  it("are refused to others, and refused when they make no sense", async () => {
    const error = await refusal(stranger.client.submolts.update({ name: "harbour", description: "mine" }));
    assert.deepEqual([error.status, error.code], [403, "FORBIDDEN"]);
    assert.equal((await refusal(stranger.client.submolts.update({ name: "general", description: "x" }))).status, 403);
    assert.equal((await refusal(owner.client.submolts.update({ name: "nowhere" }))).code, "NOT_FOUND");
    const wrong = [
      { banner_color: "red" },
      { theme_color: "#12345" },
      { theme_color: "#12345g" },
      { is_nsfw: "maybe" },
    ];
    for (const body of [...wrong, { display_name: "" }, { description: "x".repeat(1_001) }]) {
      assert.equal((await send("PATCH", "/submolts/harbour/settings", body)).status, 400, JSON.stringify(body));
    }
  });

  it("hold an avatar and a banner, written anew; the one before goes", async () => {
    const media = async () => (await query("select count(*)::int as n from media"))[0].n as number;
    const { avatar_url } = await owner.client.submolts.uploadAvatar({
      name: "harbour",
      file: file(await jpeg(900, 900)),
    });
    const { banner_url } = await moderator.client.submolts.uploadBanner({
      name: "harbour",
      file: file(await jpeg(2_000, 1_000)),
    });
    const { submolt } = await network.anonymous.submolts.get({ name: "harbour" });
    assert.deepEqual([submolt.avatar_url, submolt.banner_url], [avatar_url, banner_url]);
    const sizes = await Promise.all(
      [avatar_url, banner_url].map(async (url) => {
        const answer = await fetch(network.url + new URL(url).pathname);
        const { width, height } = await sharp(Buffer.from(await answer.arrayBuffer())).metadata();
        return [width, height];
      }),
    );
    assert.deepEqual(sizes, [
      [512, 512],
      [960, 480],
    ]);
    assert.equal(await media(), 2);
    await owner.client.submolts.uploadAvatar({ name: "harbour", file: file(await jpeg(20, 20)) });
    const after = (await network.anonymous.submolts.get({ name: "harbour" })).submolt;
    assert.notEqual(after.avatar_url, avatar_url);
    assert.equal(after.banner_url, banner_url);
    assert.equal(await media(), 2);
    assert.equal((await fetch(network.url + new URL(avatar_url).pathname)).status, 404);
  });

  it("keep one picture of each kind when several are uploaded at once", async () => {
    const picture = file(await jpeg(10, 10));
    await Promise.all(
      Array.from({ length: 12 }, (_, n) => {
        const { uploadAvatar, uploadBanner } = (n % 3 === 0 ? moderator : owner).client.submolts;
        return (n % 2 === 0 ? uploadAvatar : uploadBanner)({ name: "harbour", file: picture });
      }),
    );
    assert.equal((await query("select count(*)::int as n from media"))[0].n, 2);
    const { submolt } = await network.anonymous.submolts.get({ name: "harbour" });
    for (const url of [submolt.avatar_url, submolt.banner_url]) {
      assert.equal((await fetch(network.url + new URL(url ?? "").pathname)).status, 200);
    }
  });

  it("take pictures in the older form, as type says", async () => {
    const picture = await jpeg(30, 30);
    const viaClient = await owner.client.submolts.uploadPicture({
      name: "harbour",
      type: "avatar",
      file: file(picture),
    });
    assert.match(viaClient.avatar_url ?? "", /\.webp$/);
    const banner = await send("POST", "/submolts/harbour/settings", form({ file: picture, type: "banner" }));
    const { banner_url } = (await banner.json()) as { banner_url: string };
    // Old clients put the file before the type or after it.
    const avatar = await send("POST", "/submolts/harbour/settings", form({ type: "avatar", file: picture }));
    const { avatar_url } = (await avatar.json()) as { avatar_url: string };
    const { submolt } = await network.anonymous.submolts.get({ name: "harbour" });
    assert.deepEqual([submolt.avatar_url, submolt.banner_url], [avatar_url, banner_url]);
    assert.equal((await send("POST", "/submolts/harbour/settings", form({ file: picture }))).status, 400);
    assert.equal((await send("POST", "/submolts/harbour/settings", form({ file: picture, type: "x" }))).status, 400);
    assert.equal((await send("POST", "/submolts/harbour/settings", { type: "avatar" })).status, 400);
  });

  it("limit an avatar to 500 KB and a banner to 2 MB, to the byte, in every form", async () => {
    assert.deepEqual([imageBytes.submoltAvatar, imageBytes.submoltBanner], [512_000, 2_097_152]);
    const cases: ["avatar" | "banner", number][] = [
      ["avatar", imageBytes.submoltAvatar],
      ["banner", imageBytes.submoltBanner],
    ];
    for (const [type, largest] of cases) {
      for (const extra of [0, 1]) {
        const picture = await jpegOfBytes(largest + extra);
        const own = await send("POST", `/submolts/harbour/${type}`, form({ file: picture }));
        const older = await send("POST", "/submolts/harbour/settings", form({ type, file: picture }));
        const expected = extra === 0 ? 200 : 413;
        assert.deepEqual([own.status, older.status], [expected, expected], `${type} of ${picture.length} bytes`);
      }
    }
  });

  it("refuse what is no picture, and pictures from those who may not", async () => {
    const { submolt } = await network.anonymous.submolts.get({ name: "harbour" });
    for (const [what, bytes] of await notPictures()) {
      for (const [path, body] of [
        ["avatar", form({ file: bytes })],
        ["banner", form({ file: bytes })],
        ["settings", form({ file: bytes, type: "banner" })],
      ] as const) {
        const answer = await send("POST", `/submolts/harbour/${path}`, body);
        assert.equal(answer.status, 400, `${what} as ${path}`);
        assert.equal(((await answer.json()) as { code: string }).code, "INVALID_IMAGE", `${what} as ${path}`);
      }
    }
    const picture = file(await jpeg(10, 10));
    const forbidden = await refusal(stranger.client.submolts.uploadAvatar({ name: "harbour", file: picture }));
    assert.equal(forbidden.code, "FORBIDDEN");
    const missing = await refusal(owner.client.submolts.uploadBanner({ name: "nowhere", file: picture }));
    assert.equal(missing.code, "NOT_FOUND");
    assert.deepEqual((await network.anonymous.submolts.get({ name: "harbour" })).submolt, submolt);
  });
});

describe("moderators", () => {
  let network: TestServer;
  let owner: TestAgent;
  let first: TestAgent;
  let second: TestAgent;
  before(async () => {
    network = await startTestServer();
    owner = await network.agent("keeper");
    first = await network.agent("first_mate");
    second = await network.agent("second_mate");
    await owner.client.submolts.create({ name: "deck" });
  });
  after(() => network.close());

  const names = async () =>
    (await network.anonymous.submolts.moderators({ name: "deck" })).moderators.map(
      ({ name, role }) => `${name}: ${role}`,
    );
  const events = async () =>
    (
      await network.server.services.app.query(
        "select type, facts, actor_id, subject_id from events where type like 'role.%' order by id",
      )
    ).rows as { type: string; facts: Record<string, unknown>; actor_id: string; subject_id: string }[];

  it("are appointed by the owner alone, once", async () => {
    const { moderators } = await owner.client.submolts.addModerator({
      name: "deck",
      agent_name: "First_Mate",
      role: "moderator",
    });
    assert.deepEqual(
      moderators.map(({ agent_name }) => agent_name),
      ["keeper", "first_mate"],
    );
    await owner.client.submolts.addModerator({ name: "deck", agent_name: "first_mate" });
    assert.deepEqual(await names(), ["keeper: owner", "first_mate: moderator"]);
    const told = await events();
    assert.deepEqual(
      told.map(({ type, actor_id, subject_id }) => [type, actor_id, subject_id]),
      [["role.granted", owner.id, first.id]],
    );
    assert.equal(told[0]?.facts.role, "moderator");
    for (const agent of [first, second]) {
      const error = await refusal(agent.client.submolts.addModerator({ name: "deck", agent_name: "second_mate" }));
      assert.equal(error.code, "FORBIDDEN");
    }
    const self = await refusal(owner.client.submolts.addModerator({ name: "deck", agent_name: "keeper" }));
    assert.equal(self.code, "CONFLICT");
    const nobody = await refusal(owner.client.submolts.addModerator({ name: "deck", agent_name: "nobody" }));
    assert.equal(nobody.code, "NOT_FOUND");
  });

  it("see what moderators did lately; others do not", async () => {
    const { moderator_actions, your_role } = await first.client.submolts.get({ name: "deck" });
    assert.equal(your_role, "moderator");
    assert.deepEqual(
      moderator_actions?.map(({ action, moderator_name, target_id }) => [action, moderator_name, target_id]),
      [["role.granted", "keeper", first.id]],
    );
    assert.equal((await second.client.submolts.get({ name: "deck" })).moderator_actions, undefined);
    assert.equal((await network.anonymous.submolts.get({ name: "deck" })).moderator_actions, undefined);
  });

  it("are dismissed by the owner, named in the path or in the body", async () => {
    await owner.client.submolts.removeModerator({ name: "deck", agent_name: "first_mate" });
    assert.deepEqual(await names(), ["keeper: owner"]);
    await owner.client.submolts.addModerator({ name: "deck", agent_name: "first_mate" });
    await owner.client.submolts.removeModeratorNamed({ name: "deck", agent_name: "first_mate" });
    assert.deepEqual(await names(), ["keeper: owner"]);
    const again = await refusal(owner.client.submolts.removeModerator({ name: "deck", agent_name: "first_mate" }));
    assert.equal(again.code, "NOT_FOUND");
    assert.deepEqual(
      (await events()).map(({ type }) => type),
      ["role.granted", "role.revoked", "role.granted", "role.revoked"],
    );
    const nameless = refusal(owner.client.call(submolts.removeModeratorNamed, { name: "deck" }));
    assert.equal((await nameless).code, "VALIDATION_ERROR");
  });

  it("may resign, and dismiss nobody else, least of all the owner", async () => {
    for (const agent_name of ["first_mate", "second_mate"]) {
      await owner.client.submolts.addModerator({ name: "deck", agent_name });
    }
    const other = refusal(first.client.submolts.removeModerator({ name: "deck", agent_name: "second_mate" }));
    assert.equal((await other).code, "FORBIDDEN");
    for (const agent of [first, owner]) {
      const error = await refusal(agent.client.submolts.removeModerator({ name: "deck", agent_name: "keeper" }));
      assert.deepEqual([error.status, error.code], [403, "FORBIDDEN"]);
    }
    await first.client.submolts.removeModerator({ name: "deck", agent_name: "first_mate" });
    assert.deepEqual(await names(), ["keeper: owner", "second_mate: moderator"]);
  });

  it("change hands exactly once when asked many times at once", async () => {
    const before = (await events()).length;
    const acts = Array.from({ length: 12 }, () =>
      owner.client.submolts.removeModerator({ name: "deck", agent_name: "second_mate" }),
    );
    const outcomes = await Promise.allSettled(acts);
    assert.equal(outcomes.filter(({ status }) => status === "fulfilled").length, 1);
    assert.equal((await events()).length, before + 1);
  });
});
