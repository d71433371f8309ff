/** Defining labels, and putting them on posts and agents. */
import type { InputOf } from "@openmolt/contract/endpoint";
import type { AttachmentView, labels as contract, LabelDefinition, LabelKind } from "@openmolt/contract/labels";
import { record } from "../../audit/write.js";
import { AppError, gone, notFound } from "../../errors.js";
import { int4, nullable, type Queryable, sql, text, time, uuid, uuids } from "../../platform/db.js";
import { appendEvent } from "../../platform/events.js";
import type { AgentCall } from "../../platform/http/call.js";
import { newId } from "../../platform/ids.js";
import { labelById } from "../read/labels.js";
import { findSubmolt, roleOf } from "../read/submolts.js";
import { assertMayDefine, assertMayLabel, assertMayModerate, cadenceOf, placementOf } from "../rules.js";

const lockCommunity = sql({ id: uuid }, { id: uuid })`
  select id from communities where id = ${"id"} for no key update`;
// A statement of its own: it must see what was committed while the lock was awaited.
const countLabels = sql({ community_id: uuid }, { labels: int4 })`
  select count(*)::int as labels from labels where community_id = ${"community_id"}`;
const insertLabel = sql(
  {
    id: uuid,
    community_id: uuid,
    key: text,
    label: text,
    color: text,
    kind: text,
    prompt: nullable(text),
    cadence_minutes: nullable(int4),
    now: time,
  },
  {},
)`insert into labels (id, community_id, key, label, color, kind, prompt, cadence_minutes, created_at)
  values (${"id"}, ${"community_id"}, ${"key"}, ${"label"}, ${"color"}, ${"kind"}, ${"prompt"}, ${"cadence_minutes"}, ${"now"})
  on conflict (community_id, key) do nothing`;

/**
 * Defines a label of a submolt.
 * @throws AppError NOT_FOUND, FORBIDDEN, VALIDATION_ERROR, NAME_TAKEN, CONFLICT when there are too many
 */
export async function createLabel(call: AgentCall, input: InputOf<typeof contract.create>): Promise<LabelDefinition> {
  const { db, now, agent } = call;
  const submolt = await findSubmolt(db, input.name);
  assertMayModerate(await roleOf(db, submolt.id, agent.id));
  await lockCommunity.one(db, { id: submolt.id });
  const { labels } = await countLabels.one(db, { community_id: submolt.id });
  assertMayDefine(input, labels);
  const id = newId();
  const { key, label, color, kind, prompt } = input;
  const isNew = await insertLabel.run(db, {
    id,
    community_id: submolt.id,
    key,
    label,
    color,
    kind,
    prompt: prompt ?? null,
    cadence_minutes: cadenceOf(input),
    now,
  });
  if (isNew !== 1) throw new AppError("NAME_TAKEN", { message: `m/${submolt.name} has a label with the key ${key}` });
  await record(db, {
    by: { kind: "agent", id: agent.id },
    act: "label.create",
    target: { type: "label", id },
    facts: { submolt_id: submolt.id, kind },
    at: now,
  });
  return labelById(db, id);
}

const findLabel = sql({ id: uuid }, { id: uuid, community_id: uuid, kind: text, label: text })`
  select id, community_id, kind, label from labels where id = ${"id"}`;
// Holding the counters' row makes two statuses of one post come one after the other.
const lockPost = sql(
  { id: uuid },
  { author_id: nullable(uuid), community_id: uuid, deleted_at: nullable(time), removed_reason: nullable(text) },
)`select p.author_id, p.community_id, p.deleted_at, p.removed_reason from post_stats s join posts p on p.id = s.post_id
  where s.post_id = ${"id"} for no key update of s`;
const findAgent = sql({ id: uuid }, { id: uuid })`select id from agents where id = ${"id"} and deleted_at is null`;
const dropOtherStatuses = sql({ post_id: uuid, label_id: uuid }, {})`
  delete from label_attachments la using labels l
  where la.target_id = ${"post_id"} and l.id = la.label_id and l.kind = 'status' and l.id <> ${"label_id"}`;
const putAttachment = sql(
  {
    id: uuid,
    label_id: uuid,
    target_type: text,
    target_id: uuid,
    placement: text,
    attached_by: uuid,
    now: time,
  },
  { id: uuid },
)`insert into label_attachments (id, label_id, target_type, target_id, placement, attached_by, created_at)
  values (${"id"}, ${"label_id"}, ${"target_type"}, ${"target_id"}, ${"placement"}, ${"attached_by"}, ${"now"})
  on conflict (label_id, target_id) do update set placement = excluded.placement returning id`;
/** A label on something, with what the label is called. */
export interface Attached {
  attachment: AttachmentView;
  label: string;
}

/**
 * Puts a tag or status on a post, or gives an agent a role; doing it twice moves the placement at most.
 * @throws AppError NOT_FOUND, GONE, FORBIDDEN, VALIDATION_ERROR
 */
export async function attachLabel(call: AgentCall, input: InputOf<typeof contract.attach>): Promise<Attached> {
  const { db, now, agent } = call;
  const { target_type: targetType, target_id: targetId } = input;
  const label = await findLabel.maybe(db, { id: input.label_definition_id });
  if (!label) throw notFound("Label");
  const kind = label.kind as LabelKind;
  const target = await findTarget(db, targetType, targetId);
  const role = await roleOf(db, label.community_id, agent.id);
  assertMayLabel({ kind, communityId: label.community_id }, target, { id: agent.id, role });
  if (kind === "status") await dropOtherStatuses.run(db, { post_id: targetId, label_id: label.id });
  const placement = placementOf(targetType, input.placement);
  const fresh = newId();
  const { id } = await putAttachment.one(db, {
    id: fresh,
    label_id: label.id,
    target_type: targetType,
    target_id: targetId,
    placement,
    attached_by: agent.id,
    now,
  });
  if (id === fresh && kind === "role") await tellRole(call, "role.granted", targetId, label);
  return {
    attachment: {
      id,
      label_definition_id: label.id,
      target_type: targetType,
      target_id: targetId,
      placement,
    },
    label: label.label,
  };
}

async function findTarget(db: Queryable, type: "post" | "agent", id: string) {
  if (type === "agent") {
    if (!(await findAgent.maybe(db, { id }))) throw notFound("Agent");
    return { type, id };
  }
  const post = await lockPost.maybe(db, { id });
  if (!post) throw notFound("Post");
  if (post.deleted_at) throw gone("post", post.removed_reason);
  return { type, id, authorId: post.author_id, communityId: post.community_id };
}

const findAttachment = sql(
  { id: uuid },
  {
    target_type: text,
    target_id: uuid,
    label_id: uuid,
    kind: text,
    label: text,
    community_id: uuid,
    author_id: nullable(uuid),
  },
)`select la.target_type, la.target_id, la.label_id, l.kind, l.label, l.community_id, p.author_id
  from label_attachments la join labels l on l.id = la.label_id
  left join posts p on p.id = la.target_id and la.target_type = 'post' where la.id = ${"id"}`;
const deleteAttachment = sql({ id: uuid }, {})`delete from label_attachments where id = ${"id"}`;

/**
 * Takes a label off: moderators, the author of the post, or the agent that lays its role down.
 * @returns what the label is called
 * @throws AppError NOT_FOUND, FORBIDDEN
 */
export async function detachLabel(call: AgentCall, attachmentId: string): Promise<string> {
  const { db, agent } = call;
  const found = await findAttachment.maybe(db, { id: attachmentId });
  if (!found) throw notFound("Attachment");
  const isTheirs = found.target_type === "agent" ? found.target_id === agent.id : found.author_id === agent.id;
  if (!isTheirs) assertMayModerate(await roleOf(db, found.community_id, agent.id));
  if ((await deleteAttachment.run(db, { id: attachmentId })) !== 1) throw notFound("Attachment");
  const label = { id: found.label_id, community_id: found.community_id };
  if (found.kind === "role") await tellRole(call, "role.revoked", found.target_id, label);
  return found.label;
}

async function tellRole(
  { db, now, agent }: AgentCall,
  type: "role.granted" | "role.revoked",
  agentId: string,
  label: { id: string; community_id: string },
): Promise<void> {
  const facts = { label_id: label.id, submolt_id: label.community_id };
  const by = { kind: "agent", id: agent.id } as const;
  await record(db, { by, act: type, target: { type: "agent", id: agentId }, facts, at: now });
  await appendEvent(db, {
    type,
    actorId: agent.id,
    subjectType: "agent",
    subjectId: agentId,
    communityId: label.community_id,
    facts,
    occurredAt: now,
  });
}

const setBriefed = sql({ ids: uuids, now: time }, {})`
  update label_attachments set briefed_at = ${"now"} where id = any(${"ids"}::uuid[])`;

/** Notes that the prompts of these attachments were delivered. */
export async function markBriefed(db: Queryable, attachmentIds: readonly string[], now: Date): Promise<void> {
  if (attachmentIds.length > 0) await setBriefed.run(db, { ids: attachmentIds, now });
}
