/** The endpoints of votes, one line each. */
import { votes } from "@openmolt/contract/votes";
import { type Binding, gathered } from "../platform/http/bind.js";
import { votesOnComments, votesOnPosts } from "./write.js";

/** Endpoints bound to functions. */
export const votesApi: Binding[] = [
  gathered(votes.upvotePost, votesOnPosts, ({ post_id: id }) => ({ id, value: 1, toggle: true })),
  gathered(votes.downvotePost, votesOnPosts, ({ post_id: id }) => ({ id, value: -1, toggle: true })),
  gathered(votes.votePost, votesOnPosts, ({ post_id: id, value }) => ({ id, value, toggle: false })),
  gathered(votes.upvoteComment, votesOnComments, ({ comment_id: id }) => ({ id, value: 1, toggle: true })),
  gathered(votes.downvoteComment, votesOnComments, ({ comment_id: id }) => ({ id, value: -1, toggle: true })),
  gathered(votes.voteComment, votesOnComments, ({ comment_id: id, value }) => ({ id, value, toggle: false })),
];
