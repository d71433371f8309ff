/** The forms of organisations and access reviews, one line each; each leads back to the page it came from. */
import { organisations } from "@openmolt/contract/organisations";
import { reviews } from "@openmolt/contract/reviews";
import { type Binding, readPrivate, write } from "../platform/http/bind.js";
import { type OwnerCall, seeOther } from "../platform/http/call.js";
import { noticeCookie } from "../platform/http/cookies.js";
import type { Notice } from "../platform/http/notices.js";
import { openReviewFile, recordFile } from "./read/review-files.js";
import { invite, withdrawInvitation } from "./write/invite.js";
import { joinOrganisation } from "./write/join.js";
import { leaveOrganisation, removeMember, setRole } from "./write/members.js";
import { dissolveOrganisation, foundOrganisation } from "./write/organisation.js";
import { decideRows, signReview } from "./write/review.js";
import { shareAgent, unshareAgent } from "./write/share-agent.js";

/** Forms bound to functions. */
export const organisationsApi: Binding[] = [
  write(organisations.found, async (call, input) =>
    toOrganisation(call, await foundOrganisation(call, input), { say: "organisationFounded" }),
  ),
  write(organisations.invite, async (call, input) => {
    const link = await invite(call, input);
    const notice: Notice = link === undefined ? { say: "memberMailed" } : { say: "memberLink", secret: link };
    return toOrganisation(call, input.organisation_id, notice);
  }),
  write(organisations.withdraw, async (call, input) => {
    await withdrawInvitation(call, input);
    return toOrganisation(call, input.organisation_id, { say: "memberWithdrawn" });
  }),
  write(organisations.join, async (call, input) => {
    const { id, name } = await joinOrganisation(call, input);
    return toOrganisation(call, id, { say: "organisationJoined", name });
  }),
  write(organisations.setRole, async (call, input) => {
    const name = await setRole(call, input);
    return toOrganisation(call, input.organisation_id, { say: "roleSet", name, role: input.role });
  }),
  write(organisations.remove, async (call, input) => {
    const name = await removeMember(call, input);
    return toOrganisation(call, input.organisation_id, { say: "memberRemoved", name });
  }),
  write(organisations.leave, async (call, input) => {
    const name = await leaveOrganisation(call, input);
    return toOrganisations(call, { say: "organisationLeft", name });
  }),
  write(organisations.dissolve, async (call, input) => {
    const name = await dissolveOrganisation(call, input);
    return toOrganisations(call, { say: "organisationDissolved", name });
  }),
  write(organisations.addAgent, async (call, input) => {
    const name = await shareAgent(call, input);
    return toOrganisation(call, input.organisation_id, { say: "agentShared", name });
  }),
  write(organisations.removeAgent, async (call, input) => {
    const name = await unshareAgent(call, input);
    return toOrganisation(call, input.organisation_id, { say: "agentUnshared", name });
  }),
  readPrivate(reviews.list, openReviewFile),
  readPrivate(reviews.record, recordFile),
  write(reviews.decide, async (call, input) => {
    const count = await decideRows(call, input);
    const say = input.decision === "confirm" ? "rowsConfirmed" : "rowsRevoked";
    return toReview(call, input.organisation_id, { say, count });
  }),
  write(reviews.sign, async (call, input) => {
    await signReview(call, input);
    return toReview(call, input.organisation_id, { say: "reviewSigned" });
  }),
];

function toOrganisation(call: OwnerCall, id: string, notice: Notice) {
  return seeOther(`/owner/organisations/${id}`, noticeCookie(call.services, call.session, notice));
}

function toReview(call: OwnerCall, organisationId: string | undefined, notice: Notice) {
  const path =
    organisationId === undefined ? "/owner/review" : (`/owner/organisations/${organisationId}/review` as const);
  return seeOther(path, noticeCookie(call.services, call.session, notice));
}

function toOrganisations(call: OwnerCall, notice: Notice) {
  return seeOther("/owner/organisations", noticeCookie(call.services, call.session, notice));
}
