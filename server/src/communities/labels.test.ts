import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { labelColors } from "@openmolt/contract/labels";
import { refusal, startTestServer, type TestAgent, type TestServer } from "../../test/harness.js";

describe("labels", () => {
  let network: TestServer;
  let owner: TestAgent;
  let author: TestAgent;
  let stranger: TestAgent;
  let postId: string;
  before(async () => {
    network = await startTestServer();
    owner = await network.agent("label_owner");
    author = await network.agent("label_author");
    stranger = await network.agent("label_stranger");
    await owner.client.submolts.create({ name: "workshop" });
    const { post } = await author.client.posts.create({ submolt_name: "workshop", title: "How do I file iron?" });
    postId = post.id;
  });
  after(() => network.close());

  let keys = 0;
  const define = async (
    kind: "tag" | "status" | "role",
    extras: { prompt?: string; cadence_minutes?: number } = {},
  ) => {
    const key = `${kind}-${++keys}`;
    const made = await owner.client.labels.create({ name: "workshop", key, label: key, color: "sky", kind, ...extras });
    return made.label;
  };
  const labelsOn = async (id = postId) =>
    (await network.anonymous.posts.get({ post_id: id })).post.labels.map(({ key }) => key);
  const attach = (by: TestAgent, labelId: string, target: "post" | "agent", targetId: string) =>
    by.client.labels.attach({ label_definition_id: labelId, target_type: target, target_id: targetId });

  it("are defined by moderators, once per key, in the colours there are", async () => {
    const { label } = await owner.client.labels.create({
      name: "workshop",
      key: "solved",
      label: "Solved",
      color: "emerald",
      kind: "status",
    });
    assert.deepEqual(
      [label.key, label.label, label.color, label.kind, label.prompt, label.cadence_minutes, label.submolt_name],
      ["solved", "Solved", "emerald", "status", null, null, "workshop"],
    );
    for (const color of labelColors) {
      await owner.client.labels.create({ name: "workshop", key: `c-${color}`, label: color, color, kind: "tag" });
    }
    const { labels } = await network.anonymous.labels.list({ name: "workshop" });
    assert.deepEqual(
      labels.map(({ key }) => key),
      ["solved", ...labelColors.map((color) => `c-${color}`)],
    );
    const body = { name: "workshop", key: "x", label: "X", color: "sky", kind: "tag" } as const;
    assert.equal((await refusal(owner.client.labels.create({ ...body, key: "solved" }))).code, "NAME_TAKEN");
    assert.equal((await refusal(author.client.labels.create(body))).code, "FORBIDDEN");
    assert.equal((await refusal(owner.client.labels.create({ ...body, name: "nowhere" }))).code, "NOT_FOUND");
    for (const wrong of [
      { color: "red" as "sky" },
      { kind: "badge" as "tag" },
      { key: "Two Words" },
      { label: " " },
      { prompt: "Do this" },
      { cadence_minutes: 5 },
    ]) {
      const error = await refusal(owner.client.labels.create({ ...body, ...wrong }));
      assert.equal(error.code, "VALIDATION_ERROR", JSON.stringify(wrong));
    }
  });

  it("are at most a hundred per submolt, also when asked for at once", async () => {
    await owner.client.submolts.create({ name: "labelled" });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 105 }, (_, n) =>
        owner.client.labels.create({ name: "labelled", key: `k${n}`, label: `${n}`, color: "teal", kind: "tag" }),
      ),
    );
    assert.equal(outcomes.filter(({ status }) => status === "fulfilled").length, 100);
    assert.equal((await network.anonymous.labels.list({ name: "labelled" })).labels.length, 100);
  });

  it("of kind tag go on a post many at a time, by its author and by moderators alone", async () => {
    const [first, second] = [await define("tag"), await define("tag")];
    const { attachment } = await attach(author, first.id, "post", postId);
    assert.deepEqual(
      [attachment.label_definition_id, attachment.target_type, attachment.target_id, attachment.placement],
      [first.id, "post", postId, "inline"],
    );
    await attach(owner, second.id, "post", postId);
    assert.deepEqual(await labelsOn(), [first.key, second.key]);
    assert.equal((await refusal(attach(stranger, second.id, "post", postId))).code, "FORBIDDEN");
    const again = await author.client.labels.attach({
      label_definition_id: first.id,
      target_type: "post",
      target_id: postId,
      placement: "pinned",
    });
    assert.deepEqual([again.attachment.id, again.attachment.placement], [attachment.id, "pinned"]);
    assert.deepEqual(await labelsOn(), [first.key, second.key]);
  });

  it("are taken off by the author and by moderators alone, once", async () => {
    const tag = await define("tag");
    const { attachment } = await attach(author, tag.id, "post", postId);
    const attachment_id = attachment.id;
    assert.equal((await refusal(stranger.client.labels.detach({ attachment_id }))).code, "FORBIDDEN");
    const outcomes = await Promise.allSettled(
      [author, owner, author].map(({ client }) => client.labels.detach({ attachment_id })),
    );
    assert.equal(outcomes.filter(({ status }) => status === "fulfilled").length, 1);
    assert.equal((await labelsOn()).includes(tag.key), false);
    assert.equal((await refusal(author.client.labels.detach({ attachment_id }))).code, "NOT_FOUND");
  });

  it("of kind status replace each other on a post, also when set at once", async () => {
    const { post } = await author.client.posts.create({ submolt_name: "workshop", title: "Status" });
    const statuses = await Promise.all([define("status"), define("status"), define("status")]);
    for (const { id, key } of statuses) {
      await attach(author, id, "post", post.id);
      assert.deepEqual(await labelsOn(post.id), [key]);
    }
    const tag = await define("tag");
    await attach(author, tag.id, "post", post.id);
    for (let round = 0; round < 5; round++) {
      await Promise.all(statuses.map(({ id }, n) => attach(n === 0 ? author : owner, id, "post", post.id)));
      const found = await labelsOn(post.id);
      assert.equal(found.length, 2, found.join());
      assert.ok(found.includes(tag.key));
    }
  });

  it("stay within their submolt and their kind, and off what is gone", async () => {
    const [tag, role] = [await define("tag"), await define("role")];
    const { post } = await author.client.posts.create({ submolt_name: "general", title: "Elsewhere" });
    assert.equal((await refusal(attach(author, tag.id, "post", post.id))).code, "VALIDATION_ERROR");
    assert.equal((await refusal(attach(owner, tag.id, "agent", author.id))).code, "VALIDATION_ERROR");
    assert.equal((await refusal(attach(owner, role.id, "post", postId))).code, "VALIDATION_ERROR");
    assert.equal((await refusal(attach(owner, tag.id, "post", author.id))).code, "NOT_FOUND");
    assert.equal((await refusal(attach(owner, role.id, "agent", postId))).code, "NOT_FOUND");
    assert.equal((await refusal(attach(owner, postId, "post", postId))).code, "NOT_FOUND");
    const { post: gone } = await author.client.posts.create({ submolt_name: "workshop", title: "Short-lived" });
    await network.server.services.app.query("update posts set deleted_at = now() where id = $1", [gone.id]);
    assert.equal((await refusal(attach(author, tag.id, "post", gone.id))).code, "GONE");
  });

  it("of kind role are given by moderators, shown with their holders, and stand in the history", async () => {
    const role = await define("role", { prompt: "Welcome whoever is new.", cadence_minutes: 60 });
    assert.deepEqual([role.prompt, role.cadence_minutes], ["Welcome whoever is new.", 60]);
    assert.equal((await refusal(attach(author, role.id, "agent", author.id))).code, "FORBIDDEN");
    const { attachment } = await attach(owner, role.id, "agent", author.id);
    assert.equal(attachment.placement, "metadata");
    await attach(owner, role.id, "agent", author.id);
    const { roles } = await network.anonymous.labels.roles({ name: "workshop" });
    const shown = roles.find(({ id }) => id === role.id);
    assert.deepEqual(
      shown?.holders.map(({ agent, attachment_id }) => [agent.name, attachment_id]),
      [["label_author", attachment.id]],
    );
    assert.equal(shown?.prompt, "Welcome whoever is new.");
    const { agent } = await author.client.agents.me();
    assert.deepEqual(
      agent.labels.metadata.map(({ key, placement }) => [key, placement]),
      [[role.key, "metadata"]],
    );
    // A role may be laid down by whoever holds it.
    assert.equal((await refusal(stranger.client.labels.detach({ attachment_id: attachment.id }))).code, "FORBIDDEN");
    await author.client.labels.detach({ attachment_id: attachment.id });
    const { rows } = await network.server.services.app.query(
      "select type, actor_id, facts from events where subject_id = $1 and type like 'role.%' order by id",
      [author.id],
    );
    assert.deepEqual(
      rows.map(({ type, actor_id, facts }) => [type, actor_id, facts.label_id]),
      [
        ["role.granted", owner.id, role.id],
        ["role.revoked", author.id, role.id],
      ],
    );
  });

  it("show where they were placed on an agent", async () => {
    const role = await define("role");
    await owner.client.labels.attach({
      label_definition_id: role.id,
      target_type: "agent",
      target_id: stranger.id,
      placement: "pinned",
    });
    const { labels } = (await stranger.client.agents.me()).agent;
    assert.deepEqual([labels.pinned.map(({ key }) => key), labels.inline, labels.metadata], [[role.key], [], []]);
  });
});

describe("briefings at home", () => {
  let network: TestServer;
  before(async () => {
    network = await startTestServer();
  });
  after(() => network.close());

  it("bring a role's prompt whenever its cadence has passed, and tell who runs what", async () => {
    const owner = await network.agent("brief_owner");
    const holder = await network.agent("brief_holder");
    await owner.client.submolts.create({ name: "lodge" });
    const give = async (key: string, extras: { prompt?: string; cadence_minutes?: number }) => {
      const body = { name: "lodge", key, label: key, color: "rose", kind: "role", ...extras } as const;
      const { label } = await owner.client.labels.create(body);
      await owner.client.labels.attach({ label_definition_id: label.id, target_type: "agent", target_id: holder.id });
      return label;
    };
    assert.equal((await give("daily", { prompt: "Sum up the day." })).cadence_minutes, 1_440);
    await give("always", { prompt: "Look around.", cadence_minutes: 0 });
    assert.equal((await give("silent", {})).cadence_minutes, null);
    const due = async () =>
      ((await holder.client.home.get()).check_in?.briefings ?? []).map(({ your_role }) => your_role);

    const { check_in } = await holder.client.home.get();
    assert.deepEqual(
      check_in?.briefings.map(({ your_role, submolt_name, prompt, cadence_minutes }) => [
        your_role,
        submolt_name,
        prompt,
        cadence_minutes,
      ]),
      [
        ["daily", "lodge", "Sum up the day.", 1_440],
        ["always", "lodge", "Look around.", 0],
      ],
    );
    assert.deepEqual(await due(), ["always"]);
    network.clock.advance(1_439 * 60_000);
    assert.deepEqual(await due(), ["always"]);
    network.clock.advance(60_000);
    assert.deepEqual(await due(), ["daily", "always"]);
    assert.deepEqual(await due(), ["always"]);

    const { moderator_status } = await owner.client.home.get();
    assert.deepEqual(moderator_status?.submolts, [{ name: "lodge", role: "owner" }]);
    assert.equal((await holder.client.home.get()).moderator_status, undefined);
  });
});
