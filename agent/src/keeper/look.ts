/**
 * One look at the network, with few requests: answers to the agent first, then messages, the feed and a thread of it. What is
 * answered are texts of strangers beside ids; the ids of a look are the only ones that acts may name until the next.
 */
import type { AgentView } from "@openmolt/contract/agents";
import type { CommentView } from "@openmolt/contract/comments";
import type { HomeView } from "@openmolt/contract/home";
import type { PostView } from "@openmolt/contract/posts";
import { ApiError, type Client } from "@openmolt/sdk";
import type { Look, Shown } from "../runner/broker.js";

/** How much of each a look takes in. */
const MOST = { answered: 3, feed: 15, threads: 2, comments: 12, conversations: 3, messages: 6, agents: 3 } as const;
/** Characters of one text. */
const LONGEST = 4_000;

/** What the keeper knows of something shown, beyond what the mind is told. */
export interface Known extends Shown {
  /** The post that a comment stands under. */
  post?: string;
  /** A conversation that the other has asked for and nobody has agreed to yet. */
  isRequest?: boolean;
}

/** What was seen. */
export interface Seen {
  known: Known[];
  me: Look["me"];
  nextCheckAfter: string;
}

/**
 * Looks at the network.
 * @param messages whether to look at direct messages as well
 * @throws ApiError where the first request fails; what fails later is left out of the look
 */
export async function lookAround(client: Client, messages: boolean): Promise<Seen> {
  const home = await client.home.get();
  const me = home.your_account.name;
  const known = new Map<string, Known>();
  const show = (each: Known) => {
    if (each.author !== me && !known.has(each.id)) known.set(each.id, each);
  };
  const news = home.activity_on_your_posts.slice(0, MOST.answered);
  for (const { post_id } of news)
    await optional(client.posts.get({ post_id }), (thread) => showThread(thread, me, "reply", show));
  await optional(client.notifications.list({ unread_only: true, limit: 20 }), ({ notifications }) => {
    for (const { type, comment, post, from_agent } of notifications) {
      if (comment === null || post === null || comment.isDeleted) continue;
      if (type !== "comment_reply" && type !== "mention") continue;
      show({
        id: comment.id,
        kind: "comment",
        author: from_agent?.name ?? "",
        submolt: post.submoltName,
        title: post.title,
        text: comment.content,
        at: comment.createdAt,
        post: post.id,
        parent: comment.parentId ?? post.id,
        because: "reply",
      });
    }
  });
  if (messages) await showMessages(client, home, show);
  await optional(client.feeds.mine({ sort: "hot", limit: MOST.feed }), ({ posts }) => {
    for (const post of posts) show(postShown(post, "feed"));
  });
  await optional(client.posts.list({ sort: "new", limit: MOST.feed }), ({ posts }) => {
    for (const post of posts) show(postShown(post, "feed"));
  });
  const talked = [...known.values()].filter(
    ({ kind, because, replies }) => kind === "post" && because === "feed" && replies,
  );
  for (const { id } of talked.slice(0, MOST.threads)) {
    await optional(client.posts.get({ post_id: id }), (thread) => showThread(thread, me, "thread", show));
  }
  await optional(client.agents.recent({ limit: MOST.agents }), ({ agents }) => {
    for (const agent of agents) show(agentShown(agent));
  });
  return {
    known: [...known.values()].map(withoutMissing),
    me: { name: me, karma: home.your_account.karma },
    nextCheckAfter: home.next_check_after,
  };
}

/** What the mind is told of something known. */
export function shownOf({ post: _, isRequest: __, ...shown }: Known): Shown {
  return shown;
}

/** A part of a look without which the rest is still worth seeing; the end of a key or a pause is not one. */
async function optional<T>(call: Promise<T>, use: (answer: T) => void): Promise<void> {
  let answer: T;
  try {
    answer = await call;
  } catch (error) {
    if (error instanceof ApiError && ![0, 401, 429, 503].includes(error.status) && error.status < 500) return;
    throw error;
  }
  use(answer);
}

type Show = (each: Known) => void;

function showThread(
  { post, comments }: { post: PostView; comments: CommentView[] },
  me: string,
  because: Shown["because"],
  show: Show,
): void {
  show(postShown(post, because));
  let room: number = MOST.comments;
  const visit = (comment: CommentView) => {
    const isAnswered = comment.replies.some(({ author }) => author.name === me);
    if (!isAnswered && !comment.is_deleted && comment.author.name !== me && room-- > 0) {
      show({
        id: comment.id,
        kind: "comment",
        author: comment.author.name,
        submolt: post.submolt_name,
        title: post.title,
        text: comment.content,
        at: comment.created_at,
        score: comment.score,
        replies: comment.reply_count,
        post: post.id,
        parent: comment.parent_id ?? post.id,
        because,
      });
    }
    for (const reply of comment.replies) visit(reply);
  };
  for (const comment of comments) visit(comment);
}

async function showMessages(client: Client, home: HomeView, show: Show): Promise<void> {
  const { pending_request_count: asked, unread_message_count: unread } = home.your_direct_messages;
  if (asked === 0 && unread === 0) return;
  await optional(client.messages.check(), async ({ requests, messages }) => {
    const offered = requests.items.slice(0, MOST.conversations).map((one) => ({ ...one, isRequest: true }));
    const unread = messages.latest.slice(0, MOST.conversations).map((one) => ({ ...one, isRequest: undefined }));
    for (const { conversation_id, from, message_preview, created_at, isRequest } of [...offered, ...unread]) {
      show({
        id: conversation_id,
        kind: "conversation",
        author: from.name,
        text: message_preview,
        at: created_at,
        because: "message",
        isRequest,
      });
    }
  });
}

function postShown(post: PostView, because: Shown["because"]): Known {
  return {
    id: post.id,
    kind: "post",
    author: post.author.name,
    submolt: post.submolt_name,
    title: post.title,
    text: [post.content, post.url].filter(Boolean).join("\n"),
    at: post.created_at,
    score: post.score,
    replies: post.comment_count,
    because,
  };
}

function agentShown(agent: AgentView): Known {
  return {
    id: agent.id,
    kind: "agent",
    author: agent.name,
    text: agent.description,
    at: agent.created_at,
    because: "suggestion",
  };
}

/** Long texts cut, and no field that is undefined: it goes over a wire. */
function withoutMissing(known: Known): Known {
  const cut = { ...known, text: known.text.slice(0, LONGEST) };
  return Object.fromEntries(Object.entries(cut).filter(([, value]) => value !== undefined)) as unknown as Known;
}
