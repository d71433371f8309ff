/** One-time links as whoever opens them sees them: what would happen, before anything does. */
import { nullable, type Queryable, sql, text, time, uuid } from "../../platform/db.js";
import type { Call } from "../../platform/http/call.js";
import { actAs, SYSTEM } from "../../platform/transaction.js";
import type { LinkPurpose } from "../rules.js";

const findLink = sql(
  {},
  { purpose: text, expires_at: time, used_at: nullable(time), claim_id: nullable(uuid), agent_id: nullable(uuid) },
)`select purpose, expires_at, used_at, claim_id, agent_id from magic_links
  where token_hash = (select current_token())`;
const findAgent = sql({ claim_id: nullable(uuid), agent_id: nullable(uuid) }, { name: text, code: nullable(text) })`
  select a.name, c.code from agents a left join claims c on c.id = ${"claim_id"}
  where a.id = coalesce(c.agent_id, ${"agent_id"}) and a.deleted_at is null`;

/** What a link would do. */
export interface LinkView {
  purpose: LinkPurpose;
  expiresAt: Date;
  usedAt: Date | null;
  /** The agent it is about, for claims. */
  agent: { name: string; code: string | null } | null;
}

/** The link a token opens, or undefined. From here on the transaction acts as the server. */
export async function linkByToken({ db, services }: Call, token: string): Promise<LinkView | undefined> {
  await actAs(db, { token: services.vault.hmac("link-token", token) });
  const link = await findLink.maybe(db, {});
  if (!link) return undefined;
  await actAs(db, { actor: SYSTEM });
  const agent = await agentOf(db, link);
  return { purpose: link.purpose as LinkPurpose, expiresAt: link.expires_at, usedAt: link.used_at, agent };
}

async function agentOf(db: Queryable, link: { claim_id: string | null; agent_id: string | null }) {
  if (link.claim_id === null && link.agent_id === null) return null;
  return (await findAgent.maybe(db, { claim_id: link.claim_id, agent_id: link.agent_id })) ?? null;
}
