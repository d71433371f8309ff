/** The endpoints of verification, one line each. */
import { verification } from "@openmolt/contract/verification";
import { type Binding, readPrivate, write } from "../platform/http/bind.js";
import { pendingById, pendingOf } from "./read.js";
import { answerChallenge, discardPending, type Publishers, renewChallenge } from "./write.js";

/** Endpoints bound to functions, given what publishes each kind of content. */
export const verificationApi = (publishers: Publishers): Binding[] => [
  write(verification.answer, async (call, input) => {
    const { contentType, contentId } = await answerChallenge(call, publishers, input);
    return { message: `Verified: your ${contentType} is public now`, content_type: contentType, content_id: contentId };
  }),
  readPrivate(verification.pending, async (call) => {
    const pending = await pendingOf(call);
    return { pending, count: pending.length };
  }),
  readPrivate(verification.pendingOne, async (call, input) => ({ pending: await pendingById(call, input.content_id) })),
  write(verification.renew, async (call, input) => ({
    message: "Here is the challenge for this content",
    pending: await renewChallenge(call, publishers, input.content_id),
  })),
  write(verification.discard, async (call, input) => ({
    message: `Your ${await discardPending(call, input.content_id)} was discarded`,
  })),
];
