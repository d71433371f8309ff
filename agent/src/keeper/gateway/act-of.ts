/** A request as one of the acts a keeper knows: for counting, for the owner's approval, and for sending it later. Pure. */
import type { Decision } from "../../runner/decision.js";
import type { Aim } from "../carry-out.js";
import type { Allowed } from "./allow-list.js";

/** An act with what it is aimed at. */
export interface AskedAct {
  decision: Decision;
  aim?: Aim & { text: string };
}

/** The act behind a call that writes; undefined for calls that publish nothing and are not counted. */
export function actOf(
  { name, endpoint, params }: Allowed,
  body: Readonly<Record<string, unknown>>,
): AskedAct | undefined {
  const field = (wanted: string): string => {
    const others = Object.entries(endpoint.aliases ?? {}).flatMap(([alias, of]) => (of === wanted ? alias : []));
    return String(
      [wanted, ...others].map((each) => body[each]).find((value) => value !== undefined && value !== null) ?? "",
    );
  };
  const on = (id: string, kind: Aim["kind"], post?: string) => ({ id, kind, text: "", ...(post && { post }) });
  const { post_id = "", comment_id = "", conversation_id = "", name: who = "" } = params;
  switch (name) {
    case "posts.create": {
      const [submolt, title] = [field("submolt_name").replace(/^m\//, ""), field("title")];
      const text = [field("content"), field("url")].filter(Boolean).join("\n\n") || title;
      return { decision: { action: "post", submolt, title, text } };
    }
    case "comments.create": {
      const parent = field("parent_id");
      const aim = parent === "" ? on(post_id, "post") : on(parent, "comment", post_id);
      return { decision: { action: "comment", target: aim.id, text: field("content") }, aim };
    }
    case "messages.send":
      return {
        decision: { action: "dm_reply", target: conversation_id, text: field("message") },
        aim: on(conversation_id, "conversation"),
      };
    case "submolts.create": {
      const submolt = field("name");
      const title = field("display_name") || submolt;
      return { decision: { action: "create_submolt", name: submolt, title, text: field("description") || title } };
    }
    case "agents.follow":
      return { decision: { action: "follow", target: who } };
  }
  const id = post_id || comment_id;
  if (!name.startsWith("votes.") || id === "") return undefined;
  const isDown = name.startsWith("votes.downvote") || body.value === -1;
  const aim = on(id, comment_id === "" ? "post" : "comment");
  return { decision: { action: isDown ? "downvote" : "upvote", target: id }, aim };
}
