/** The endpoints of invitations, one line each. */
import { invitations } from "@openmolt/contract/invitations";
import { type Binding, write } from "../platform/http/bind.js";
import { type OperatorCall, type OwnerCall, type RawAnswer, seeOther } from "../platform/http/call.js";
import { noticeCookie } from "../platform/http/cookies.js";
import { makeInvitation, revokeInvitation } from "./write.js";

/** Endpoints bound to functions. */
export const invitationsApi: Binding[] = [
  write(invitations.make, async (call, input) => shown(call, await makeInvitation(call, input))),
  write(invitations.operatorMake, async (call, input) => shown(call, await makeInvitation(call, input))),
  write(invitations.revoke, async (call, input) => ended(call, await revokeInvitation(call, input))),
  write(invitations.operatorRevoke, async (call, input) => ended(call, await revokeInvitation(call, input))),
];

type PersonCall = OwnerCall | OperatorCall;
const pageOf = ({ session }: PersonCall) => (session.isOperator ? "/operator/invitations" : "/owner/invitations");

function shown(call: PersonCall, code: string): RawAnswer {
  return seeOther(pageOf(call), noticeCookie(call.services, call.session, { say: "invitationMade", secret: code }));
}

function ended(call: PersonCall, prefix: string): RawAnswer {
  return seeOther(pageOf(call), noticeCookie(call.services, call.session, { say: "invitationEnded", prefix }));
}
