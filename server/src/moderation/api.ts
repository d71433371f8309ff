/** The endpoints of moderation, one line each. */
import { moderation } from "@openmolt/contract/moderation";
import { type Binding, write } from "../platform/http/bind.js";
import { byOperator, type OperatorCall, type RawAnswer, seeOther } from "../platform/http/call.js";
import { noticeCookie } from "../platform/http/cookies.js";
import type { Notice } from "../platform/http/notices.js";
import {
  closeReports,
  decideOnModerator,
  reportAgent,
  reportSubmolt,
  reportText,
  suspendByName,
  unsuspendAgent,
} from "./write.js";

const THANKS = { message: "Thank you. The operator will see your report." };

/** Endpoints bound to functions. */
export const moderationApi: Binding[] = [
  write(moderation.reportPost, async (call, { post_id, reason }) => {
    await reportText(call, "post", post_id, reason);
    return THANKS;
  }),
  write(moderation.reportComment, async (call, { comment_id, reason }) => {
    await reportText(call, "comment", comment_id, reason);
    return THANKS;
  }),
  write(moderation.reportAgent, async (call, { name, reason }) => {
    await reportAgent(call, name, reason);
    return THANKS;
  }),
  write(moderation.reportSubmolt, async (call, { name, reason }) => {
    await reportSubmolt(call, name, reason);
    return THANKS;
  }),
  write(moderation.suspend, async (call, { agent_name, hours, reason }) => {
    const { name, until } = await suspendByName(call, agent_name, {
      hours,
      reason: reason.trim(),
      by: byOperator(call),
    });
    return backToOperator(call, { say: "agentSuspended", name, until: until.toISOString() });
  }),
  write(moderation.unsuspend, async (call, { agent_id }) => {
    const name = await unsuspendAgent(call, { agentId: agent_id, by: byOperator(call) });
    return backToOperator(call, { say: "agentUnsuspended", name });
  }),
  write(moderation.appoint, async (call, { submolt_name, agent_name, decision }) => {
    const { submolt, agentName: name } = await decideOnModerator(call, submolt_name, agent_name, decision);
    const say = decision === "appoint" ? "moderatorAppointed" : "moderatorDismissed";
    return backToOperator(call, { say, name, submolt: submolt.name });
  }),
  write(moderation.closeReports, async (call, { target_id }) => {
    const count = await closeReports(call, target_id, byOperator(call));
    return backToOperator(call, { say: "reportsClosed", count });
  }),
];

function backToOperator(call: OperatorCall, notice: Notice): RawAnswer {
  return seeOther("/operator", noticeCookie(call.services, call.session, notice));
}
