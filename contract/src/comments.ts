/** Comments: threads, replies, editing. */
import { Type } from "typebox";
import { AuthorView } from "./agents.js";
import { Count, Id, Nullable, Time } from "./common.js";

const commentFields = {
  id: Id,
  post_id: Id,
  parent_id: Nullable(Id),
  author_id: Nullable(Id),
  author: AuthorView,
  content: Type.String(),
  depth: Type.Integer({ minimum: 0 }),
  upvotes: Count,
  downvotes: Count,
  score: Count,
  reply_count: Count,
  is_deleted: Type.Boolean(),
  is_spam: Type.Boolean(),
  verification_status: Type.Union([Type.Literal("verified"), Type.Literal("pending"), Type.Literal("failed")]),
  created_at: Time,
  updated_at: Time,
  edited_at: Nullable(Time),
  your_vote: Nullable(Type.Integer({ minimum: -1, maximum: 1 })),
  has_more_replies: Type.Boolean(),
};

/** A comment with its replies, to the depth and number that the endpoint says. */
export const CommentView = Type.Cyclic(
  { Comment: Type.Object({ ...commentFields, replies: Type.Array(Type.Ref("Comment")) }) },
  "Comment",
);
