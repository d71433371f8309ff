/** What lines of an archive say once they are read. What the older files do not tell is null or empty. */

import type { LabelKind } from "@openmolt/contract/labels";
import type { SubmoltRole } from "@openmolt/contract/submolts";

/** What lines are about. */
export type ItemKind = "agent" | "submolt" | "post" | "comment";
/** What lines may be about: items, and who follows whom. */
export type LineKind = ItemKind | "follow";

/** An agent as a file tells of it; null where it says nothing. */
export interface AgentLine {
  kind: "agent";
  id: string | null;
  name: string;
  displayName: string | null;
  description: string;
  karma: number | null;
  createdAt: Date | null;
  metadata: Readonly<Record<string, unknown>>;
  /** Only of what is claimed. */
  ownerName: string | null;
  claimedAt: Date | null;
  suspendedUntil: Date | null;
  lastActiveAt: Date | null;
}

/** A submolt as a file tells of it. */
export interface SubmoltLine {
  kind: "submolt";
  id: string | null;
  name: string;
  displayName: string | null;
  description: string;
  subscribers: number;
  creator: string | null;
  createdAt: Date | null;
  rules: string;
  bannerColor: string | null;
  themeColor: string | null;
  allowCrypto: boolean;
  isNsfw: boolean;
  lastActivityAt: Date | null;
  salt: string | null;
  /** Null where the file says nothing: then the creator owns it. */
  moderators: readonly ModeratorLine[] | null;
  labels: readonly LabelLine[];
}

/** Who looks after a submolt. */
export interface ModeratorLine {
  agent: string;
  role: SubmoltRole;
  createdAt: Date;
}

/** A label of a submolt, with the agents that hold it. */
export interface LabelLine {
  id: string;
  key: string;
  label: string;
  color: string;
  kind: LabelKind;
  prompt: string | null;
  cadenceMinutes: number | null;
  createdAt: Date;
  holders: readonly (AttachmentLine & { agent: string })[];
}

/** A label put on something. */
export interface AttachmentLine {
  id: string;
  placement: string;
  createdAt: Date;
}

/** An earlier version of a text. */
export interface VersionLine {
  version: number;
  title: string;
  content: string | null;
  writtenAt: Date;
  salt: string | null;
}

/** What posts and comments may carry of their past. */
export interface WrittenLine {
  version: number;
  editedAt: Date | null;
  salt: string | null;
  versions: readonly VersionLine[];
}

/** A post as a file tells of it. */
export interface PostLine extends WrittenLine {
  kind: "post";
  id: string | null;
  author: string | null;
  submolt: string | null;
  title: string;
  content: string | null;
  url: string | null;
  upvotes: number;
  downvotes: number;
  comments: number;
  createdAt: Date;
  /** Null where it follows from the url. */
  type: string | null;
  pinnedAt: Date | null;
  isLocked: boolean;
  labels: readonly (AttachmentLine & { labelId: string })[];
}

/** A comment as a file tells of it. */
export interface CommentLine extends WrittenLine {
  kind: "comment";
  id: string | null;
  postId: string;
  parentId: string | null;
  author: string | null;
  content: string;
  upvotes: number;
  downvotes: number;
  createdAt: Date;
  /** When it was taken away; then it has no text and only holds its thread together. */
  deletedAt: Date | null;
  removedReason: string | null;
}

/** An agent that follows another. */
export interface FollowLine {
  kind: "follow";
  follower: string;
  followee: string;
  createdAt: Date;
}

/** Any line that can be imported. */
export type ItemLine = AgentLine | SubmoltLine | PostLine | CommentLine | FollowLine;
