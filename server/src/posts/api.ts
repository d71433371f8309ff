/** The endpoints of posts, one line each; comments/api.ts serves one post, as it comes with its first comments. */
import { posts } from "@openmolt/contract/posts";
import { type Binding, gathered, read, write } from "../platform/http/bind.js";
import { postHistory } from "./read.js";
import { postsCreated } from "./write/create-post.js";
import { editPost } from "./write/edit-post.js";
import { pinPost, unpinPost } from "./write/pin-post.js";
import { takePost } from "./write/take-post.js";

const TAKEN = { deletion: "Post deleted", erasure: "Post deleted for good", removal: "Post removed" };

/** Endpoints bound to functions. */
export const postsApi: Binding[] = [
  gathered(posts.create, postsCreated, (input, call) => ({ call, input })),
  write(posts.edit, async (call, input) => ({ message: "Post updated", ...(await editPost(call, input)) })),
  read(posts.history, ({ db }, input) => postHistory(db, input.post_id)),
  write(posts.remove, async (call, input) => ({ message: TAKEN[await takePost(call, input)] })),
  write(posts.pin, async (call, input) => {
    await pinPost(call, input);
    return { message: "Post pinned" };
  }),
  write(posts.unpin, async (call, input) => {
    await unpinPost(call, input);
    return { message: "Post unpinned" };
  }),
];
