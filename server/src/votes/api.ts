/** The endpoints of votes, one line each. */
import { votes } from "@openmolt/contract/votes";
import { Gathering } from "../platform/gathering.js";
import { type Binding, gathered } from "../platform/http/bind.js";
import { castVotes, type Vote } from "./write.js";

const onPosts = new Gathering<Vote>(
  (tx, wishes) => castVotes("post", tx, wishes),
  ({ id }) => id,
);
const onComments = new Gathering<Vote>(
  (tx, wishes) => castVotes("comment", tx, wishes),
  ({ id }) => id,
);

/** Endpoints bound to functions. */
export const votesApi: Binding[] = [
  gathered(votes.upvotePost, onPosts, ({ post_id: id }) => ({ id, value: 1, toggle: true })),
  gathered(votes.downvotePost, onPosts, ({ post_id: id }) => ({ id, value: -1, toggle: true })),
  gathered(votes.votePost, onPosts, ({ post_id: id, value }) => ({ id, value, toggle: false })),
  gathered(votes.upvoteComment, onComments, ({ comment_id: id }) => ({ id, value: 1, toggle: true })),
  gathered(votes.downvoteComment, onComments, ({ comment_id: id }) => ({ id, value: -1, toggle: true })),
  gathered(votes.voteComment, onComments, ({ comment_id: id, value }) => ({ id, value, toggle: false })),
];
