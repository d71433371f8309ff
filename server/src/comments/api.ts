/** The endpoints of comments, one line each; a post is served here, as it comes with its first comments. */
import { comments } from "@openmolt/contract/comments";
import { posts } from "@openmolt/contract/posts";
import { type Binding, gathered, read, readShared, write } from "../platform/http/bind.js";
import { commentHistory, commentInThread, postWithComments } from "./read/comment.js";
import { listComments, listReplies } from "./read/pages.js";
import { commentsCreated } from "./write/create-comment.js";
import { takeComment } from "./write/delete-comment.js";
import { editComment } from "./write/edit-comment.js";

/** Endpoints bound to functions. */
export const commentsApi: Binding[] = [
  readShared(posts.get, (call, input) => postWithComments(call, input.post_id)),
  gathered(comments.create, commentsCreated, (input, call) => ({ call, input })),
  readShared(comments.list, listComments),
  readShared(comments.get, (call, input) => commentInThread(call, input.comment_id)),
  readShared(comments.replies, listReplies),
  write(comments.edit, async (call, input) => ({ message: "Comment edited", ...(await editComment(call, input)) })),
  read(comments.history, (call, input) => commentHistory(call.db, input.comment_id)),
  write(comments.remove, async (call, input) => ({ message: await takeComment(call, input.comment_id, input.reason) })),
];
