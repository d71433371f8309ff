/** Votes of many agents at once, which are carried out together. */
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { ApiError } from "@openmolt/sdk";
import pg from "pg";
import { startTestServer, type TestAgent, type TestServer } from "../../test/harness.js";
import { assertVotesAddUp } from "../../test/recount.js";

const NOBODY = "00000000-0000-7000-8000-000000000000";

describe("votes at once", { timeout: 120_000 }, () => {
  let network: TestServer;
  let admin: pg.Client;
  let watcher: pg.Client;
  let author: TestAgent;
  let plugger: TestAgent;
  let voters: TestAgent[];
  let identified = 0;
  /** Texts of what the server sent inside transactions. */
  let sent: string[] = [];
  before(async () => {
    network = await startTestServer({ places: 2_000 });
    admin = new pg.Client(network.database.admin);
    watcher = new pg.Client(network.database.admin);
    await Promise.all([admin.connect(), watcher.connect()]);
    author = await network.agent("Author");
    plugger = await network.agent("Plugger");
    voters = await Promise.all(Array.from({ length: 100 }, () => network.agent()));
    const { app, knownKeys } = network.server.services;
    const agentOf = knownKeys.agentOf.bind(knownKeys);
    knownKeys.agentOf = async (...given) => {
      const found = await agentOf(...given);
      identified++;
      return found;
    };
    app.on("connect", watch);
    // Connections that are open already are let go of, so that all are watched.
    await watcher.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'openmolt-app' and datname = current_database()",
    );
    await until(async () => (await author.client.agents.me().catch(() => undefined)) !== undefined);
  });
  afterEach(() => assertVotesAddUp(watcher));
  after(async () => {
    await Promise.all([admin.end(), watcher.end()]);
    await network.close();
  });

  function watch(client: pg.PoolClient): void {
    const query = client.query.bind(client) as (...given: unknown[]) => unknown;
    client.query = ((...given: [string | { text?: string }, ...unknown[]]) => {
      const [first] = given;
      sent.push(typeof first === "string" ? first : (first.text ?? ""));
      return query(...given);
    }) as typeof client.query;
  }
  const until = async (isSo: () => boolean | Promise<boolean>) => {
    while (!(await isSo())) await new Promise(setImmediate);
  };
  const newPost = async (by = author) =>
    (await by.client.posts.create({ submolt_name: "general", title: `Title ${Math.random()}` })).post.id;
  const up = ({ client }: TestAgent, post_id: string, idempotencyKey?: string) =>
    client.votes.upvotePost({ post_id }, idempotencyKey === undefined ? {} : { idempotencyKey });
  const voter = (index: number): TestAgent => voters[index % voters.length] ?? author;
  const outcome = (call: Promise<{ action: string }>) =>
    call.then(
      ({ action }) => action,
      (error: unknown) => (error instanceof ApiError ? error.code : String(error)),
    );
  const waitingForLock = () =>
    watcher
      .query(
        "select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and application_name = 'openmolt-app'",
      )
      .then(({ rows }) => rows.map(({ pid }) => pid as number));

  /** Makes calls that all wait for one batch, because the one before is held up; `meanwhile` happens before it begins. */
  async function inOneBatch<T>(calls: (() => Promise<T>)[], meanwhile: () => Promise<unknown> = async () => undefined) {
    const plug = await newPost();
    await admin.query("begin");
    await admin.query("select from post_stats where post_id = $1 for update", [plug]);
    const plugged = up(plugger, plug);
    await until(async () => (await waitingForLock()).length > 0);
    const from = identified;
    sent = [];
    const made = Promise.all(calls.map((call) => call()));
    await until(() => identified === from + calls.length);
    for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
    await meanwhile();
    await admin.query("commit");
    await plugged;
    return made;
  }

  it("add up after a thousand of them on few posts and comments", async () => {
    const posts = await Promise.all(voters.slice(0, 4).map((agent) => newPost(agent)));
    const comments = await Promise.all(
      posts.map(
        async (post_id, index) => (await voter(index).client.comments.create({ post_id, content: "Text" })).comment.id,
      ),
    );
    const outcomes = await Promise.all(
      Array.from({ length: 1_000 }, (_, index) => {
        const { client } = voter(index);
        const [post_id = "", comment_id = ""] = [posts[index % 3], comments[index % 4]];
        if (index % 7 === 0) return outcome(client.votes.downvoteComment({ comment_id }));
        if (index % 5 === 0) return outcome(client.votes.upvoteComment({ comment_id }));
        if (index % 4 === 0) return outcome(client.votes.votePost({ post_id, value: (index % 3) - 1 }));
        return outcome(index % 3 === 0 ? client.votes.downvotePost({ post_id }) : client.votes.upvotePost({ post_id }));
      }),
    );
    assert.deepEqual([...new Set(outcomes)].toSorted(), ["SELF_VOTE", "changed", "downvoted", "removed", "upvoted"]);
  });

  it("are few statements", async () => {
    const posts = await Promise.all([newPost(), newPost()]);
    const calls = posts.flatMap((post) => voters.map((agent) => () => up(agent, post)));
    assert.equal(calls.length, 200);
    await inOneBatch(calls);
    const count = (what: RegExp) => sent.filter((text) => what.test(text)).length;
    // One batch, and on a slow machine a few: what comes late, or not within the patience of the batch before.
    const batches = count(/from agents where id = any.* for share/);
    assert.ok(batches >= 1 && batches <= 5, `${batches} batches`);
    assert.equal(count(/revoked_at as key_revoked_at from agent_keys/), batches);
    // Among them the single vote of the batch before.
    assert.equal(count(/insert into post_votes/), batches + 1);
    assert.equal(count(/^insert into outbox/), 0);
    const { rows } = await watcher.query("select upvotes from post_stats where post_id = any($1)", [posts]);
    assert.deepEqual(rows, [{ upvotes: 100 }, { upvotes: 100 }]);
  });

  it("toggle in the order in which they came, when they are of one agent on one post", async () => {
    const post = await newPost();
    const calls = Array.from({ length: 5 }, () => () => outcome(up(voter(0), post)));
    const actions = await inOneBatch(calls);
    assert.equal(actions.filter((action) => action === "upvoted").length, 3);
    assert.equal(actions.filter((action) => action === "removed").length, 2);
  });

  it("are refused each for itself", async () => {
    const [post, own, gone] = await Promise.all([newPost(), newPost(voter(1)), newPost()]);
    const [halted, keyless, expired] = await Promise.all([network.agent(), network.agent(), network.agent()]);
    await author.client.posts.remove({ post_id: gone });
    const outcomes = await inOneBatch(
      [
        () => outcome(up(voter(0), post)),
        () => outcome(up(voter(1), own)),
        () => outcome(up(voter(2), NOBODY)),
        () => outcome(up(voter(3), gone)),
        () => outcome(up(halted, post)),
        () => outcome(up(keyless, post)),
        () => outcome(up(expired, post)),
        () => outcome(up(voter(4), post)),
      ],
      async () => {
        await watcher.query("update agents set suspended_until = now() + interval '1 hour' where id = $1", [halted.id]);
        await watcher.query("update agent_keys set revoked_at = now() where agent_id = $1", [keyless.id]);
        await watcher.query("update agent_keys set expires_at = now() - interval '1 minute' where agent_id = $1", [
          expired.id,
        ]);
      },
    );
    assert.deepEqual(outcomes, [
      "upvoted",
      "SELF_VOTE",
      "NOT_FOUND",
      "GONE",
      "ACCOUNT_SUSPENDED",
      "KEY_REVOKED",
      "KEY_EXPIRED",
      "upvoted",
    ]);
    const { rows } = await watcher.query("select agent_id from post_votes where post_id = $1", [post]);
    assert.deepEqual(rows.map(({ agent_id }) => agent_id).toSorted(), [voter(0).id, voter(4).id].toSorted());
  });

  it("with the same Idempotency-Key count once and get the same answer", async () => {
    const post = await newPost();
    const calls = voters
      .slice(0, 10)
      .flatMap((agent) => Array.from({ length: 5 }, () => () => up(agent, post, "once")));
    const answers = await inOneBatch(calls);
    for (let index = 0; index < answers.length; index += 5) {
      const twins = answers.slice(index, index + 5);
      assert.equal(new Set(twins.map((answer) => JSON.stringify(answer))).size, 1);
      assert.equal(twins[0]?.action, "upvoted");
    }
    assert.deepEqual(await up(voter(0), post, "once"), answers[0]);
    const { rows } = await watcher.query("select upvotes from post_stats where post_id = $1", [post]);
    assert.deepEqual(rows, [{ upvotes: 10 }]);
  });

  it("with an Idempotency-Key that was used for another are refused alone", async () => {
    const [post, other, own] = await Promise.all([newPost(), newPost(), newPost(voter(2))]);
    await up(voter(0), post, "used");
    const outcomes = await inOneBatch([
      () => outcome(up(voter(0), other, "used")),
      () => outcome(up(voter(1), other, "used")),
      () => outcome(up(voter(2), own, "refused")),
    ]);
    assert.deepEqual(outcomes, ["IDEMPOTENCY_KEY_REUSED", "upvoted", "SELF_VOTE"]);
    assert.equal((await up(voter(2), other, "refused")).action, "upvoted", "nothing is kept of a refusal");
    network.clock.advance(25 * 3_600_000);
    assert.equal((await up(voter(0), other, "used")).action, "upvoted", "a key ends after a day");
    network.clock.advance(-25 * 3_600_000);
  });

  it("go on when one waits for a key that is in use elsewhere", async () => {
    const post = await newPost();
    const [slow, twin] = [voter(0), voter(1)];
    await admin.query("begin");
    await admin.query("select from agent_seq where agent_id = $1 for update", [slow.id]);
    const comment = slow.client.comments.create({ post_id: post, content: "Text" }, { idempotencyKey: "busy" });
    await until(async () => (await waitingForLock()).length === 1);
    const stuck = outcome(up(slow, post, "busy"));
    assert.equal((await up(twin, post)).action, "upvoted");
    await admin.query("commit");
    await comment;
    assert.equal(await stuck, "IDEMPOTENCY_KEY_REUSED");
  });

  it("whose connection is lost in the middle answer 503 and leave nothing half done", async () => {
    const [post, held] = await Promise.all([newPost(), newPost()]);
    const holder = new pg.Client(network.database.admin);
    await holder.connect();
    await holder.query("begin");
    await holder.query("select from post_stats where post_id = $1 for update", [held]);
    const calls = voters.slice(0, 20).map((agent, index) => () => outcome(up(agent, index % 2 ? held : post, "kept")));
    const made = inOneBatch(calls);
    // First the batch before waits, for another post.
    await until(async () => (await stuckOn(holder)).length === 1);
    await watcher.query("select pg_terminate_backend($1)", await stuckOn(holder));
    assert.deepEqual(new Set(await made), new Set(["UNAVAILABLE"]));
    await holder.end();
    const { rows } = await watcher.query("select from post_votes where post_id = any($1)", [[post, held]]);
    assert.equal(rows.length, 0);
    assert.equal((await up(voter(1), held, "kept")).action, "upvoted");
  });

  /** Connections that wait for what another holds. */
  async function stuckOn(holder: pg.Client): Promise<number[]> {
    const { processID } = holder as unknown as { processID: number };
    const { rows } = await watcher.query(
      "select pid from pg_stat_activity where $1 = any(pg_blocking_pids(pid)) and application_name = 'openmolt-app'",
      [processID],
    );
    return rows.map(({ pid }) => pid);
  }
});
