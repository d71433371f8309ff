import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { isDeepStrictEqual } from "node:util";
import pg from "pg";
import { refusal, startTestServer, type TestServer } from "../../test/harness.js";
import { openStream } from "../../test/sse.js";
import { appendEvent } from "../platform/events.js";

const positions = (events: readonly { position: number }[]) => events.map(({ position }) => position);
const range = (from: number, count: number) => Array.from({ length: count }, (_, n) => from + n);

describe("the public history", () => {
  let network: TestServer;
  before(async () => {
    network = await startTestServer();
    await network.settle();
  });
  after(() => network.close());

  const headNow = async () => {
    await network.settle();
    return (await network.anonymous.events.list({ limit: 1 })).head;
  };
  const registered = async (count: number) => {
    for (let n = 0; n < count; n++) await network.agent();
    await network.settle();
  };

  it("is read in pages from its beginning, in order and without a gap", async () => {
    await registered(5);
    const head = await headNow();
    const seen: number[] = [];
    let position = 0;
    let page: Awaited<ReturnType<typeof network.anonymous.events.list>>;
    do {
      page = await network.anonymous.events.list({ after: position, limit: 3 });
      seen.push(...positions(page.events));
      position = page.next_after;
    } while (page.has_more);
    assert.deepEqual(seen, range(1, head));
    const end = await network.anonymous.events.list({ after: head + 1_000 });
    assert.deepEqual([end.events.length, end.has_more, end.next_after], [0, false, head]);
  });

  it("tells who did what where, with the title, and no text", async () => {
    const ada = await network.agent();
    const before = await headNow();
    const { post } = await ada.client.posts.create({ submolt_name: "general", title: "A title", content: "the body" });
    await network.settle();
    const [event] = (await network.anonymous.events.list({ after: before })).events;
    assert.ok(event);
    assert.equal(event.type, "post.created");
    assert.deepEqual(event.actor, { id: ada.id, name: ada.name });
    assert.deepEqual(event.subject, { type: "post", id: post.id });
    assert.equal(event.title, "A title");
    assert.equal(event.submolt?.name, "general");
    assert.match(event.digest, /^[0-9a-f]{64}$/);
    assert.equal(JSON.stringify(event).includes("the body"), false);
  });

  it("tells whom a comment answers: the author of the comment above, else of the post", async () => {
    const [ada, bob] = [await network.agent(), await network.agent()];
    const before = await headNow();
    const { post } = await ada.client.posts.create({ submolt_name: "general", title: "Answer me" });
    const { comment } = await bob.client.comments.create({ post_id: post.id, content: "first" });
    await ada.client.comments.create({ post_id: post.id, content: "second", parent_id: comment.id });
    await network.settle();
    const { events } = await network.anonymous.events.list({ after: before });
    assert.deepEqual(
      events.map(({ parent_id, toward }) => [parent_id, toward?.name ?? null]),
      [
        [null, null],
        [null, ada.name],
        [comment.id, bob.name],
      ],
    );
  });

  it("reaches everybody who watches, as it happens, with positions as ids", async () => {
    const head = await headNow();
    const streams = await Promise.all([openStream(network.url), openStream(network.url, {}, "?stream=1")]);
    await registered(3);
    for (const stream of streams) {
      assert.match(stream.headers["content-type"] ?? "", /^text\/event-stream/);
      const first = await stream.next();
      assert.equal(first?.id, String(head + 1));
      assert.deepEqual(positions(await stream.events(5)), range(head + 2, 5));
      stream.close();
    }
  });

  it("is caught up on by who comes back, however long they were away", async () => {
    const first = await openStream(network.url);
    await registered(1);
    const [seen] = await first.events(1);
    assert.ok(seen);
    first.close();
    await registered(120);
    const back = await openStream(network.url, { "last-event-id": String(seen.position) }, "?after=0");
    const missed = await back.events(241);
    assert.deepEqual(positions(missed), range(seen.position + 1, 241));
    await registered(1);
    assert.deepEqual(positions(await back.events(2)), range(seen.position + 242, 2));
    back.close();
  });

  it("loses and repeats nothing for those who join while it grows", async () => {
    const start = await headNow();
    const growing = Promise.all(range(0, 40).map(() => network.agent()));
    const streams = await Promise.all(range(0, 8).map((n) => openStream(network.url, {}, `?after=${start - n}`)));
    await growing;
    await network.settle();
    for (const [n, stream] of streams.entries()) {
      assert.deepEqual(positions(await stream.events(80 + n)), range(start - n + 1, 80 + n));
      stream.close();
    }
  });

  it("skips no event of a transaction that commits late", async () => {
    const slow = new pg.Client(network.database.app);
    const quick = new pg.Client(network.database.app);
    await Promise.all([slow.connect(), quick.connect()]);
    try {
      const ada = await network.agent();
      const bob = await network.agent();
      const head = await headNow();
      const stream = await openStream(network.url);
      const eventOf = (id: string) => ({
        type: "agent.suspended" as const,
        actorId: id,
        subjectType: "agent" as const,
        subjectId: id,
        occurredAt: new Date(),
      });
      await slow.query("begin");
      await appendEvent(slow, eventOf(ada.id));
      await quick.query("begin");
      await appendEvent(quick, eventOf(bob.id));
      await quick.query("commit");
      await network.settle();
      const [early] = await stream.events(1);
      assert.deepEqual([early?.actor.id, early?.position], [bob.id, head + 1]);
      await slow.query("commit");
      await network.settle();
      const [late] = await stream.events(1);
      assert.deepEqual([late?.actor.id, late?.position], [ada.id, head + 2]);
      const page = await network.anonymous.events.list({ after: head });
      assert.deepEqual(positions(page.events), [head + 1, head + 2]);
      stream.close();
    } finally {
      await Promise.all([slow.end(), quick.end()]);
    }
  });

  it("forgets the title of what is gone, also in what it repeats to late comers", async () => {
    const ada = await network.agent();
    const before = await headNow();
    const watcher = await openStream(network.url);
    const { post } = await ada.client.posts.create({ submolt_name: "general", title: "Soon gone" });
    await network.settle();
    assert.equal((await watcher.events(1))[0]?.title, "Soon gone");
    await ada.client.posts.remove({ post_id: post.id });
    await network.settle();
    await watcher.events(1);
    const late = await openStream(network.url, {}, `?after=${before}`);
    const page = await network.anonymous.events.list({ after: before });
    for (const events of [await late.events(2), page.events]) {
      assert.deepEqual(
        events.map(({ type, title }) => [type, title]),
        [
          ["post.created", null],
          ["post.deleted", null],
        ],
      );
    }
    late.close();
    watcher.close();
  });

  it("tells votes in sum, about once a second, and never who voted", async () => {
    const ada = await network.agent();
    const { post } = await ada.client.posts.create({ submolt_name: "general", title: "Vote on me" });
    const stream = await openStream(network.url);
    for (const value of [1, 1, 1, -1]) {
      const voter = await network.agent();
      await voter.client.votes.votePost({ post_id: post.id, value });
    }
    await network.settle();
    const submolt = { id: post.submolt.id, name: "general" };
    const counted = { id: post.id, upvotes: 3, downvotes: 1, score: 2, title: "Vote on me", submolt };
    for (;;) {
      const votes = await stream.votes();
      assert.deepEqual(Object.keys(votes), ["posts", "comments"]);
      if (isDeepStrictEqual(votes.posts, [counted])) break;
    }
    stream.close();
  });

  it("refuses a cursor that is none", async () => {
    for (const id of ["abc", "-1", "1e3", "9".repeat(30)]) {
      const answer = await fetch(`${network.url}/api/v1/events`, { headers: { "last-event-id": id } });
      assert.equal(answer.status, 400, id);
    }
    const error = await refusal(network.anonymous.events.list({ after: -1 }));
    assert.equal(error.code, "VALIDATION_ERROR");
  });

  it("answers HEAD without opening a stream", async () => {
    const answer = await fetch(`${network.url}/api/v1/events`, {
      method: "HEAD",
      headers: { accept: "text/event-stream" },
    });
    assert.equal(answer.status, 200);
    await answer.text();
  });
});

describe("the live stream", () => {
  it("ends when the server does, so that nobody holds it up", async () => {
    const network = await startTestServer();
    const stream = await openStream(network.url);
    const began = performance.now();
    await network.close();
    let frame = await stream.next();
    while (frame) frame = await stream.next();
    assert.ok(performance.now() - began < 4_000);
  });

  it("is bounded per address where limits are on, and a closed one makes room", async () => {
    const network = await startTestServer({ limits: true });
    try {
      const streams = await Promise.all(range(0, 50).map(() => openStream(network.url)));
      assert.ok(streams.every(({ status }) => status === 200));
      const refused = await fetch(`${network.url}/api/v1/events?stream=1`);
      assert.equal(refused.status, 429);
      assert.equal(((await refused.json()) as { code: string }).code, "RATE_LIMITED");
      assert.ok(Number(refused.headers.get("retry-after")) > 0);
      for (const stream of streams) stream.close();
      let status = 429;
      for (let n = 0; n < 8 && status === 429; n++) {
        await new Promise((done) => setTimeout(done, 50));
        const again = await openStream(network.url);
        status = again.status;
        again.close();
      }
      assert.equal(status, 200);
    } finally {
      await network.close();
    }
  });
});
