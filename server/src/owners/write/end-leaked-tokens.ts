/** Links and sessions that stood in a text are ended: whoever sent them could have used them. */
import { record } from "../../audit/write.js";
import { manyBytes, nullable, type Queryable, sql, time, uuid } from "../../platform/db.js";
import type { Vault } from "../../platform/secrets.js";

const endClaims = sql({ hashes: manyBytes, own_id: nullable(uuid), now: time }, { agent_id: uuid })`
  update claims set expires_at = ${"now"} where token_hash = any(${"hashes"}) and used_at is null
    and expires_at > ${"now"} and agent_id is distinct from ${"own_id"}::uuid returning agent_id`;
const endLinks = sql({ hashes: manyBytes, now: time }, { id: uuid })`
  update magic_links set expires_at = ${"now"} where token_hash = any(${"hashes"}) and used_at is null
    and expires_at > ${"now"} returning id`;
const endSessions = sql({ hashes: manyBytes, now: time }, { owner_id: nullable(uuid) })`
  update owner_sessions set revoked_at = ${"now"} where token_hash = any(${"hashes"}) and revoked_at is null
    and expires_at > ${"now"} returning owner_id`;

/**
 * Ends the claims, links and sessions that some texts open; others are left alone. The transaction acts as the server.
 * @param ownId the agent that sent the texts: its own claim link stays
 * @returns how many were ended
 */
export async function endLeakedTokens(
  tx: Queryable,
  vault: Vault,
  tokens: readonly string[],
  ownId: string | null,
  now: Date,
): Promise<number> {
  let ended = 0;
  const hashes = (purpose: string, prefix: string) =>
    tokens.filter((token) => token.startsWith(prefix)).map((token) => vault.hmac(purpose, token));
  const by = { kind: "server" as const, id: null };
  const claims = hashes("claim-token", "moltbook_claim_");
  if (claims.length > 0) {
    for (const { agent_id } of await endClaims.all(tx, { hashes: claims, own_id: ownId, now })) {
      ended++;
      await record(tx, { by, act: "claim.end_leaked", target: { type: "agent", id: agent_id }, at: now });
    }
  }
  const links = hashes("link-token", "moltlink_");
  if (links.length > 0) {
    const rows = await endLinks.all(tx, { hashes: links, now });
    ended += rows.length;
    if (rows.length > 0) await record(tx, { by, act: "link.end_leaked", facts: { links: rows.length }, at: now });
  }
  const sessions = hashes("session-token", "moltsession_");
  if (sessions.length > 0) {
    for (const { owner_id } of await endSessions.all(tx, { hashes: sessions, now })) {
      ended++;
      const target = owner_id === null ? {} : { target: { type: "owner" as const, id: owner_id } };
      await record(tx, { by, act: "session.end_leaked", ...target, at: now });
    }
  }
  return ended;
}
