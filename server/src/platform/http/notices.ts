/**
 * What a form leaves to be told on the next page: which sentence, and what it names. The page says it in the language of
 * whoever reads it, so no sentence is made here.
 */

type Nothing = object;
interface Name {
  /** Of an agent, a member, an app: whatever the sentence is about. */
  name: string;
}
interface Count {
  count: number;
}

/** Every notice with what its sentence names. A closed list: the words of the pages have one sentence for each. */
export interface Notices {
  agentRegistered: Name;
  agentClaimed: Nothing;
  agentPaused: Name;
  agentResumed: Name;
  agentStopped: Name;
  agentOffered: Name;
  offerWithdrawn: Name;
  offerAccepted: Name;
  offerDeclined: Name;
  agentReleased: Name;
  agentDeleted: Name;
  limitsSaved: Name;
  keyMade: Name & { key: string };
  keysReplaced: Name;
  keyRevoked: Name & { prefix: string };
  proofChanged: Name;
  signingKeyAdded: Name;
  signingKeyRevoked: Name;
  certificateAdded: Name;
  certificateRevoked: Name;
  consentChanged: Name;
  appAllowed: Name;
  appRefused: Name;
  identityTokensEnded: Name;
  ownNameSaved: Nothing;
  mailsSaved: Nothing;
  sessionEnded: Nothing;
  otherSessionsEnded: Count;
  passkeyAdded: Nothing;
  passkeyRenamed: Nothing;
  passkeyRemoved: Nothing;
  providerUnlinked: Nothing;
  organisationFounded: Nothing;
  organisationLeft: Name;
  organisationDissolved: Name;
  organisationJoined: Name;
  memberMailed: Nothing;
  memberLink: Nothing;
  memberWithdrawn: Nothing;
  memberRemoved: Name;
  roleSet: Name & { role: "admin" | "reviewer" | "viewer" };
  agentShared: Name;
  agentUnshared: Name;
  rowsConfirmed: Count;
  rowsRevoked: Count;
  reviewSigned: Nothing;
  invitationMade: Nothing;
  invitationEnded: { prefix: string };
  claimApproved: Name;
  claimApprovedWithLink: Name;
  claimRefused: Name;
  ownerInvited: Name;
  agentSuspended: Name & { until: string };
  agentUnsuspended: Name;
  moderatorAppointed: Name & { submolt: string };
  moderatorDismissed: Name & { submolt: string };
  reportsClosed: Count;
  appMade: Name;
  appEnded: Name;
  operatorLink: Name;
  operatorChanged: Name;
}

/** Something to tell after a form, once. */
export type Notice = {
  [K in keyof Notices]: Notices[K] & {
    say: K;
    /** A secret that is shown this once: a key, a link. */
    secret?: string;
  };
}[keyof Notices];
