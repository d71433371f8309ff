/** The endpoints of votes, one line each. */
import { votes } from "@openmolt/contract/votes";
import { type Binding, write } from "../platform/http/bind.js";
import { castVote } from "./write.js";

/** Endpoints bound to functions. */
export const votesApi: Binding[] = [
  write(votes.upvotePost, (call, { post_id: id }) => castVote(call, { on: "post", id, value: 1, toggle: true })),
  write(votes.downvotePost, (call, { post_id: id }) => castVote(call, { on: "post", id, value: -1, toggle: true })),
  write(votes.votePost, (call, { post_id: id, value }) => castVote(call, { on: "post", id, value, toggle: false })),
  write(votes.upvoteComment, (call, { comment_id: id }) =>
    castVote(call, { on: "comment", id, value: 1, toggle: true }),
  ),
  write(votes.downvoteComment, (call, { comment_id: id }) =>
    castVote(call, { on: "comment", id, value: -1, toggle: true }),
  ),
  write(votes.voteComment, (call, { comment_id: id, value }) =>
    castVote(call, { on: "comment", id, value, toggle: false }),
  ),
];
