/** The endpoints of owners, one line each; forms answer with a redirect, programs get JSON. */

import { claimProofs } from "@openmolt/contract/claim-proofs";
import { invitations } from "@openmolt/contract/invitations";
import { owned } from "@openmolt/contract/owned";
import { account, owners } from "@openmolt/contract/owners";
import { type Binding, read, write } from "../platform/http/bind.js";
import { seeOther } from "../platform/http/call.js";
import { endedCookie, noticeCookie } from "../platform/http/cookies.js";
import type { Notice } from "../platform/http/notices.js";
import { signedIn } from "../platform/http/way-back.js";
import { claimAsOwner, decideClaim, requestApproval } from "./write/decide-claim.js";
import { inviteOwner } from "./write/invite-owner.js";
import { reopenClaim } from "./write/open-claim.js";
import { setMails, setOwnerName } from "./write/owner-name.js";
import { provePlace } from "./write/prove-place.js";
import { refuseTweet, requestAddress, requestEmailProof, requestLogin, requestOwnerSetup } from "./write/send-link.js";
import { signOut } from "./write/sign-in.js";
import { useLink } from "./write/use-link.js";

/** Endpoints bound to functions. */
export const ownersApi: Binding[] = [
  write(owners.verifyEmail, async (call, input) => {
    await requestEmailProof(call, input);
    return call.isForm ? seeOther("/sent") : { message: "If the address is right, a mail with a link is on its way" };
  }),
  write(owners.verifyTweet, async (call) => refuseTweet(call)),
  write(owners.newClaim, async (call) => {
    const { url, code, expiresAt } = await reopenClaim(call);
    return {
      message: "Here is a new claim link; the earlier ones have stopped working",
      claim_url: url,
      verification_code: code,
      expires_at: expiresAt.toISOString(),
    };
  }),
  write(owners.setupEmail, async (call, input) => {
    await requestOwnerSetup(call, input);
    return { message: "If the address is right, a mail with a link is on its way to your owner" };
  }),
  write(account.requestApproval, async (call, input) => {
    await requestApproval(call, input);
    return seeOther(`/claim/${encodeURIComponent(input.claim_token)}`);
  }),
  read(claimProofs.check, async (call, input) => {
    const ticket = await provePlace(call, input);
    return ticket ? signedIn(call, ticket) : seeOther("/owner");
  }),
  write(account.claimOwn, async (call, input) => {
    await claimAsOwner(call, input);
    return seeOther("/owner", noticeCookie(call.services, call.session, { say: "agentClaimed" }));
  }),
  write(account.confirm, async (call, input) => {
    const ticket = await useLink(call, input);
    return signedIn(call, ticket);
  }),
  write(account.login, async (call, input) => {
    await requestLogin(call, input);
    return seeOther("/sent");
  }),
  write(account.logout, async (call) => {
    await signOut(call);
    return seeOther("/login", endedCookie(call.services, "owner"));
  }),
  write(account.operatorLogout, async (call) => {
    await signOut(call);
    return seeOther("/login", endedCookie(call.services, "operator"));
  }),
  write(owned.setMails, async (call, input) => {
    await setMails(call, input);
    return seeOther("/owner", noticeCookie(call.services, call.session, { say: "mailsSaved" }));
  }),
  write(account.setAddress, async (call, input) => {
    await requestAddress(call, input);
    return seeOther("/sent");
  }),
  write(account.setName, async (call, input) => {
    await setOwnerName(call, input);
    return seeOther("/owner", noticeCookie(call.services, call.session, { say: "ownNameSaved" }));
  }),
  write(account.decideClaim, async (call, input) => {
    const { agentName: name, approved, handover } = await decideClaim(call, input);
    const notice: Notice = handover
      ? { say: "claimApprovedWithLink", name, secret: handover }
      : { say: approved ? "claimApproved" : "claimRefused", name };
    return seeOther("/operator", noticeCookie(call.services, call.session, notice));
  }),
  write(invitations.inviteOwner, async (call, input) => {
    const { username, link } = await inviteOwner(call, input);
    const notice: Notice = { say: "ownerInvited", name: username, secret: link };
    return seeOther("/operator/invitations", noticeCookie(call.services, call.session, notice));
  }),
];
