/** The work behind the requests: what is tried until it is done, and what recurs. */
import { SEND_OFFER, sendOffer } from "./agents/write/hand-over.js";
import { TELL_OF_LEAK, tellOfLeak } from "./agents/write/leaked-keys.js";
import { SEND_NOTICE, sendNotice, sweepNotices } from "./audit/write/notices.js";
import { UnusualUse } from "./audit/write/unusual-use.js";
import { sweepLedger } from "./audit/write.js";
import { sweepAgentInvitations } from "./invitations/write.js";
import { endUnusedKeys } from "./keys/write/end-unused.js";
import { sweepTokens } from "./keys/write/revoke-token.js";
import { TELL_OF_ENDS, tellOfEnds, warnOfEnds } from "./keys/write/warn-of-ends.js";
import { deliverInvitation, SEND_INVITATION, sweepInvitations } from "./organisations/write/invite.js";
import { deliverReminder, remindReviewers, SEND_REVIEW_REMINDER } from "./organisations/write/remind.js";
import { deliverLink, SEND_LINK } from "./owners/write/send-link.js";
import { sweepEnded } from "./owners/write/sign-in.js";
import type { Chore, Task } from "./platform/jobs.js";
import { sweepNonces } from "./platform/proof/proofs.js";
import type { Services } from "./platform/services.js";
import { drawPulseWhenDue } from "./pulse/write.js";
import { sweepDeliveries } from "./webhooks/write/sweep-deliveries.js";

/** Jobs by name; each gets the id of the row it is about. */
export function tasksOf(services: Services): Record<string, Task> {
  return {
    [SEND_NOTICE]: (id) => sendNotice(services, id),
    [SEND_LINK]: (id) => deliverLink(services, id),
    [SEND_OFFER]: (id) => sendOffer(services, id),
    [TELL_OF_LEAK]: (id) => tellOfLeak(services, id),
    [TELL_OF_ENDS]: (id) => tellOfEnds(services, id),
    [SEND_INVITATION]: (id) => deliverInvitation(services, id),
    [SEND_REVIEW_REMINDER]: (id) => deliverReminder(services, id),
  };
}

/** What recurs. */
export function choresOf(services: Services): Chore[] {
  return [
    { name: "sweep_ended", at: "17 * * * *", run: () => sweepEnded(services) },
    { name: "sweep_tokens", at: "27 * * * *", run: () => sweepTokens(services) },
    { name: "remind_reviewers", at: "47 6 * * *", run: () => remindReviewers(services) },
    { name: "sweep_invitations", at: "27 * * * *", run: () => sweepInvitations(services) },
    { name: "sweep_nonces", at: "*/10 * * * *", run: () => sweepNonces(services.app, services.clock.now()) },
    { name: "sweep_agent_invitations", at: "29 * * * *", run: () => sweepAgentInvitations(services) },
    { name: "sweep_notices", at: "49 3 * * *", run: () => sweepNotices(services) },
    { name: "end_unused_keys", at: "23 3 * * *", run: () => endUnusedKeys(services) },
    { name: "warn_of_ends", at: "33 3 * * *", run: () => warnOfEnds(services) },
    { name: "sweep_ledger", at: "47 3 * * *", run: () => sweepLedger(services) },
    { name: "draw_pulse", at: "* * * * *", run: () => drawPulseWhenDue(services) },
    { name: "sweep_deliveries", at: "37 * * * *", run: () => sweepDeliveries(services) },
  ];
}

/** Begins to watch what comes to the ledger for what is unusual. */
export function watchUse({ app, clock, ledger }: Services, report: (error: unknown) => void): UnusualUse {
  const watch = new UnusualUse(app, () => clock.now(), report);
  ledger.onAppended((rows) => watch.hear(rows));
  watch.start();
  return watch;
}
