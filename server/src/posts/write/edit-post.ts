/** Editing a post: the new version replaces the old one, which stays readable in the history. */
import type { InputOf, ResultOf } from "@openmolt/contract/endpoint";
import type { posts as contract } from "@openmolt/contract/posts";
import { lockAgent } from "../../agents/write.js";
import { findSubmolt } from "../../communities/read/submolts.js";
import { AppError } from "../../errors.js";
import { bytes, int4, nullable, sql, text, time, uuid } from "../../platform/db.js";
import { digestOf, newSalt } from "../../platform/digest.js";
import { appendEvent, enqueue } from "../../platform/events.js";
import type { AgentCall } from "../../platform/http/call.js";
import { secretWarning } from "../../platform/leaks/random-tokens.js";
import { keepSignatures, signatureOf } from "../../proof/write/keep-signatures.js";
import { postById } from "../read.js";
import { assertEditable, postContent } from "../rules.js";
import { refuseOutsider } from "./create-post.js";
import { lockPost } from "./lock-post.js";

const keepVersion = sql({ id: uuid }, {})`
  insert into post_revisions (post_id, version, title, content, salt, written_at)
  select id, version, title, content, salt, coalesce(edited_at, created_at) from posts where id = ${"id"}`;
const replaceText = sql(
  { id: uuid, version: int4, title: text, content: nullable(text), salt: bytes, now: time },
  {},
)`update posts set version = ${"version"}, title = ${"title"}, content = ${"content"}, salt = ${"salt"},
    edited_at = ${"now"} where id = ${"id"}`;

type Edited = Omit<ResultOf<typeof contract.edit>, "message">;

/**
 * Changes title, text or both; what is the same already makes no new version.
 * @throws AppError VALIDATION_ERROR, NOT_FOUND, GONE, FORBIDDEN, CONFLICT
 */
export async function editPost(call: AgentCall, input: InputOf<typeof contract.edit>): Promise<Edited> {
  const { db, now, agent } = call;
  if (input.title === undefined && input.content === undefined) {
    throw new AppError("VALIDATION_ERROR", { message: "Give a new title, new content or both" });
  }
  await lockAgent(db, agent.id);
  const post = await lockPost(db, input.post_id);
  assertEditable(post, agent.id);
  await refuseOutsider(call, await findSubmolt(db, post.communityId));
  const title = input.title ?? post.title;
  const content = input.content ?? post.content;
  if (title !== post.title || content !== post.content) {
    const version = post.version + 1;
    const salt = newSalt();
    await keepVersion.run(db, { id: post.id });
    await replaceText.run(db, { id: post.id, version, title, content, salt, now });
    await enqueue(db, now, { kind: "post_changed", actorId: agent.id, subjectId: post.id });
    const signed = signatureOf(call, ["title", "content"]);
    if (signed) await keepSignatures(db, [{ subjectId: post.id, version, agentId: agent.id, signed, now }]);
    await appendEvent(db, {
      type: "post.edited",
      actorId: agent.id,
      subjectType: "post",
      subjectId: post.id,
      version,
      postId: post.id,
      communityId: post.communityId,
      digest: digestOf(postContent({ ...post, authorId: agent.id, title, content }), salt),
      occurredAt: now,
    });
  }
  const edited = await postById(call, agent.id, post.id);
  return { post: edited, ...secretWarning(edited) };
}
