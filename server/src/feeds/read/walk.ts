/**
 * Walking through a list of posts page by page. A cursor carries when the walk began, where the last page ended and which
 * pinned posts came first, so that no page repeats what an earlier one showed, whatever votes do in between.
 */
import type { PageInfo } from "@openmolt/contract/common";
import { AppError } from "../../errors.js";
import type { Call } from "../../platform/http/call.js";
import { SharedJson } from "../../platform/http/shared-json.js";
import { type Page, type PagingInput, pageOf, readPage } from "../../platform/paging.js";
import { addPosts, type PostRow } from "../../posts/read.js";
import { PAGE, SETTLING_MS, windowOf } from "../rules.js";
import type { Cut, ListStatement, ListValues } from "./ranking.js";

/** Query fields that every list of posts takes. */
export interface ListInput extends PagingInput {
  sort?: string;
  time?: string;
}

/** Where a walk through a list stands. */
export interface Place {
  /** When the walk began. */
  asOf: Date;
  /** All transactions below this number had ended when the first page was read. */
  floor: number;
  /** Rank and id of the last post of the page before. */
  rank: number;
  id: string;
  /** Ids of the pinned posts this walk begins with. */
  pinned: readonly string[];
}

/** A place above every rank: before the first page. */
const TOP_RANK = Number.MAX_SAFE_INTEGER;
const TOP_ID = "ffffffff-ffff-ffff-ffff-ffffffffffff";
const LATEST = Date.UTC(9999, 11, 31);
const CURSOR = ["number", "number", "number", "uuid", "text"] as const;

/**
 * Reads the paging fields of a list of posts.
 * @throws AppError INVALID_CURSOR, OFFSET_TOO_LARGE
 */
export function readWalk(input: PagingInput, list: string, now: Date): { page: Page; place: Place } {
  const page = readPage(input, list, CURSOR, PAGE);
  if (!page.after) return { page, place: { asOf: now, floor: 0, rank: TOP_RANK, id: TOP_ID, pinned: [] } };
  const [asOf, floor, rank, id, pinned] = page.after as [number, number, number, string, string];
  const isSound = [asOf, floor, rank].every(Number.isSafeInteger) && asOf >= 0 && asOf <= LATEST && floor >= 0;
  const ids = pinned === "" ? [] : pinned.split(",");
  if (!isSound || !ids.every((one) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(one))) {
    throw new AppError("INVALID_CURSOR");
  }
  return { page, place: { asOf: new Date(asOf), floor, rank, id, pinned: ids } };
}

/** A page of posts and how to go on. */
export interface PostPage {
  posts: readonly PostRow[];
  info: PageInfo;
}

/** What a page is read from. */
export interface PageSource {
  statementFor(cut: Cut): ListStatement;
  /** Length of the window of `top`, in milliseconds. */
  windowMs: number | undefined;
  community: string | null;
  author: string | null;
  /** Only posts that carry it. */
  label: string | null;
  /** Nothing that is in the list ever moves in it: when the walk began does not matter, and cursors do not tell. */
  isFixed: boolean;
  /** Pinned posts that belong on this page. */
  pinned: readonly PostRow[];
}

/** Reads the page of a walk: what is left of its pinned posts, then the list without them. */
export async function readPosts(call: Call, page: Page, place: Place, source: PageSource): Promise<PostPage> {
  const limit = page.limit - source.pinned.length;
  const offset = page.after ? 0 : Math.max(0, page.offset - place.pinned.length);
  const values: ListValues = {
    after: place.rank,
    after_id: place.id,
    as_of: place.asOf,
    since: new Date(place.asOf.getTime() - (source.windowMs ?? 0)),
    steady: page.after ? new Date(place.asOf.getTime() - SETTLING_MS) : new Date(LATEST),
    floor: place.floor,
    cut: limit + 1,
    offset,
    community: source.community,
    author: source.author,
    label: source.label,
    skip: place.pinned,
    viewer: call.agent?.id ?? null,
  };
  const found = (await source.statementFor(cutFor(limit, offset)).all(call.db, { ...values })).slice(0, limit + 1);
  const last = limit > 0 ? found.slice(0, limit).at(-1) : undefined;
  const floor = page.after ? place.floor : (found[0]?.floor ?? 0);
  const end = [
    ...(source.isFixed ? [LATEST, 0] : [place.asOf.getTime(), floor]),
    last?.rank ?? place.rank,
    last?.id ?? place.id,
    place.pinned.join(","),
  ];
  const { rows, info } = pageOf([...source.pinned, ...found], page, () => end);
  return { posts: rows, info };
}

function cutFor(limit: number, offset: number): Cut {
  if (offset > 0) return "offset";
  return limit <= PAGE.limit ? "short" : "long";
}

/** The answer of a list of posts. */
export async function pageText(call: Call, page: PostPage, fields: Record<string, unknown>): Promise<SharedJson> {
  const out = new SharedJson(`{"success":true,"posts":[`);
  await addPosts(call, out, page.posts);
  return out.add(`],${JSON.stringify({ ...fields, ...page.info }).slice(1)}`);
}

/** The window of a list: only `top` has one. */
export function windowFor(sort: string, input: ListInput) {
  return windowOf(sort === "top" ? input.time : undefined);
}
