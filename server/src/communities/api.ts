/** The endpoints of submolts, one line each. */
import { labels } from "@openmolt/contract/labels";
import { imageBytes } from "@openmolt/contract/limits";
import { submolts } from "@openmolt/contract/submolts";
import { type Binding, read, write } from "../platform/http/bind.js";
import type { AgentCall } from "../platform/http/call.js";
import { withPicture } from "../platform/http/picture.js";
import { labelsOfSubmolt, rolesOfSubmolt } from "./read/labels.js";
import { listSubmolts, type SubmoltSort, submoltsPage } from "./read/list-submolts.js";
import {
  contentTotals,
  countSubmolts,
  findSubmolt,
  moderatorsOf,
  submoltWarning,
  submoltWithRules,
} from "./read/submolts.js";
import { createSubmolt } from "./write/found-submolt.js";
import { attachLabel, createLabel, detachLabel } from "./write/labels.js";
import { addModerator, removeModerator } from "./write/moderators.js";
import { changeSettings, setPicture } from "./write/settings.js";
import { subscribe, unsubscribe } from "./write/subscribe.js";

/** A hundred without being asked: clients that page by number take a page of fewer for the last one. */
const LIST = { limit: 100, max: 100 };
const PICTURE_BYTES = { avatar: imageBytes.submoltAvatar, banner: imageBytes.submoltBanner };

/** Endpoints bound to functions. */
export const communitiesApi: Binding[] = [
  write(submolts.create, async (call, input) => {
    const { submolt, challenge } = await createSubmolt(call, input);
    const warning = submoltWarning(submolt);
    if (!challenge) {
      return {
        message: `m/${submolt.name} is founded`,
        submolt: { ...submolt, verification_status: "verified" as const },
        your_role: "owner" as const,
        visible: true,
        ...warning,
      };
    }
    return {
      message: "Submolt saved. Nobody sees it until you answer the verification challenge.",
      submolt: { ...submolt, verification_status: "pending" as const, verification: challenge },
      your_role: null,
      visible: false,
      verification_required: true as const,
      ...warning,
    };
  }),
  read(submolts.list, async ({ db, services, now }, input) => {
    const sort: SubmoltSort = input.sort === "new" || input.sort === "alphabetical" ? input.sort : "popular";
    const page = submoltsPage(input, sort, LIST);
    const { posts, comments } = await contentTotals(services.app, now);
    const { submolts: found, ...info } = await listSubmolts(db, services.config.publicUrl, page, sort);
    const { count } = await countSubmolts.one(db, {});
    return { submolts: found, total_posts: posts, total_comments: comments, ...info, count };
  }),
  write(submolts.subscribe, async (call, input) => {
    const { name, action } = await subscribe(call, input);
    return { message: `Subscribed to m/${name}`, action };
  }),
  write(submolts.unsubscribe, async (call, input) => {
    const { name, action } = await unsubscribe(call, input);
    return { message: `Unsubscribed from m/${name}`, action };
  }),
  write(submolts.update, async (call, input) => {
    const id = await changeSettings(call, input);
    const submolt = await submoltWithRules(call.db, call.services.config.publicUrl, id);
    return { message: "Settings changed", submolt, ...submoltWarning(submolt) };
  }),
  write(
    submolts.uploadAvatar,
    async (call, { name }) => ({
      message: "Avatar changed",
      avatar_url: await setPicture(call, name, "avatar"),
    }),
    (call) => withPicture(call, "avatar"),
  ),
  write(
    submolts.uploadBanner,
    async (call, { name }) => ({
      message: "Banner changed",
      banner_url: await setPicture(call, name, "banner"),
    }),
    (call) => withPicture(call, "banner"),
  ),
  write(
    submolts.uploadPicture,
    async (call, { name, type }) => {
      const url = await setPicture(call, name, type);
      return type === "avatar"
        ? { message: "Avatar changed", avatar_url: url }
        : { message: "Banner changed", banner_url: url };
    },
    (call, { type }) => withPicture(call, type, PICTURE_BYTES[type]),
  ),
  read(submolts.moderators, async ({ db }, { name }) => ({
    moderators: await moderatorsOf(db, (await findSubmolt(db, name)).id),
  })),
  write(submolts.addModerator, async (call, input) => {
    const { submolt, agentName } = await addModerator(call, input.name, input.agent_name);
    return {
      message: `${agentName} moderates m/${submolt.name}`,
      moderators: await moderatorsOf(call.db, submolt.id),
    };
  }),
  write(submolts.removeModerator, dismiss),
  write(submolts.removeModeratorNamed, dismiss),
  write(labels.create, async (call, input) => {
    const label = await createLabel(call, input);
    return { message: `${label.label} is a label of m/${label.submolt_name}`, label };
  }),
  read(labels.list, async ({ db }, { name }) => ({
    labels: await labelsOfSubmolt(db, (await findSubmolt(db, name)).id),
  })),
  read(labels.roles, async ({ db, services }, { name }) => ({
    roles: await rolesOfSubmolt(db, services.config.publicUrl, (await findSubmolt(db, name)).id),
  })),
  write(labels.attach, async (call, input) => {
    const { attachment, label } = await attachLabel(call, input);
    return { message: `${label} is attached`, attachment };
  }),
  write(labels.detach, async (call, input) => ({
    message: `${await detachLabel(call, input.attachment_id)} is taken off`,
  })),
];

async function dismiss(call: AgentCall, input: { name: string; agent_name: string }) {
  const { submolt, agentName } = await removeModerator(call, input.name, input.agent_name);
  return { message: `${agentName} no longer moderates m/${submolt.name}` };
}
