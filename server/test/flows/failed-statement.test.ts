import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import pg from "pg";
import { refusal, startTestServer, type TestAgent, type TestServer } from "../harness.js";

let network: TestServer;
let writer: TestAgent;
let postId: string;
let owner: pg.Client;

before(async () => {
  network = await startTestServer();
  writer = await network.agent();
  postId = (await writer.client.posts.create({ submolt_name: "general", title: "Trouble" })).post.id;
  owner = new pg.Client(network.database.migrator);
  await owner.connect();
});
after(async () => {
  await owner.end();
  await network.close();
});

/** What a comment writes into, one statement each. */
const TABLES = ["comments", "comment_stats", "outbox", "events"];

/** Has the database refuse rows of a table with a code of its own, the first `times` times. */
async function failOn(table: string, code: string, times: number): Promise<void> {
  for (const one of TABLES) await owner.query(`drop trigger if exists trouble on ${one}`);
  await owner.query(`drop sequence if exists troubles;
    create sequence troubles; grant usage on sequence troubles to app;
    create or replace function trouble() returns trigger language plpgsql as $$ begin
      if nextval('troubles') <= ${times} then raise exception 'trouble' using errcode = '${code}'; end if;
      return new; end $$;
    create trigger trouble before insert on ${table} for each row execute function trouble()`);
}

const comment = (content: string) =>
  writer.client.comments.create(
    { post_id: postId, content },
    { idempotencyKey: `key of ${content}`.replaceAll(" ", "-") },
  );
const commentsOf = async () => (await network.anonymous.comments.list({ post_id: postId })).comments.length;

for (const table of TABLES) {
  test(`when one of several statements fails (${table}), its own reason counts, not that the others failed because of it`, async () => {
    const before = await commentsOf();
    await failOn(table, "53100", 2);
    assert.equal((await refusal(comment(`no room in ${table}`))).code, "UNAVAILABLE");
    await failOn(table, "53100", 0);
    await comment(`no room in ${table}`);
    assert.equal(await commentsOf(), before + 1);
  });

  test(`a deadlock that only shows among other failures (${table}) is tried again all the same`, async () => {
    const before = await commentsOf();
    await failOn(table, "40P01", 1);
    await comment(`tried twice in ${table}`);
    assert.equal(await commentsOf(), before + 1);
  });
}
