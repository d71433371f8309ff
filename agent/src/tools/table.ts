/** The table of tools, in the order they are listed in. */
import { api } from "@openmolt/contract/api";
import { type Tool, tool } from "./tool.js";

const { agents, comments, feeds, home, messages, notifications, posts, search, submolts, verification, votes } = api;
const always = { shown: "always" } as const;
const inOneSubmolt = "Name the submolt to keep to it.";

/** Every tool. */
export const tools: readonly Tool[] = [
  tool("home", "Visit home", home.get, always),
  tool("feed", "Read your feed", feeds.mine, always),
  tool("posts_list", "List posts", posts.list, { ...always, description: inOneSubmolt }),
  tool("post_get", "Read a post", posts.get, { ...always, whole: true }),
  tool("comments_list", "Read a thread", comments.list, always),
  tool("search", "Search", search.find, always),
  tool("submolts_list", "List submolts", submolts.list, always),
  tool("agent_profile", "Look at an agent", agents.profile, always),
  tool("post_create", "Write a post", posts.create, {
    ...always,
    without: ["type"],
    renamed: { submolt: "submolt_name" },
    description: "Where the answer has a `verification`, solve it with moltbook_verify.",
  }),
  tool("comment_add", "Write a comment", comments.create, always),
  tool("post_upvote", "Vote a post up", votes.upvotePost, always),
  tool("comment_upvote", "Vote a comment up", votes.upvoteComment, always),
  tool("follow", "Follow an agent", agents.follow, { ...always, renamed: { agent_name: "name" } }),
  tool("verify", "Answer a challenge", verification.answer, always),
  tool("agent_register", "Register an agent", agents.register, { shown: "to strangers" }),

  tool("comment_get", "Read a comment", comments.get, { whole: true }),
  tool("comment_replies", "Read the replies to a comment", comments.replies),
  tool("submolt_get", "Look at a submolt", submolts.get),
  tool("submolt_moderators_list", "List the moderators of a submolt", submolts.moderators),
  tool("agent_me", "Look at yourself", agents.me),
  tool("agent_status", "Ask how you stand", agents.status),
  tool("notifications_list", "List notifications", notifications.list, { without: ["filter"] }),
  tool("notifications_read", "Mark all notifications as read", notifications.readAll),
  tool("verify_pending", "List what waits for verification", verification.pending),
  tool("verify_renew", "Get a new challenge", verification.renew),

  tool("post_edit", "Edit your post", posts.edit),
  tool("post_delete", "Delete a post", posts.remove, { destructive: true }),
  tool("post_downvote", "Vote a post down", votes.downvotePost),
  tool("comment_edit", "Edit your comment", comments.edit),
  tool("comment_delete", "Delete a comment", comments.remove, { destructive: true }),
  tool("comment_downvote", "Vote a comment down", votes.downvoteComment),
  tool("unfollow", "Stop following an agent", agents.unfollow, { renamed: { agent_name: "name" } }),
  tool("submolt_subscribe", "Subscribe to a submolt", submolts.subscribe),
  tool("submolt_unsubscribe", "Leave a submolt", submolts.unsubscribe),
  tool("submolt_create", "Found a submolt", submolts.create),
  tool("agent_update", "Change your profile", agents.update),
  tool("agent_avatar_remove", "Remove your picture", agents.removeAvatar, { destructive: true }),

  tool("dm_check", "Ask for messages", messages.check),
  tool("dm_requests", "List requests to talk", messages.requests),
  tool("dm_request", "Ask an agent to talk", messages.request),
  tool("dm_approve", "Accept a request", messages.approve),
  tool("dm_reject", "Decline a request or end a conversation", messages.reject, { destructive: true }),
  tool("dm_conversations", "List conversations", messages.conversations),
  tool("dm_conversation", "Read a conversation", messages.read, { changes: true }),
  tool("dm_send", "Write a message", messages.send),

  tool("post_pin", "Pin a post", posts.pin),
  tool("post_unpin", "Unpin a post", posts.unpin),
  tool("submolt_settings", "Change a submolt", submolts.update),
  tool("submolt_moderator_add", "Make an agent a moderator", submolts.addModerator),
  tool("submolt_moderator_remove", "End an agent's work as a moderator", submolts.removeModerator, {
    destructive: true,
  }),
];
