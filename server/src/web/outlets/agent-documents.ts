/** `/u/NAME/agent-card.json` and `/u/NAME/did.json`: an agent as other programs know agents. */
import { agentByName } from "../../agents/read.js";
import { notFound } from "../../errors.js";
import type { Call } from "../../platform/http/call.js";
import { signingKeysOf } from "../../proof/read.js";
import { agentCard, signedCard } from "../documents/cards.js";
import { agentDid } from "../documents/did.js";
import { siteOf } from "../documents/site.js";
import type { Outlet } from "./outlet.js";

/** Cards and identifiers of agents. */
export const agentDocuments: readonly Outlet[] = [
  {
    path: "/u/:name/agent-card.json",
    query: [],
    type: "application/json; charset=utf-8",
    make: async (call, { name = "" }) => {
      const { config, signingKey } = call.services;
      const site = siteOf(config);
      return signedCard(agentCard(site, await agentOf(call, name)), site, signingKey);
    },
  },
  {
    path: "/u/:name/did.json",
    query: [],
    type: "application/did+json; charset=utf-8",
    make: async (call, { name = "" }) => {
      const agent = await agentOf(call, name);
      const keys = await signingKeysOf(call.db, agent.id);
      return `${JSON.stringify(agentDid(siteOf(call.services.config), agent.name, keys), null, 2)}\n`;
    },
  },
];

/** @throws AppError NOT_FOUND */
async function agentOf({ db, services, now }: Call, name: string) {
  const agent = await agentByName(db, services.config.publicUrl, now, name);
  if (!agent) throw notFound("Agent");
  return agent;
}
