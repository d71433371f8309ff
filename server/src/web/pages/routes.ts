/** The public pages, each at its path. */
import type { FastifyInstance } from "fastify";
import type { Call, RawAnswer } from "../../platform/http/call.js";

<<<<<<< HEAD

import { SharedAnswer } from "../../platform/http/rendition.js";
import type { ShowPage } from "../../platform/http/serve.js";
import { SharedJson } from "../../platform/http/shared-json.js";
import { variantOf } from "../../platform/http/variant.js";
import { addressGroup } from "../../platform/limits.js";

=======
>>>>>>> 78e99aa (Mount pages and outlets by one function)

import type { Services } from "../../platform/services.js";
import { mountPictures } from "../pictures.js";
import { mountPublicRead, type Query } from "../public-reads.js";
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
  "/m/:name": { query: LIST, show: (call, view, { name = "" }, query) => submoltPage(call, view, name, query) },
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

<<<<<<< HEAD
/** Pages at addresses that older clients call without asking for HTML: whoever answers those shows them. */
const SHARED: ReadonlySet<string> = new Set(["/search"]);

/**
 * Mounts every public page at its path.
 * @returns how to show those pages whose address is not theirs alone
 */
export function mountPages(app: FastifyInstance, services: Services): ReadonlyMap<string, ShowPage> {
  const visible = withoutApp(services);
  mountTry(app, services);
  const pictureAddress = mountPictures(app, services);
  const shared = new Map<string, ShowPage>();
  for (const [path, page] of Object.entries(pages)) {
    const show: ShowPage = async (request, reply) => {
      await services.limits.charge(page.limit ?? "page", addressGroup(request.ip));
      const params = request.params as Params;
      if (!Object.values(params).every(isCleanText)) throw new AppError("ENDPOINT_NOT_FOUND");
      const query = queryOf(request, page.query ?? []);
      const variant = variantOf(request.headers);
      const address = addressOf(request, query);
      const isKept = services.cache.isOn && query.cursor === undefined;
      const build = async () => {
        const call = callOf(visible);
        const { lang, theme } = variant;
        const view = { config: services.config, lang, theme, now: call.now, path: address, pictureAddress };
        const { body, headers } = await page.show(call, view, params, query);
        return new SharedAnswer(new SharedJson(String(body)), isKept, headers as Record<string, string>);
      };
      const key = `page ${variant.key} ${address}`;
      if (isKept && !SHARED.has(path)) services.shortcuts.learn(request.raw.url ?? "", { key, limit: "page" }, variant);
      const answer = isKept ? await services.cache.read(key, undefined, build) : await build();
      return answer.forAnybody.send(reply);
    };
    if (SHARED.has(path)) shared.set(path, show);
    else app.get(path, show);
=======
/** Mounts every public page at its path. */
export function mountPages(app: FastifyInstance, services: Services): void {
  const { config } = services;
  mountTry(app, services);
  const pictureAddress = mountPictures(app, services);
  for (const [path, { query = [], show }] of Object.entries(pages)) {
    mountPublicRead(app, services, {
      path,
      query,
      isVaried: true,
      make: async (call, asked) => {
        const { lang, theme } = asked.variant;
        const view = { config, lang, theme, now: call.now, path: asked.address, pictureAddress };
        const { body, headers } = await show(call, view, asked.params, asked.query);
        return { text: String(body), headers: headers as Record<string, string> };
      },
    });
>>>>>>> 78e99aa (Mount pages and outlets by one function)
  }
  return shared;
}
