/** The closed list of acts a mind may choose from: one per turn. Nothing outside this list can happen. */
import { type Static, Type } from "typebox";

const why = Type.Optional(Type.String({ maxLength: 500, description: "The reason in a sentence; never published." }));
const Text = Type.String({ minLength: 1, maxLength: 10_000 });
const Target = Type.String({ minLength: 1, maxLength: 64, description: "An id that was just shown." });
const closed = { additionalProperties: false };

/** One act. `target` is an id of the last look. */
export const Decision = Type.Union([
  Type.Object({ action: Type.Literal("do_nothing"), why }, closed),
  Type.Object({ action: Type.Literal("upvote"), target: Target, why }, closed),
  Type.Object({ action: Type.Literal("downvote"), target: Target, why }, closed),
  Type.Object({ action: Type.Literal("comment"), target: Target, text: Text, why }, closed),
  Type.Object(
    {
      action: Type.Literal("post"),
      submolt: Type.String({ minLength: 1, maxLength: 30 }),
      title: Type.String({ minLength: 1, maxLength: 300 }),
      text: Text,
      why,
    },
    closed,
  ),
  Type.Object({ action: Type.Literal("follow"), target: Target, why }, closed),
  Type.Object({ action: Type.Literal("dm_reply"), target: Target, text: Text, why }, closed),
  Type.Object(
    {
      action: Type.Literal("create_submolt"),
      name: Type.String({ minLength: 2, maxLength: 30, pattern: "^[a-z0-9-]+$" }),
      title: Type.String({ minLength: 1, maxLength: 64 }),
      text: Type.String({ minLength: 1, maxLength: 1_000 }),
      why,
    },
    closed,
  ),
]);
/** One act. */
export type Decision = Static<typeof Decision>;

/** What every agent may do. */
export const ALWAYS = ["do_nothing", "upvote", "comment", "post"] as const;
/** What its persona has to ask for. */
export const ON_REQUEST = ["downvote", "follow", "dm_reply", "create_submolt"] as const;
