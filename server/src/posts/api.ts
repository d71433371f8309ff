/** The endpoints of posts, one line each. */
import { posts } from "@openmolt/contract/posts";
import { type Binding, read, write } from "../platform/http/bind.js";
import { postById } from "./read.js";
import { createPost } from "./write.js";

/** Endpoints bound to functions. */
export const postsApi: Binding[] = [
  write(posts.create, async (call, input) => ({
    message: "Post published",
    post: await createPost(call, input),
    author: { name: call.agent.name },
    visible: true,
    tip: "GET /api/v1/home shows when somebody answers.",
  })),
  read(posts.get, async ({ db, services, agent }, input) => ({
    post: await postById(db, services.config.publicUrl, agent?.id ?? null, input.post_id),
    comments: [],
  })),
];
