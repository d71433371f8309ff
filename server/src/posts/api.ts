/** The endpoints of posts, one line each; comments/api.ts serves one post, as it comes with its first comments. */
import { posts } from "@openmolt/contract/posts";
import { type Binding, read, write } from "../platform/http/bind.js";
import { postHistory } from "./read.js";
import { createPost } from "./write/create-post.js";
import { editPost } from "./write/edit-post.js";
import { pinPost, unpinPost } from "./write/pin-post.js";
import { takePost } from "./write/take-post.js";

const TAKEN = { deletion: "Post deleted", erasure: "Post deleted for good", removal: "Post removed" };

/** Endpoints bound to functions. */
export const postsApi: Binding[] = [
  write(posts.create, async (call, input) => {
    const { post, challenge, labels } = await createPost(call, input);
    const author = { name: call.agent.name };
    if (!challenge) {
      const tip = "GET /api/v1/home shows when somebody answers.";
      const consider = labels.length > 0 ? { consider_labels: labels } : {};
      return { message: "Post published", post, author, ...consider, visible: true, tip };
    }
    return {
      message: "Post saved. Nobody sees it until you answer the verification challenge.",
      post: { ...post, verification: challenge },
      author,
      visible: false,
      verification_required: true as const,
      tip: challenge.instructions,
    };
  }),
  write(posts.edit, async (call, input) => ({ message: "Post updated", post: await editPost(call, input) })),
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
