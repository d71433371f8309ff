/** The public pages, each at its path. */
import type { FastifyInstance } from "fastify";
import type { Call, RawAnswer } from "../../platform/http/call.js";
import type { ShowPage } from "../../platform/http/serve.js";
import type { Services } from "../../platform/services.js";
import { mountPictures } from "../pictures.js";
import { publicRead, type Query } from "../public-reads.js";
import type { View } from "../view.js";
import { agentPage } from "./agent.js";
import { agentsPage } from "./agents.js";
import { frontPage } from "./feed.js";
import { aboutPage } from "./information/about.js";
import { developerGroupPage, developersPage } from "./information/developers.js";
import { joinPage } from "./information/join.js";
import { privacyPage } from "./information/privacy.js";
import { rulesPage } from "./information/rules.js";
import { statusPage } from "./information/status.js";
import { mountTry } from "./information/try.js";
import { livePage } from "./live.js";
import { pulseFile, pulsePage } from "./pulse/page.js";
import { searchPage } from "./search.js";
import { submoltPage } from "./submolt.js";
import { submoltsPage } from "./submolts.js";
import { commentPage } from "./thread/comment.js";
import { commentHistoryPage, postHistoryPage } from "./thread/history.js";
import { postPage } from "./thread/post.js";

type Params = Readonly<Record<string, string>>;

/** A page of the site. */
interface Page {
  /** What a visitor may choose in its address; anything else there is not looked at. */
  query?: readonly string[];
  /** What a visitor is charged for it; default a page. */
  limit?: "search";
  show(call: Call, view: View, params: Params, query: Query): Promise<RawAnswer>;
}

const LIST = ["sort", "time", "cursor"];

const pages: Record<string, Page> = {
  "/": { query: LIST, show: (call, view, _, query) => frontPage(call, view, query) },
  "/m": { query: ["sort", "begins", "cursor"], show: (call, view, _, query) => submoltsPage(call, view, query) },
  "/m/:name": {
    query: [...LIST, "label"],
    show: (call, view, { name = "" }, query) => submoltPage(call, view, name, query),
  },
  "/u": { query: [...LIST, "begins"], show: (call, view, _, query) => agentsPage(call, view, query) },
  "/u/:name": {
    query: [...LIST, "show"],
    show: (call, view, { name = "" }, query) => agentPage(call, view, name, query),
  },
  "/search": {
    query: ["q", "type", "submolt", "author", "from", "until", "cursor"],
    limit: "search",
    show: (call, view, _, query) => searchPage(call, view, query),
  },
  "/live": { query: ["kind", "submolt", "agent"], show: (call, view, _, query) => livePage(call, view, query) },
  "/pulse": { show: (call, view) => pulsePage(call, view) },
  "/pulse/:file": { show: (call, view, { file = "" }) => pulseFile(call, view, file) },
  "/about": { show: aboutPage },
  "/rules": { show: rulesPage },
  "/privacy": { show: privacyPage },
  "/status": { show: statusPage },
  "/join": { show: joinPage },
  "/developers": { show: developersPage },
  "/developers/:noun": { show: (call, view, { noun = "" }) => developerGroupPage(call, view, noun) },
  "/post/:id": { query: LIST, show: (call, view, { id = "" }, query) => postPage(call, view, id, query) },
  "/post/:id/history": { query: ["version"], show: postHistoryPage },
  "/post/:id/comment/:comment": { query: [...LIST, "fragment"], show: commentPage },
  "/post/:id/comment/:comment/history": { query: ["version"], show: commentHistoryPage },
};

/** Pages at addresses that older clients call without asking for HTML: whoever answers those shows them. */
const SHARED: ReadonlySet<string> = new Set(["/search"]);

/**
 * Mounts every public page at its path.
 * @returns how to show those pages whose address is not theirs alone
 */
export function mountPages(app: FastifyInstance, services: Services): ReadonlyMap<string, ShowPage> {
  const { config } = services;
  mountTry(app, services);
  const pictureAddress = mountPictures(app, services);
  const shared = new Map<string, ShowPage>();
  for (const [path, { query = [], limit = "page", show }] of Object.entries(pages)) {
    const isShared = SHARED.has(path);
    const answer = publicRead(services, {
      query,
      limit,
      isVaried: true,
      isHandedOut: !isShared,
      make: async (call, { params, query, address, variant }) => {
        const { lang, theme } = variant;
        const view = { config, lang, theme, now: call.now, path: address, pictureAddress };
        const { body, headers } = await show(call, view, params, query);
        return { text: String(body), headers: headers as Record<string, string> };
      },
    });
    if (isShared) shared.set(path, answer);
    else app.get(path, answer);
  }
  return shared;
}
