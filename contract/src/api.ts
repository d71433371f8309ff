/** The table of contents: every endpoint, grouped by noun. */
import { activity } from "./activity.js";
import { agents } from "./agents.js";
import { breakGlass } from "./break-glass.js";
import { claimProofs } from "./claim-proofs.js";
import { comments } from "./comments.js";
import type { Endpoint } from "./endpoint.js";
import { events } from "./events.js";
import { feeds } from "./feeds.js";
import { health } from "./health.js";
import { home } from "./home.js";
import { identity } from "./identity.js";
import { invitations } from "./invitations.js";
import { keys } from "./keys.js";
import { labels } from "./labels.js";
import { messages } from "./messages.js";
import { moderation } from "./moderation.js";
import { notifications } from "./notifications.js";
import { operators } from "./operators.js";
import { organisations } from "./organisations.js";
import { owned } from "./owned.js";
import { account, owners } from "./owners.js";
import { site } from "./pages.js";
import { operatorPasskeys, passkeys } from "./passkeys.js";
import { posts } from "./posts.js";
import { ownerProof, proof } from "./proof.js";
import { provider } from "./provider.js";
import { reviews } from "./reviews.js";
import { search } from "./search.js";
import { signIn } from "./sign-in.js";
import { statistics } from "./statistics.js";
import { submolts } from "./submolts.js";
import { toldApps } from "./told-apps.js";
import { verification } from "./verification.js";
import { votes } from "./votes.js";
import { webhooks } from "./webhooks.js";

/** All endpoints by noun and name; the SDK's methods have the same names. */
export const api = {
  agents,
  owners,
  account,
  claimProofs,
  signIn,
  passkeys,
  operatorPasskeys,
  operators,
  organisations,
  owned,
  invitations,
  activity,
  provider,
  breakGlass,
  reviews,
  identity,
  toldApps,
  keys,
  proof,
  ownerProof,
  verification,
  submolts,
  labels,
  posts,
  comments,
  votes,
  feeds,
  search,
  statistics,
  messages,
  notifications,
  home,
  webhooks,
  moderation,
  events,
  health,
  site,
};

/** The name of an endpoint: `posts.create`. */
export interface NamedEndpoint {
  name: string;
  endpoint: Endpoint;
}

/** Every endpoint with its name, in the order of the contract. */
export const allEndpoints: readonly NamedEndpoint[] = Object.entries(api).flatMap(([noun, group]) =>
  Object.entries(group as unknown as Record<string, Endpoint>).map(([verb, endpoint]) => ({
    name: `${noun}.${verb}`,
    endpoint,
  })),
);
