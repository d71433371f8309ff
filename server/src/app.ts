/** The table of contents: mounts every noun's endpoints, the pages and the documents on one server. */
import type { FastifyInstance } from "fastify";
import { agentsApi } from "./agents/api.js";
import { revokeLeaked } from "./agents/write/leaked-keys.js";
import { activityApi } from "./audit/api.js";
import { commentsApi } from "./comments/api.js";
import { readOwnValues } from "./comments/read/own-values.js";
import { heldComments } from "./comments/write/create-comment.js";
import { communitiesApi } from "./communities/api.js";
import { heldSubmolts } from "./communities/write/found-submolt.js";
import { feedsApi } from "./feeds/api.js";
import { identityApi } from "./identity/api.js";
import { invitationsApi } from "./invitations/api.js";
import { keysApi } from "./keys/api.js";
import { leavingApi } from "./leaving/api.js";
import { liveApi, openHub } from "./live/api.js";
import { mountMcp } from "./mcp/route.js";
import { messagesApi } from "./messages/api.js";
import { moderationApi } from "./moderation/api.js";
import { notificationsApi } from "./notifications/api.js";
import { notifying } from "./notifications/on-event.js";
import { organisationsApi } from "./organisations/api.js";
import { ownersApi } from "./owners/api.js";
import type { Reaction } from "./platform/background.js";
import { healthApi } from "./platform/health.js";
import { recordAccesses } from "./platform/http/accesses.js";
import { limitCrawlers } from "./platform/http/crawlers.js";
import { serveLeakAlerts } from "./platform/http/leak-alerts.js";
import { serveMedia } from "./platform/http/media.js";
import { guardReading } from "./platform/http/members.js";
import { isServedAtRoot, toOlderDialect } from "./platform/http/older-dialect.js";
import { mount } from "./platform/http/serve.js";
import { createServer } from "./platform/http/server.js";
import type { ReadOwnValues } from "./platform/http/shared-json.js";
import { testClockApi } from "./platform/http/test-clock.js";
import { refuseUnknown } from "./platform/http/unknown.js";
import { serveMetrics } from "./platform/metrics.js";
import type { Services } from "./platform/services.js";
import { postsApi } from "./posts/api.js";
import { heldPosts } from "./posts/write/create-post.js";
import { proofApi } from "./proof/api.js";
import { searchApi } from "./search/api.js";
import { index } from "./search/on-event.js";
import { signInApi } from "./sign-in/api.js";
import { verificationApi } from "./verification/api.js";
import { votesApi } from "./votes/api.js";
import { accountPages } from "./web/account/pages.js";
import { mountDocuments } from "./web/documents/routes.js";
import { flatSkill } from "./web/documents/skill.js";
import { errorPage } from "./web/errors.js";
import { mountIcons } from "./web/outlets/icons.js";
import { serveOutlets } from "./web/outlets/routes.js";
import { mountPages } from "./web/pages/routes.js";
import { preferences } from "./web/preferences.js";
import { serveScripts } from "./web/scripts.js";
import { serveStyle } from "./web/style.js";
import { webhooksApi } from "./webhooks/api.js";
import { queueDeliveries } from "./webhooks/write/queue-deliveries.js";

const bindings = [
  ...agentsApi,
  ...ownersApi,
  ...signInApi,
  ...organisationsApi,
  ...invitationsApi,
  ...activityApi,
  ...keysApi,
  ...identityApi,
  ...proofApi,
  ...verificationApi({ post: heldPosts, comment: heldComments, submolt: heldSubmolts }),
  ...communitiesApi,
  ...postsApi,
  ...commentsApi,
  ...votesApi,
  ...feedsApi,
  ...searchApi,
  ...messagesApi,
  ...notificationsApi,
  ...webhooksApi,
  ...moderationApi,
  ...leavingApi,
  ...accountPages,
  ...preferences,
  ...healthApi,
];

/** What follows from events, a moment later. */
export const reactions: readonly Reaction[] = [notifying(queueDeliveries), index];

/** A server with everything mounted, not yet listening. */
export async function createApp(services: Services): Promise<FastifyInstance> {
  const app = await createServer(services, errorPage(services));
  recordAccesses(app, services);
  limitCrawlers(app, services);
  guardReading(app, services);
  refuseUnknown(app);
  serveStyle(app);
  serveScripts(app);
  mountIcons(app, services.config);
  const hub = openHub(services);
  app.addHook("preClose", async () => hub.close());
  const watchers = { name: "openmolt_stream_watchers", help: "Live streams open now.", read: () => hub.size };
  serveMetrics(app, services, [watchers]);
  const pages = mountPages(app, services);
  const ownValues: ReadOwnValues = (agentId, places) => readOwnValues(services.app, agentId, places);
  const clock = services.config.testDouble ? testClockApi : [];
  for (const binding of [...bindings, ...liveApi(hub), ...clock]) {
    mount(app, services, binding, { prefix: "/api/v1", ownValues, onLeak: revokeLeaked });
    if (isServedAtRoot(binding.endpoint))
      mount(app, services, binding, { prefix: "", dialect: toOlderDialect, pages, ownValues, onLeak: revokeLeaked });
  }
  serveMedia(app, services);
  serveLeakAlerts(app, services, revokeLeaked);
  serveOutlets(app, services);
  mountDocuments(app, services);
  mountMcp(app, services, flatSkill(services.config));
  return app;
}
