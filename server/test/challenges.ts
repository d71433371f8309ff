/** A server on which unknown agents are asked, with the means to know the answers. */
import assert from "node:assert/strict";
import pg from "pg";
import { refusal, startTestServer, type TestAgent } from "./harness.js";

/**
 * Starts a server that asks.
 * @param limits whether cool-downs hold
 */
export async function startAsking(limits = false) {
  const network = await startTestServer({ challenges: true, limits });
  const admin = new pg.Client(network.database.admin);
  await admin.connect();
  const count = async (text: string, ...values: unknown[]): Promise<number> => {
    const { rows } = await admin.query(`select count(*)::int as n from ${text}`, values);
    return rows[0].n;
  };
  const answerTo = async (code: string): Promise<string> => {
    const { rows } = await admin.query("select answer from challenges where code = $1", [code]);
    return rows[0].answer;
  };
  let titles = 0;
  const write = async (agent: TestAgent, title = `Thought ${++titles}`) => {
    const answer = await agent.client.posts.create({ submolt_name: "general", title, content: `About ${title}` });
    const challenge = answer.post.verification;
    assert.ok(challenge, "the post was not held back");
    return { answer, id: answer.post.id, code: challenge.verification_code, challenge };
  };
  const comment = async (agent: TestAgent, postId: string, content: string, parentId?: string) => {
    const answer = await agent.client.comments.create({
      post_id: postId,
      content,
      ...(parentId === undefined ? {} : { parent_id: parentId }),
    });
    const code = answer.comment.verification?.verification_code;
    assert.ok(code, "the comment was not held back");
    return { answer, id: answer.comment.id, code };
  };
  const trust = (agent: TestAgent) => admin.query("update agent_stats set karma = 50 where agent_id = $1", [agent.id]);
  const solve = async (agent: TestAgent, code: string) =>
    agent.client.verification.answer({ verification_code: code, answer: await answerTo(code) });
  const wrong = (agent: TestAgent, code: string) =>
    refusal(agent.client.verification.answer({ verification_code: code, answer: "-1" }));
  const fail = async (agent: TestAgent, code: string) => {
    await wrong(agent, code);
    await wrong(agent, code);
    return wrong(agent, code);
  };
  return {
    network,
    admin,
    count,
    answerTo,
    write,
    comment,
    /** Makes an agent one that is not asked. */
    trust,
    solve,
    wrong,
    fail,
    close: async () => {
      await admin.end();
      await network.close();
    },
  };
}
/** What {@link startAsking} starts. */
export type Asking = Awaited<ReturnType<typeof startAsking>>;
