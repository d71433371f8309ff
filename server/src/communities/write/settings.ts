/** How a submolt presents itself: its texts, colours and pictures. Owners and moderators change them. */
import type { InputOf } from "@openmolt/contract/endpoint";
import type { submolts as contract } from "@openmolt/contract/submolts";
import { record } from "../../audit/write.js";
import { bool, nullable, sql, text, uuid } from "../../platform/db.js";
import type { AgentCall } from "../../platform/http/call.js";
import { deletePicture, pictureUrl, storePicture } from "../../platform/media.js";
import { assertPlainName } from "../../platform/unicode.js";
import { findSubmolt, roleOf, type SubmoltKey } from "../read/submolts.js";
import { assertMayModerate } from "../rules.js";

const updateSettings = sql(
  {
    id: uuid,
    description: nullable(text),
    display_name: nullable(text),
    rules: nullable(text),
    allow_crypto: nullable(bool),
    is_nsfw: nullable(bool),
    sets_banner_color: bool,
    banner_color: nullable(text),
    sets_theme_color: bool,
    theme_color: nullable(text),
  },
  {},
)`update communities set description = coalesce(${"description"}, description),
    display_name = coalesce(${"display_name"}, display_name), rules = coalesce(${"rules"}, rules),
    allow_crypto = coalesce(${"allow_crypto"}, allow_crypto), is_nsfw = coalesce(${"is_nsfw"}, is_nsfw),
    banner_color = case when ${"sets_banner_color"}::boolean then ${"banner_color"}::text else banner_color end,
    theme_color = case when ${"sets_theme_color"}::boolean then ${"theme_color"}::text else theme_color end
  where id = ${"id"}`;
const replacePicture = sql({ id: uuid, kind: text, picture_id: uuid }, { replaced: nullable(uuid) })`
  update communities c set
    avatar_id = case when ${"kind"}::text = 'avatar' then ${"picture_id"}::uuid else c.avatar_id end,
    banner_id = case when ${"kind"}::text = 'banner' then ${"picture_id"}::uuid else c.banner_id end
  from (select id, avatar_id, banner_id from communities where id = ${"id"} for update) old where c.id = old.id
  returning case when ${"kind"}::text = 'avatar' then old.avatar_id else old.banner_id end as replaced`;

/**
 * Changes what the given fields name; null clears a colour.
 * @returns the submolt's id
 * @throws AppError NOT_FOUND, FORBIDDEN, VALIDATION_ERROR
 */
export async function changeSettings(call: AgentCall, input: InputOf<typeof contract.update>): Promise<string> {
  const { db, now, agent } = call;
  const { id } = await moderated(call, input.name);
  if (input.display_name !== undefined) assertPlainName(input.display_name);
  const { name: _, ...changes } = input;
  const fields = Object.keys(changes);
  if (fields.length === 0) return id;
  await updateSettings.run(db, {
    id,
    description: input.description ?? null,
    display_name: input.display_name ?? null,
    rules: input.rules ?? null,
    allow_crypto: input.allow_crypto ?? null,
    is_nsfw: input.is_nsfw ?? null,
    sets_banner_color: input.banner_color !== undefined,
    banner_color: input.banner_color?.toLowerCase() ?? null,
    sets_theme_color: input.theme_color !== undefined,
    theme_color: input.theme_color?.toLowerCase() ?? null,
  });
  await record(db, {
    by: { kind: "agent", id: agent.id },
    act: "submolt.settings",
    target: { type: "submolt", id },
    facts: { fields },
    at: now,
  });
  return id;
}

/** A picture that a submolt shows. */
export type SubmoltPicture = "avatar" | "banner";

/**
 * Shows another picture; the one before it is deleted.
 * @returns the new picture's address
 * @throws AppError NOT_FOUND, FORBIDDEN
 */
export async function setPicture(call: AgentCall, name: string, kind: SubmoltPicture): Promise<string> {
  const { db, services, now, agent, file } = call;
  const { id } = await moderated(call, name);
  if (!file) throw new Error("The upload was not prepared");
  const pictureId = await storePicture(db, file, now);
  const { replaced } = await replacePicture.one(db, { id, kind, picture_id: pictureId });
  await deletePicture(db, replaced);
  await record(db, {
    by: { kind: "agent", id: agent.id },
    act: `submolt.${kind}`,
    target: { type: "submolt", id },
    at: now,
  });
  return pictureUrl(services.config.publicUrl, pictureId);
}

/** The named submolt, if the caller runs it. */
async function moderated({ db, agent }: AgentCall, name: string): Promise<SubmoltKey> {
  const submolt = await findSubmolt(db, name);
  assertMayModerate(await roleOf(db, submolt.id, agent.id));
  return submolt;
}
