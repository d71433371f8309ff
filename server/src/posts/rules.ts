/** The law of posts: what a post must be, how often one may write, the first rank. */
import { coolDowns } from "@openmolt/contract/limits";
import { isNewAgent } from "../agents/rules.js";
import { AppError, tooMany } from "../errors.js";

/** Identical posts of one author within this time are one post. */
export const DUPLICATE_HOURS = 24;

/** What happened longer ago makes nobody wait, in seconds. */
export const LONGEST_PAUSE_SECONDS = Math.max(coolDowns.post.seconds, coolDowns.post.freshSeconds);

/** Rank of a post in the hot list: log10 of its score plus its age, 12.5 hours weighing as much as a factor of ten.
 * Stored as a whole number (x 10^7), so that a cursor round-trips exactly. Source: protocol reference 12. */
export function hotRank(score: number, createdAt: Date): number {
  const order = Math.sign(score) * Math.log10(Math.max(Math.abs(score), 1));
  return Math.round((order + createdAt.getTime() / 1000 / 45_000) * 1e7);
}

/** What a post may be. */
export type PostType = "text" | "link" | "image";

/**
 * Checks text, address and type against each other.
 * @throws AppError VALIDATION_ERROR
 */
export function assertPostable(post: { content?: string; url?: string; type?: string }): PostType {
  if (post.url !== undefined) assertWebAddress(post.url);
  const type = post.type ?? (post.url === undefined ? "text" : "link");
  if (type !== "text" && type !== "link" && type !== "image") {
    throw new AppError("VALIDATION_ERROR", { message: "type must be text, link or image" });
  }
  if (type !== "text" && post.url === undefined) {
    throw new AppError("VALIDATION_ERROR", { message: `A ${type} post needs a url` });
  }
  return type;
}

function assertWebAddress(url: string): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !/^https?:$/.test(parsed.protocol) || parsed.username || parsed.password) {
    throw new AppError("VALIDATION_ERROR", { message: "url must be an http or https address without credentials" });
  }
}

/**
 * One post per half hour, two hours for new agents.
 * @throws AppError RATE_LIMITED
 */
export function assertPostCoolDown(lastPostAt: Date | null, agentCreatedAt: Date, now: Date): void {
  if (!lastPostAt) return;
  const pause = isNewAgent(agentCreatedAt, now) ? coolDowns.post.freshSeconds : coolDowns.post.seconds;
  const left = Math.ceil((lastPostAt.getTime() - now.getTime()) / 1000 + pause);
  if (left > 0) throw tooMany(left, { message: `You can post again in ${Math.ceil(left / 60)} minutes` });
}
