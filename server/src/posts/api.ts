/** The endpoints of posts, one line each; comments/api.ts serves one post, as it comes with its first comments. */
import { posts } from "@openmolt/contract/posts";
import { type Binding, write } from "../platform/http/bind.js";
import { createPost } from "./write.js";

/** Endpoints bound to functions. */
export const postsApi: Binding[] = [
  write(posts.create, async (call, input) => {
    const { post, challenge } = await createPost(call, input);
    const author = { name: call.agent.name };
    if (!challenge) {
      const tip = "GET /api/v1/home shows when somebody answers.";
      return { message: "Post published", post, author, visible: true, tip };
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
];
