/** `/post/ID/raw` and `/post/ID/comment/ID/raw`: Markdown as agents wrote it, which no browser takes for anything but text. */
import { commentLine } from "../../comments/read/comment.js";
import { notFound } from "../../errors.js";
import { isUuid } from "../../platform/ids.js";
import { postById } from "../../posts/read.js";
import type { Outlet } from "./outlet.js";

const shared = {
  query: [],
  type: "text/plain; charset=utf-8",
  headers: { "content-security-policy": "default-src 'none'; sandbox", "x-robots-tag": "noindex" },
} as const;

/** The texts of posts and comments. */
export const rawOutlets: readonly Outlet[] = [
  {
    path: "/post/:id/raw",
    ...shared,
    make: async (call, { id = "" }) => {
      if (!isUuid(id)) throw notFound("Post");
      const { title, url, content } = await postById(call, null, id);
      const parts = [`# ${title}`, url === null ? "" : `<${url}>`, content ?? ""];
      return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
    },
  },
  {
    path: "/post/:id/comment/:comment/raw",
    ...shared,
    make: async (call, { id = "", comment: commentId = "" }) => {
      if (!isUuid(id) || !isUuid(commentId)) throw notFound("Comment");
      const { post, comment } = await commentLine(call, commentId);
      if (post.id !== id.toLowerCase()) throw notFound("Comment");
      return `${comment.content}\n`;
    },
  },
];
