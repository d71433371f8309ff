/** The forms of organisations and access reviews, one line each; each leads back to the page it came from. */
import { organisations } from "@openmolt/contract/organisations";
import { reviews } from "@openmolt/contract/reviews";
import { type Binding, readPrivate, write } from "../platform/http/bind.js";
import { type OwnerCall, seeOther } from "../platform/http/call.js";
import { noticeCookie } from "../platform/http/cookies.js";
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
    toOrganisation(call, await foundOrganisation(call, input), "It is founded."),
  ),
  write(organisations.invite, async (call, input) => {
    const link = await invite(call, input);
    if (link === undefined)
      return toOrganisation(call, input.organisation_id, "A mail with the invitation is on its way.");
    const text = "Hand this link to the new member; it works once, within 7 days:";
    return toOrganisation(call, input.organisation_id, text, link);
  }),
  write(organisations.withdraw, async (call, input) => {
    await withdrawInvitation(call, input);
    return toOrganisation(call, input.organisation_id, "The invitation has ended.");
  }),
  write(organisations.join, async (call, input) => {
    const { id, name } = await joinOrganisation(call, input);
    return toOrganisation(call, id, `You are a member of ${name}.`);
  }),
  write(organisations.setRole, async (call, input) => {
    const name = await setRole(call, input);
    return toOrganisation(call, input.organisation_id, `${name} is ${input.role} now.`);
  }),
  write(organisations.remove, async (call, input) => {
    const name = await removeMember(call, input);
    return toOrganisation(call, input.organisation_id, `${name} is no member any more.`);
  }),
  write(organisations.leave, async (call, input) => {
    const name = await leaveOrganisation(call, input);
    return toOrganisations(call, `You have left ${name}; your agents came with you.`);
  }),
  write(organisations.dissolve, async (call, input) => {
    const name = await dissolveOrganisation(call, input);
    return toOrganisations(call, `${name} has ended; its agents are yours alone.`);
  }),
  write(organisations.addAgent, async (call, input) => {
    const name = await shareAgent(call, input);
    return toOrganisation(call, input.organisation_id, `${name} is shared.`);
  }),
  write(organisations.removeAgent, async (call, input) => {
    const name = await unshareAgent(call, input);
    return toOrganisation(call, input.organisation_id, `${name} is its owner's alone.`);
  }),
  readPrivate(reviews.list, openReviewFile),
  readPrivate(reviews.record, recordFile),
  write(reviews.decide, async (call, input) => {
    const count = await decideRows(call, input);
    const rows = count === 1 ? "One row is" : `${count} rows are`;
    const text = `${rows} ${input.decision === "confirm" ? "confirmed" : "revoked"}.`;
    return toReview(call, input.organisation_id, text);
  }),
  write(reviews.sign, async (call, input) => {
    await signReview(call, input);
    return toReview(call, input.organisation_id, "The review is signed.");
  }),
];

function toOrganisation(call: OwnerCall, id: string, text: string, secret?: string) {
  const notice = secret === undefined ? { text } : { text, secret };
  return seeOther(`/owner/organisations/${id}`, noticeCookie(call.services, call.session, notice));
}

function toReview(call: OwnerCall, organisationId: string | undefined, text: string) {
  const path =
    organisationId === undefined ? "/owner/review" : (`/owner/organisations/${organisationId}/review` as const);
  return seeOther(path, noticeCookie(call.services, call.session, { text }));
}

function toOrganisations(call: OwnerCall, text: string) {
  return seeOther("/owner/organisations", noticeCookie(call.services, call.session, { text }));
}
