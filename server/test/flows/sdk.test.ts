/** The SDK as its users have it, repeats and all, against the real server; and its page, whose code is run. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import type { EventView } from "@openmolt/contract/events";
import { ApiError, type ClientOptions, createClient, hasCode } from "@openmolt/sdk";
import { type Asking, startAsking } from "../challenges.js";
import { assertFits, refusal, type TestAgent } from "../harness.js";

const PAGE = new URL("../../../../docs/sdk.md", import.meta.url);

describe("the SDK", () => {
  let asking: Asking;
  before(async () => {
    asking = await startAsking();
  });
  after(() => asking.close());

  const clientOf = (agent: TestAgent, options: Partial<ClientOptions> = {}) =>
    createClient({ baseUrl: asking.network.url, apiKey: agent.key, onAnswer: assertFits, ...options });
  const trusted = async (): Promise<TestAgent> => {
    const agent = await asking.network.agent();
    await asking.trust(agent);
    return agent;
  };
  /** A fetch that loses answers on their way back. */
  const losing = (lost: number): typeof fetch => {
    let left = lost;
    return async (...request) => {
      const answer = await fetch(...request);
      if (left-- <= 0) return answer;
      await answer.arrayBuffer();
      throw new TypeError("The answer was lost");
    };
  };
  const repeat = { wait: async () => undefined };

  it("writes once what it had to send three times", async () => {
    const agent = await trusted();
    const client = clientOf(agent, { repeat, fetch: losing(2) });
    const { post } = await client.posts.create({ submolt_name: "general", title: "Sent three times" });
    const { comment } = await clientOf(agent, { repeat, fetch: losing(1) }).comments.create({
      post_id: post.id,
      content: "And once more",
    });
    const voter = clientOf(await trusted(), { repeat, fetch: losing(3) });
    assert.equal((await voter.votes.upvotePost({ post_id: post.id })).upvotes, 1);
    const { posts } = await client.feeds.author({ name: agent.name });
    assert.deepEqual(
      posts.map(({ id, upvotes, comment_count }) => [id, upvotes, comment_count]),
      [[post.id, 1, 1]],
    );
    assert.equal((await client.comments.get({ comment_id: comment.id })).comment.content, "And once more");
  });

  it("does not repeat what it was told not to", async () => {
    const once = clientOf(await trusted(), { repeat: false, fetch: losing(1) });
    assert.equal((await refusal(once.posts.create({ submolt_name: "general", title: "Sent once" }))).code, "NETWORK");
    assert.equal(await asking.count("posts where title = 'Sent once'"), 1);
  });

  it("walks every post once, newest first, whatever the size of the page", async () => {
    const agent = await trusted();
    const client = clientOf(agent);
    for (const title of ["one", "two", "three", "four", "five"]) {
      await client.posts.create({ submolt_name: "general", title: `Walk ${title}` });
    }
    const titles: string[] = [];
    for await (const { title } of client.each.feeds.author({ name: agent.name, limit: 2 })) titles.push(title);
    assert.deepEqual(titles, ["Walk five", "Walk four", "Walk three", "Walk two", "Walk one"]);
    let pages = 0;
    for await (const { posts } of client.pages.feeds.author({ name: agent.name, limit: 2 }))
      pages += posts.length > 0 ? 1 : 0;
    assert.equal(pages, 3);
    await asking.network.settle();
    const found: string[] = [];
    for await (const { title } of client.each.search.find({ q: "walk", limit: 2 })) found.push(title ?? "");
    assert.equal(found.filter((title) => title.startsWith("Walk")).length, 5);
    const conversations: unknown[] = [];
    for await (const each of client.each.messages.conversations()) conversations.push(each);
    assert.deepEqual(conversations, []);
  });

  it("has what was held back published by the answer of the hook", async () => {
    const agent = await asking.network.agent();
    const tries: number[] = [];
    const onChallenge: ClientOptions["onChallenge"] = async ({ verification_code, tries_left }) => {
      tries.push(tries_left);
      return tries_left === 3 ? "-1" : asking.answerTo(verification_code);
    };
    const client = clientOf(agent, { onChallenge });
    const { post, visible, verification_required } = await client.posts.create({
      submolt_name: "general",
      title: "Solved at the second try",
    });
    assert.deepEqual([visible, verification_required, tries], [true, undefined, [3, 2]]);
    const seen = await asking.network.anonymous.posts.get({ post_id: post.id });
    assert.equal(seen.post.verification_status, post.verification_status);
    const { comment } = await client.comments.create({ post_id: post.id, content: "Solved as well" });
    assert.equal((await asking.network.anonymous.comments.get({ comment_id: comment.id })).comment.id, comment.id);
    const waiting = await clientOf(agent, { onChallenge: () => undefined }).posts.create({
      submolt_name: "general",
      title: "Left to wait",
    });
    assert.equal(waiting.visible, false);
    assert.equal((await client.verification.pending()).count, 1);
  });

  it("works with tokens alone, and renews one that was revoked", async () => {
    const agent = await trusted();
    const shown: string[] = [];
    const client = clientOf(agent, {
      tokens: { scope: "read post" },
      fetch: (url, init) => {
        const { pathname } = new URL(String(url));
        shown.push(`${pathname} ${new Headers(init?.headers).get("authorization")}`);
        return fetch(url, init);
      },
    });
    await client.posts.create({ submolt_name: "general", title: "By token" });
    assert.deepEqual(shown[0], `/api/v1/oauth/token Bearer ${agent.key}`);
    const token = /Bearer (moltbook_at_\w+)$/.exec(shown[1] ?? "")?.[1] ?? "";
    assert.ok(token, shown[1]);
    await asking.network.anonymous.keys.revokeToken({ token });
    assert.equal((await client.agents.me()).agent.name, agent.name);
    assert.ok(!shown.at(-1)?.includes(token) && !shown.at(-1)?.includes(agent.key));
    const vote = await refusal(client.votes.upvotePost({ post_id: "00000000-0000-7000-8000-000000000000" }));
    assert.ok(hasCode(vote, "KEY_SCOPE"));
    assert.ok((await client.keys.list()).keys.length > 0);
  });

  it("follows the history over a cut connection without a gap", async () => {
    const agent = await trusted();
    let cuts = 0;
    const cutting: typeof fetch = async (url, init) => {
      const answer = await fetch(url, init);
      if (!answer.headers.get("content-type")?.startsWith("text/event-stream") || cuts >= 3) return answer;
      cuts += 1;
      const reader = answer.body?.getReader();
      const body = new ReadableStream({
        pull: async (controller) => {
          const part = await reader?.read();
          controller.enqueue(part?.value);
          if (new TextDecoder().decode(part?.value).includes("data:")) {
            await reader?.cancel();
            controller.error(new Error("cut"));
          }
        },
      });
      return new Response(body, { headers: answer.headers });
    };
    const { head } = await agent.client.events.list({ limit: 1 });
    const client = clientOf(agent, { repeat, fetch: cutting });
    for (const title of ["first", "second", "third", "fourth"]) {
      await client.posts.create({ submolt_name: "general", title: `Heard ${title}` });
    }
    const heard: EventView[] = [];
    for await (const event of client.follow({ after: head })) {
      heard.push(event);
      if (event.title === "Heard fourth") break;
    }
    const titles = heard.map(({ title }) => title).filter((title) => title?.startsWith("Heard"));
    assert.deepEqual(titles, ["Heard first", "Heard second", "Heard third", "Heard fourth"]);
    assert.deepEqual(
      heard.map(({ position }) => position),
      heard.map((_, index) => head + 1 + index),
    );
    assert.ok(cuts > 0);
  });

  it("does what its page shows", async () => {
    const text = await readFile(fileURLToPath(PAGE), "utf8");
    const blocks = [...text.matchAll(/^```js\n(.*?)^```/gms)].map(([, code = ""]) => code);
    assert.ok(blocks.length >= 7);
    const known = { createClient, hasCode, ApiError };
    const imported: string[] = [];
    const code = blocks
      .join("\n")
      .replace(/^import \{ (.*) \} from "@openmolt\/sdk";$/gm, (_, names: string) => {
        imported.push(...names.split(", "));
        return "";
      })
      .replaceAll("http://localhost:3000", asking.network.url)
      .replace(/const client = /, "await trust(agent);\n$&");
    const trust = ({ id }: { id: string }) => asking.trust({ id } as TestAgent);
    const run = Object.getPrototypeOf(async () => undefined).constructor;
    const names = imported.filter((name): name is keyof typeof known => name in known);
    assert.deepEqual(names, imported);
    const console = { log: () => undefined };
    await run(
      ...names,
      "trust",
      "solve",
      "console",
      `${code}\nreturn visible;`,
    )(...names.map((name) => known[name]), trust, () => "0", console);
  });
});
