/** The account pages: claim, sign-in, owner, operator. Never cached; they read, their forms post to the api. */

import { activity } from "@openmolt/contract/activity";
import { breakGlass } from "@openmolt/contract/break-glass";
import { claimProofs } from "@openmolt/contract/claim-proofs";
import { invitations } from "@openmolt/contract/invitations";
import { operators } from "@openmolt/contract/operators";
import { organisations } from "@openmolt/contract/organisations";
import { owned } from "@openmolt/contract/owned";
import { account } from "@openmolt/contract/owners";
import { operatorPasskeys, passkeys } from "@openmolt/contract/passkeys";
import { ownerProof } from "@openmolt/contract/proof";
import { provider } from "@openmolt/contract/provider";
import { reviews } from "@openmolt/contract/reviews";
import { signIn } from "@openmolt/contract/sign-in";
import { toldApps } from "@openmolt/contract/told-apps";
import { type Binding, read, readPrivate } from "../../platform/http/bind.js";
import { activityPage } from "./activity.js";
import { agentPage } from "./agent.js";
import { breakGlassPage, openedPage } from "./break-glass.js";
import { claimPage } from "./claim.js";
import { claimPlacePage } from "./claim-place.js";
import { operatorInvitationsPage, ownerInvitationsPage } from "./invitations.js";
import { linkPage } from "./link.js";
import { loginPage, sentPage } from "./login.js";
import { operatorPage } from "./operator.js";
import { operatorsPage } from "./operators.js";
import { joinPage, organisationPage, organisationsPage } from "./organisations.js";
import { ownerPage } from "./owner.js";
import { passkeysPage } from "./passkeys.js";
import { proofPage } from "./proof.js";
import { providerPage } from "./provider.js";
import { organisationReviewPage, ownReviewPage } from "./review.js";
import { sessionsPage } from "./sessions.js";
import { toldAppsPage } from "./told-apps.js";

/** Pages bound to functions. */
export const accountPages: Binding[] = [
  readPrivate(account.claimPage, claimPage),
  readPrivate(claimProofs.place, claimPlacePage),
  readPrivate(account.linkPage, linkPage),
  read(account.loginPage, loginPage),
  read(account.sentPage, sentPage),
  readPrivate(account.ownerPage, ownerPage),
  readPrivate(passkeys.page, passkeysPage),
  readPrivate(operatorPasskeys.page, passkeysPage),
  readPrivate(operators.page, operatorsPage),
  readPrivate(provider.page, providerPage),
  readPrivate(signIn.sessionsPage, sessionsPage),
  readPrivate(organisations.listPage, organisationsPage),
  readPrivate(organisations.page, organisationPage),
  readPrivate(organisations.joinPage, joinPage),
  readPrivate(owned.agentPage, agentPage),
  readPrivate(ownerProof.page, proofPage),
  readPrivate(toldApps.page, toldAppsPage),
  readPrivate(activity.page, activityPage),
  readPrivate(invitations.ownerPage, ownerInvitationsPage),
  readPrivate(reviews.page, ownReviewPage),
  readPrivate(reviews.organisationPage, organisationReviewPage),
  readPrivate(account.operatorPage, operatorPage),
  readPrivate(invitations.operatorPage, operatorInvitationsPage),
  readPrivate(breakGlass.page, breakGlassPage),
  readPrivate(breakGlass.conversation, openedPage),
];
