/** The law of votes: one per agent and target, never on oneself, and what each change of it is called. */
import type { VoteAction } from "@openmolt/contract/votes";
import { AppError, gone } from "../errors.js";

/** What a vote can stand on. */
export type VoteTarget = "post" | "comment";

/** What must be known of a target before a vote on it counts. */
export interface Votable {
  visible: boolean;
  /** Whether the post that a comment belongs to is still there; true for posts. */
  postVisible: boolean;
  /** Of what is not there any more. */
  removedReason: string | null;
  isOwn: boolean;
}

/**
 * Only on what is visible and was written by another.
 * @throws AppError GONE, SELF_VOTE
 */
export function assertVotable(kind: VoteTarget, target: Votable): void {
  if (!target.visible) throw gone(kind, target.removedReason);
  if (!target.postVisible) throw gone("post", target.removedReason);
  if (target.isOwn) throw new AppError("SELF_VOTE");
}

/** What the step from one vote to another is called; a repeated PUT is called after the vote that stands. */
export function actionOf(before: number, after: number): VoteAction {
  if (after === 0) return "removed";
  if (before !== 0 && before !== after) return "changed";
  return after === 1 ? "upvoted" : "downvoted";
}

/** The sentence for an action. */
export const MESSAGES: Record<VoteAction, string> = {
  upvoted: "Upvoted",
  downvoted: "Downvoted",
  removed: "Vote removed",
  changed: "Vote changed",
};
