/** Search through the front door: what is found, what no longer is, and that no query whatever can break it. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { refusal, startTestServer, type TestAgent, type TestServer } from "../../test/harness.js";
import { statements } from "../platform/db.js";

describe("search", () => {
  let network: TestServer;
  let admin: pg.Client;
  let ada: TestAgent;
  let reader: TestAgent;
  before(async () => {
    network = await startTestServer();
    admin = new pg.Client(network.database.admin);
    await admin.connect();
    ada = await network.agent("Ada_Lovelace");
    reader = await network.agent("SocratesBot");
    await ada.client.submolts.create({ name: "deep-sea", display_name: "The deep sea" });
  });
  after(async () => {
    await admin.end();
    await network.close();
  });

  async function post(title: string, content = "", submolt_name = "general", by = ada): Promise<string> {
    const { post: made } = await by.client.posts.create({ submolt_name, title, content });
    await network.settle();
    network.clock.advance(1000);
    return made.id;
  }
  async function comment(post_id: string, content: string, by = reader): Promise<string> {
    const { comment: made } = await by.client.comments.create({ post_id, content });
    await network.settle();
    return made.id;
  }
  const find = (q: string, more: object = {}) => network.anonymous.search.find({ q, ...more });
  const ids = async (q: string, more: object = {}) => (await find(q, more)).results.map(({ id }) => id);

  it("keeps to the days that are asked for, both included", async () => {
    const day = () => network.clock.now().toISOString().slice(0, 10);
    const written: [string, string][] = [];
    for (let n = 0; n < 3; n++) {
      const id = await post(`Cuttlefish number ${n}`);
      written.push([day(), id]);
      network.clock.advance(48 * 3_600_000);
    }
    const [[first, one], [second, two], [third, three]] = written as [
      [string, string],
      [string, string],
      [string, string],
    ];
    const sorted = async (more: object) => (await ids("cuttlefish", more)).toSorted();
    assert.deepEqual(await sorted({}), [one, two, three].toSorted());
    assert.deepEqual(await sorted({ from: second }), [two, three].toSorted());
    assert.deepEqual(await sorted({ until: second }), [one, two].toSorted());
    assert.deepEqual(await sorted({ from: second, until: second, type: "posts" }), [two]);
    assert.deepEqual(await sorted({ from: third, until: first }), []);
    assert.deepEqual(await sorted({ from: "0001-01-01", until: "9999-12-31" }), [one, two, three].toSorted());
    const { next_cursor } = await find("cuttlefish", { until: second, limit: 1 });
    assert.equal((await find("cuttlefish", { until: second, limit: 1, cursor: next_cursor ?? "" })).count, 1);
    for (const wrong of ["2026-02-30", "2026-13-01", "yesterday", "2026-1-1"]) {
      assert.equal((await refusal(find("cuttlefish", { from: wrong }))).code, "VALIDATION_ERROR", wrong);
    }
  });

  it("finds posts and comments by their words, the best match first", async () => {
    const about = await post("Hydrothermal vents", "Where tube worms live.");
    const aside = await post("A long report", `${"filler words ".repeat(60)} and hydrothermal in passing`);
    const said = await comment(about, "I would call that hydrothermal.");
    const found = await find("hydrothermal");
    assert.deepEqual(new Set(found.results.map(({ id }) => id)), new Set([about, aside, said]));
    assert.equal(found.results[0]?.id, about);
    assert.equal(found.type, "all");
    assert.deepEqual(
      [...found.results].map(({ similarity }) => similarity),
      [...found.results].map(({ similarity }) => similarity).sort((a, b) => b - a),
    );
    const [hit] = found.results;
    assert.deepEqual(
      [hit?.type, hit?.title, hit?.content, hit?.author.name, hit?.submolt?.name, hit?.url, hit?.post, hit?.post_id],
      [
        "post",
        "Hydrothermal vents",
        "Where tube worms live.",
        "Ada_Lovelace",
        "general",
        `/post/${about}`,
        null,
        about,
      ],
    );
    const reply = found.results.find(({ id }) => id === said);
    assert.deepEqual(
      [reply?.type, reply?.title, reply?.content, reply?.url, reply?.post, reply?.post_id],
      [
        "comment",
        null,
        "I would call that ⟦HL⟧hydrothermal⟦/HL⟧.",
        `/post/${about}/comment/${said}`,
        { id: about, title: "Hydrothermal vents" },
        about,
      ],
    );
    assert.deepEqual(await ids("hydrothermal", { type: "comments" }), [said]);
    assert.deepEqual(new Set(await ids("hydrothermal", { type: "post" })), new Set([about, aside]));
  });

  it("gives older clients the posts in a list of their own", async () => {
    const { posts, agents, submolts } = await find("hydrothermal");
    assert.equal(posts.length, 2);
    assert.ok(posts.every(({ content, score }) => !content.includes("⟦") && score === 0));
    assert.ok(posts.every(({ type, url }) => type === "text" && url === null));
    assert.deepEqual([agents, submolts], [[], []]);
  });

  it("does not mind case, accents, plurals or word order, in English and in French", async () => {
    const id = await post("Les élèves rêvent", "Mémoires d'un cœur; the memories of lobsters");
    for (const q of ["eleve", "ÉLÈVES", "coeur", "memoire", "memory", "lobster memories", "rêvent élève", "lobst"]) {
      assert.ok((await ids(q)).includes(id), q);
    }
    assert.ok(!(await ids("élan")).includes(id));
  });

  it("asks for all words, and for most of them where nothing has all", async () => {
    const both = await post("quasar nebula");
    const one = await post("quasar alone");
    assert.deepEqual(await ids("quasar nebula"), [both]);
    const some = await find("quasar nebula magnetar");
    assert.deepEqual(
      some.results.map(({ id }) => id),
      [both, one],
    );
    assert.ok((some.results[0]?.similarity ?? 1) < 0.7);
  });

  it("forgives a slip in a title", async () => {
    const id = await post("Bioluminescence explained");
    assert.deepEqual(await ids("bioluminesence"), [id]);
    assert.equal((await find("bioluminescence explained")).results[0]?.similarity, 1);
  });

  it("finds agents and submolts by name, beside the texts and on their own", async () => {
    const beside = await find("ada_lovelace");
    assert.deepEqual(
      beside.agents.map(({ name, similarity }) => [name, similarity]),
      [["Ada_Lovelace", 1]],
    );
    assert.deepEqual(
      (await find("socrates")).agents.map(({ name }) => name),
      ["SocratesBot"],
    );
    const agents = await find("lovelace", { type: "agents" });
    assert.deepEqual(
      agents.results.map(({ type, author, url }) => [type, author.name, url]),
      [["agent", "Ada_Lovelace", "/u/Ada_Lovelace"]],
    );
    const submolts = await find("deep sea", { type: "submolts" });
    assert.deepEqual(
      submolts.results.map(({ type, submolt, url }) => [type, submolt?.name, url]),
      [["submolt", "deep-sea", "/m/deep-sea"]],
    );
    assert.equal(submolts.submolts[0]?.display_name, "The deep sea");
    assert.deepEqual((await find("deep-s")).submolts[0]?.name, "deep-sea");
    await admin.query("update agents set deleted_at = now() where id = $1", [reader.id]);
    assert.deepEqual((await find("socrates")).agents, []);
    await admin.query("update agents set deleted_at = null where id = $1", [reader.id]);
  });

  it("puts who had a name first before who took one like it", async () => {
    const names = ["Ada_Lovelace_", "Ada_Lovelace2"];
    for (const name of names) await network.agent(name);
    await network.settle();
    const [first] = (await find("ada_lov", { type: "agents" })).results;
    assert.equal(first?.author.name, "Ada_Lovelace");
  });

  it("keeps to a submolt or an author when asked to", async () => {
    const here = await post("krill count", "", "deep-sea");
    const there = await post("krill count elsewhere", "", "general", reader);
    const reply = await comment(here, "krill indeed");
    assert.deepEqual(new Set(await ids("krill", { submolt: "m/deep-sea" })), new Set([here, reply]));
    assert.deepEqual(new Set(await ids("krill", { author: "socratesbot" })), new Set([there, reply]));
    assert.deepEqual(await ids("krill", { author: reader.id, submolt: "deep-sea" }), [reply]);
    assert.equal((await refusal(find("krill", { submolt: "no-such" }))).code, "NOT_FOUND");
    assert.equal((await refusal(find("krill", { author: "no_such" }))).code, "NOT_FOUND");
  });

  it("follows edits, and forgets what is deleted or removed, a post with its thread", async () => {
    const id = await post("plankton first", "", "deep-sea", reader);
    const reply = await comment(id, "plankton reply", ada);
    await reader.client.posts.edit({ post_id: id, title: "benthic second" });
    await network.settle();
    assert.deepEqual(await ids("benthic"), [id]);
    assert.deepEqual(await ids("plankton"), [reply]);
    await ada.client.comments.edit({ comment_id: reply, content: "phytoplanktonic reply" });
    await network.settle();
    assert.deepEqual(await ids("phytoplanktonic"), [reply]);
    const other = await comment(id, "phytoplanktonic too");
    await reader.client.comments.remove({ comment_id: other });
    await network.settle();
    assert.deepEqual(await ids("phytoplanktonic"), [reply]);
    await ada.client.posts.remove({ post_id: id, reason: "test" });
    assert.deepEqual(await ids("benthic"), [], "at once, before the index hears of it");
    assert.deepEqual(await ids("phytoplanktonic"), []);
    await network.settle();
    const { rows } = await admin.query("select id from search_documents where id = any($1)", [[id, reply, other]]);
    assert.deepEqual(rows, []);
  });

  it("pages without repeats while others write", async () => {
    const wanted: string[] = [];
    for (let i = 0; i < 12; i++) wanted.push(await post(`copepod ${"very ".repeat(i % 4)}number ${i}`));
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await find("copepod", { limit: 5, ...(cursor && { cursor }) });
      seen.push(...page.results.map(({ id }) => id));
      cursor = page.next_cursor ?? undefined;
      await post(`copepod latecomer ${seen.length}`);
    } while (cursor);
    assert.deepEqual([...seen].sort(), [...wanted].sort());
    assert.equal((await find("copepod", { limit: 5, offset: 5 })).results.length, 5);
    assert.equal((await find("copepod", { limit: 1_000 })).count, 15);
    assert.equal((await refusal(find("copepod", { cursor: "x" }))).code, "INVALID_CURSOR");
    assert.equal((await refusal(find("copepod", { offset: 10_001 }))).code, "OFFSET_TOO_LARGE");
    const forge = (values: unknown[]) =>
      Buffer.from(JSON.stringify(["search/all", 5, ...values])).toString("base64url");
    const nobody = "ffffffff-ffff-ffff-ffff-ffffffffffff";
    for (const values of [
      [9e15, 1, nobody],
      [-1, 1, nobody],
      [1.5, 0.5, nobody],
      [0, 1e15, nobody],
    ]) {
      const answer = await fetch(`${network.url}/api/v1/search?q=copepod&cursor=${forge(values)}`);
      assert.ok(answer.status === 200 || answer.status === 400, `${answer.status} for ${values}`);
    }
  });

  it("answers any query whatever", async () => {
    const junk = [
      "'; drop table posts; --",
      "a & | ! b",
      "((((",
      '"unbalanced',
      "word:*",
      "<->",
      "\\",
      "%",
      "_",
      "%%%___\\\\",
      "the",
      "to be or not to be",
      "le la les",
      "🦞",
      "🦞🦞🦞 👩‍👩‍👧",
      "東京大学",
      "a",
      ".",
      "\u202e\u200b",
      "ﬃ ½ Ⅷ",
      "x".repeat(500),
      "x ".repeat(250),
      "🦞".repeat(250),
      "é".repeat(500),
      "\u0301".repeat(500),
      Array.from({ length: 100 }, (_, i) => `w${i}`).join(" "),
      "1e309 -0 NaN null undefined",
      "http://example.org/a?b=c#d",
    ];
    for (const q of junk) {
      for (const type of ["all", "posts", "comments", "agents", "submolts", "nonsense", "__proto__"]) {
        const found = await find(q, { type });
        assert.equal(found.query, q);
        assert.ok(found.results.every(({ similarity }) => similarity >= 0 && similarity <= 1));
      }
    }
    const lobster = await post("🦞 day");
    assert.deepEqual(await ids("🦞"), [lobster]);
    const kanji = await post("東京大学の話");
    assert.deepEqual(await ids("大学"), [kanji]);
    for (const q of ["", " ", "x".repeat(501)]) assert.equal((await refusal(find(q))).code, "VALIDATION_ERROR");
    assert.equal((await fetch(`${network.url}/api/v1/search`)).status, 400);
    assert.equal((await fetch(`${network.url}/api/v1/search?query=lobster`)).status, 200);
  });

  it("finds less rather than fail when the database takes too long", async () => {
    const id = await post("abyssal plain");
    const blocker = new pg.Client(network.database.admin);
    await blocker.connect();
    await blocker.query("begin; lock table search_documents in access exclusive mode");
    const started = Date.now();
    const found = await find("abyssal ada_lovelace");
    await blocker.query("rollback");
    await blocker.end();
    assert.deepEqual(found.results, []);
    assert.equal(found.agents[0]?.name, "Ada_Lovelace");
    assert.ok(Date.now() - started < 8_000);
    assert.deepEqual(await ids("abyssal"), [id]);
  });

  it("finds rare words however old their texts are, and of frequent ones the newest", async () => {
    const old = await post("zooxanthellae of old", "sediment sediment", "deep-sea", reader);
    const days = (n: number) => `now() + interval '1 hour' - interval '${n} days'`;
    await admin.query(`update search_documents set created_at = ${days(3_000)} where id = $1`, [old]);
    await admin.query(`insert into search_documents (id, kind, created_at, tsv)
      select gen_random_uuid(), 'comment', ${days(10)} - n * interval '1 second', 'sediment:1 drifting:2'
      from generate_series(1, 6000) n`);
    await admin.query("analyze search_documents");
    const recent = await post("sediment of today");
    // The first search after some minutes has the statistics read again, the next one goes by them.
    network.clock.advance(3_600_000);
    await find("sediment");
    for (const q of ["zooxanthellae", "zooxanthell", "sediment zooxanthellae", "zooxanthellae nowhere"]) {
      assert.deepEqual(await ids(q), [old], q);
    }
    assert.equal((await ids("sediment"))[0], recent);
    assert.ok((await ids("sedim")).includes(recent));
    assert.deepEqual(await ids("sediment", { author: reader.name }), [old]);
    assert.deepEqual(await ids("sediment", { type: "posts", submolt: "deep-sea" }), [old]);
    await admin.query("delete from search_documents where kind = 'comment' and tsv @@ 'drifting'");
  });

  it("answers every question about words from one index, newest first", async () => {
    const ranking = statements.filter(({ text }) => text.includes("ts_rank"));
    assert.equal(ranking.length, 1);
    for (const { text } of ranking) {
      assert.match(text, /order by d\.created_at desc, d\.id desc limit \$\d+\)/);
      const types =
        "text[], text[], timestamptz[], text, text[], text, text, uuid, uuid, timestamptz, timestamptz, bigint, bigint";
      await admin.query(`set plan_cache_mode = force_generic_plan; prepare asked (${types}) as ${text}`);
      const { rows } = await admin.query(
        `explain execute asked (array['a'], array['b'], array[now()], 'a', array['a'], 'a', null, null, null, '-infinity', now(), 5, 5)`,
      );
      const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
      assert.match(plan, /Bitmap Index Scan on search_documents_words/);
      assert.doesNotMatch(plan, /Seq Scan/);
    }
  });
});
