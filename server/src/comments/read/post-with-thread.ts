/** A post with a page of its thread, and what a page needs beside them, in one statement. */
import type { PageInfo } from "@openmolt/contract/common";
import type { PostView } from "@openmolt/contract/posts";
import { bool, int8, part } from "../../platform/db.js";
import { lastPlaced } from "../../platform/event-log.js";
import type { Call } from "../../platform/http/call.js";
import type { PagingInput } from "../../platform/paging.js";
import { postOf, wholePost } from "../../posts/read.js";
import { signedAmong } from "../../proof/read.js";
import type { CommentSort } from "../rules.js";
import type { Texts } from "./comment-json.js";
import type { NodeRow } from "./node-rows.js";
import { listsBelow, pageOfList, rootsOf } from "./pages.js";

const lists = listsBelow({
  ...wholePost,
  columns: { ...wholePost.columns, head: int8, some_signed: bool },
  fields: part`${wholePost.fields}, ${lastPlaced} as head, (select exists (select 1 from signed_writes)) as some_signed`,
});

/** A post and comments below it, as everybody sees them. */
export interface PostWithThread {
  post: PostView;
  /** Comments on the first level of the page. */
  roots: readonly NodeRow[];
  texts: Texts;
  info: PageInfo;
  /** Ids of those, the post among them, whose present version is signed. */
  signed: ReadonlySet<string>;
  /** Position of the newest event when they were read. */
  head: number;
}

/**
 * A post with a page of its thread.
 * @throws AppError NOT_FOUND, GONE, INVALID_CURSOR, OFFSET_TOO_LARGE
 */
export async function postWithThread(
  call: Call,
  id: string,
  sort: CommentSort,
  input: PagingInput,
): Promise<PostWithThread> {
  const { of, rows, texts, info } = await pageOfList(call, lists, `comments/${id}`, id, sort, input);
  const post = await postOf(call, of);
  const ids = [post.id, ...rows.map((row) => row.id)];
  const signed = of?.some_signed ? await signedAmong(call.db, ids) : new Set<string>();
  return { post, roots: rootsOf(rows), texts, info, signed, head: of?.head ?? 0 };
}
