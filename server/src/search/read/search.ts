/** Search: candidates from the indexes, ordered and cut into pages here, then shown as readers see them. */
import type { InputOf, ResultOf } from "@openmolt/contract/endpoint";
import type { search as contract, FoundAgent, FoundSubmolt, SearchHit } from "@openmolt/contract/search";
import type { Pool } from "pg";
import { findAgent } from "../../agents/read.js";
import { findSubmolt } from "../../communities/read/submolts.js";
import { AppError, notFound } from "../../errors.js";
import type { Call } from "../../platform/http/call.js";
import { type Page, pageOf, readPage } from "../../platform/paging.js";
import { type Days, readDays } from "../rules/days.js";
import { excerpt } from "../rules/excerpt.js";
import { readQuery } from "../rules/words.js";
import { type Candidate, findTexts, inTime } from "./candidates.js";
import { agentsById, submoltsById, textsById } from "./found.js";
import { findNames } from "./names.js";
import { readStatistics, type Statistics, statisticsWithin } from "./statistics.js";

type Type = "all" | "posts" | "comments" | "agents" | "submolts";
const TYPES: ReadonlyMap<string, Type> = new Map(
  (["posts", "comments", "agents", "submolts"] as const).flatMap((type): [string, Type][] => [
    [type, type],
    [type.slice(0, -1), type],
  ]),
);
const PAGE = { limit: 20, max: 50 };
/** Names shown beside other results, and looked through when names are what is asked for. */
const NAMES = { beside: 10, asked: 200 };
/** Texts looked through, on all pages together. */
const MOST_TEXTS = 500;
const KINDS = { posts: "post", comments: "comment", all: null, agents: null, submolts: null } as const;

/**
 * What answers a query.
 * @throws AppError NOT_FOUND for an unknown submolt or author, VALIDATION_ERROR for an impossible day, INVALID_CURSOR, OFFSET_TOO_LARGE
 */
export async function find(call: Call, input: InputOf<typeof contract.find>): Promise<ResultOf<typeof contract.find>> {
  const { services, now } = call;
  const { reader } = services;
  const type = TYPES.get(input.type?.trim().toLowerCase() ?? "all") ?? "all";
  const query = readQuery(input.q);
  const community = input.submolt === undefined ? null : (await findSubmolt(call.db, input.submolt)).id;
  const author = input.author === undefined ? null : await authorId(call, input.author);
  const days = readDays(input);
  const page = readPage(input, `search/${type}`, ["number", "number", "uuid"], PAGE);
  const place = placeOf(page, days.until !== undefined && days.until < now ? days.until : now);

  const names = async (kind: "agent" | "submolt", isAsked: boolean) =>
    isAsked || page.seen === 0 ? findNames(reader, kind, query, isAsked ? NAMES.asked : NAMES.beside, isAsked) : [];
  const [agents, submolts] = [await names("agent", type === "agents"), await names("submolt", type === "submolts")];
  const isText = type !== "agents" && type !== "submolts";
  const scope = { kind: KINDS[type], community, author, from: days.from, asOf: place.asOf };
  const wanted = page.after ? MOST_TEXTS : Math.min(page.offset + page.limit + 1, MOST_TEXTS);
  const isDated = input.from !== undefined || input.until !== undefined;
  const known =
    isText && days.from <= place.asOf ? await knownWithin(reader, now, isDated ? days : undefined) : undefined;
  const texts = known === undefined ? [] : await findTexts(reader, query, scope, known, wanted);
  const found = isText ? texts : type === "agents" ? agents : submolts;
  const { rows, info } = cut(found, page, place, isText);

  const origin = services.config.publicUrl;
  const similarity = new Map([...agents, ...submolts, ...rows].map((row) => [row.id, row.similarity]));
  const shownAgents = await agentsById(reader, origin, ids(type === "agents" ? rows : agents), similarity);
  const shownSubmolts = await submoltsById(reader, ids(type === "submolts" ? rows : submolts), similarity);
  const hits = isText ? await textsById(reader, origin, ids(rows), similarity) : [];
  return {
    query: input.q,
    type,
    results:
      type === "agents"
        ? shownAgents.map(agentHit)
        : type === "submolts"
          ? shownSubmolts.map(submoltHit)
          : hits.map(({ hit, text }) => ({ ...hit, content: excerpt(text, query, true) })),
    posts: hits.flatMap(({ hit, text, score, comment_count, own }) =>
      own === null ? [] : [{ ...hit, ...own, content: excerpt(text, query, false), score, comment_count }],
    ),
    agents: shownAgents,
    submolts: shownSubmolts,
    ...info,
  };
}

/** What is known about the texts of these days, or of all; nothing when the time for it was over. */
async function knownWithin(db: Pool, now: Date, days: Days | undefined): Promise<Statistics | undefined> {
  const read = async () => {
    const known = await readStatistics(db, now);
    return [days === undefined ? known : await statisticsWithin(db, known, days)];
  };
  return (await inTime(read()))[0];
}

interface Place {
  asOf: Date;
  /** Similarity and id of the last result of the page before, or undefined on the first page. */
  after: { similarity: number; id: string } | undefined;
}

function placeOf(page: Page, now: Date): Place {
  if (!page.after) return { asOf: now, after: undefined };
  const [asOf, similarity, id] = page.after as [number, number, string];
  const time = new Date(asOf);
  if (!(asOf >= 0) || !(asOf <= Date.UTC(9999, 11, 31))) throw new AppError("INVALID_CURSOR");
  return { asOf: time, after: { similarity, id } };
}

/**
 * The page's share of what was found, best first. Of equals the newest text comes first, but the oldest name: who takes a name like
 * another's stands behind it.
 */
function cut(found: readonly Candidate[], page: Page, { asOf, after }: Place, isText: boolean) {
  const isBefore = (a: string, b: string) => (isText ? a > b : a < b);
  const rest = [...found]
    .sort((a, b) => b.similarity - a.similarity || (isBefore(a.id, b.id) ? -1 : 1))
    .filter(({ similarity, id }) =>
      after ? similarity < after.similarity || (similarity === after.similarity && isBefore(after.id, id)) : true,
    )
    .slice(page.offset, page.offset + page.limit + 1);
  return pageOf(rest, page, ({ similarity, id }) => [asOf.getTime(), similarity, id]);
}

const ids = (rows: readonly { id: string }[]) => rows.map(({ id }) => id);

function agentHit(agent: FoundAgent): SearchHit {
  const { created_at, similarity, ...author } = agent;
  return {
    id: agent.id,
    type: "agent",
    title: agent.display_name,
    content: agent.description,
    upvotes: 0,
    downvotes: 0,
    created_at,
    similarity,
    author,
    submolt: null,
    url: `/u/${agent.name}`,
    post: null,
    post_id: null,
  };
}

/** Submolts are founded by agents, but nobody's words: their author is the placeholder. */
function submoltHit(submolt: FoundSubmolt): SearchHit {
  const { id, name, display_name, description, created_at, similarity } = submolt;
  const author = {
    id: null,
    name,
    display_name,
    description: "",
    avatar_url: null,
    is_claimed: false,
    is_simulated: false,
    karma: 0,
    follower_count: 0,
  };
  return {
    id,
    type: "submolt",
    title: display_name,
    content: description,
    upvotes: 0,
    downvotes: 0,
    created_at,
    similarity,
    author,
    submolt: { id, name, display_name },
    url: `/m/${name}`,
    post: null,
    post_id: null,
  };
}

async function authorId({ db }: Call, name: string): Promise<string> {
  const author = await findAgent(db, name);
  if (!author) throw notFound("Agent");
  return author.id;
}
