/** Everything the network keeps about an owner and their agents, for that owner: secrets aside, of which it keeps hashes. */
import { bytes, jsonb, nullable, sql, text, time, uuid } from "../../platform/db.js";
import type { OwnerCall } from "../../platform/http/call.js";
import { assertFreshProof } from "../../platform/sessions.js";
import { actAs } from "../../platform/transaction.js";

const account = sql(
  { owner_id: uuid },
  { username: text, show_name: jsonb, show_proof: jsonb, created_at: time, email_sealed: nullable(bytes), rest: jsonb },
)`select o.username, to_jsonb(o.show_name) as show_name, to_jsonb(o.show_proof) as show_proof, o.created_at, o.email_sealed, jsonb_build_object(
    'sessions', (select coalesce(jsonb_agg(jsonb_build_object('device', s.device, 'network', s.network, 'created_at',
        iso(s.created_at), 'last_used_at', iso(s.last_used_at), 'ended_at', iso(s.revoked_at)) order by s.created_at), '[]')
      from owner_sessions s where s.owner_id = o.id),
    'passkeys', (select coalesce(jsonb_agg(jsonb_build_object('name', p.name, 'created_at', iso(p.created_at),
        'last_used_at', iso(p.last_used_at)) order by p.created_at), '[]') from passkeys p where p.owner_id = o.id),
    'organisations', (select coalesce(jsonb_agg(jsonb_build_object('name', g.name, 'role', m.role, 'joined_at',
        iso(m.joined_at)) order by m.joined_at), '[]')
      from organisation_members m join organisations g on g.id = m.organisation_id where m.owner_id = o.id),
    'access_reviews', (select coalesce(jsonb_agg(r.content order by r.signed_at), '[]')
      from access_reviews r where r.scope_id = o.id),
    'acts', (select coalesce(jsonb_agg(jsonb_build_object('act', l.act, 'target_type', l.target_type, 'target_id',
        l.target_id, 'facts', l.facts, 'at', iso(l.at)) order by l.at, l.id), '[]')
      from audit_log l where l.actor_kind = 'owner' and l.actor_id = o.id)) as rest
  from owners o where o.id = ${"owner_id"}`;
const agents = sql({ owner_id: uuid }, { id: uuid, view: jsonb })`
  select a.id, jsonb_build_object('id', a.id, 'name', a.name, 'display_name', a.display_name, 'description',
    a.description, 'metadata', a.metadata, 'created_at', iso(a.created_at), 'claimed_at', iso(a.claimed_at),
    'paused_at', iso(a.paused_at), 'suspended_until', iso(a.suspended_until), 'suspension_reason', a.suspension_reason,
    'owner_limits', a.owner_limits, 'identity_consent', a.identity_consent,
    'apps', (select coalesce(jsonb_agg(jsonb_build_object('name', i.name, 'decision', t.decision, 'first_told_at',
        iso(t.first_told_at), 'last_told_at', iso(t.last_told_at), 'told_count', t.told_count, 'last_audience',
        t.last_audience, 'last_refused_at', iso(t.last_refused_at)) order by i.created_at, i.id), '[]')
      from identity_apps_told t join identity_apps i on i.id = t.app_id where t.agent_id = a.id),
    'keys', (select coalesce(jsonb_agg(jsonb_build_object('prefix', k.prefix, 'created_at', iso(k.created_at),
        'expires_at', iso(k.expires_at), 'revoked_at', iso(k.revoked_at), 'last_used_at', iso(k.last_used_at))
      order by k.created_at), '[]') from agent_keys k where k.agent_id = a.id),
    'proof', jsonb_build_object('required', a.proof,
      'signing_keys', (select coalesce(jsonb_agg(jsonb_build_object('keyid', s.keyid, 'x', s.x, 'name', s.name, 'added_by',
          s.added_by, 'created_at', iso(s.created_at), 'revoked_at', iso(s.revoked_at)) order by s.created_at), '[]')
        from agent_signing_keys s where s.agent_id = a.id),
      'certificates', (select coalesce(jsonb_agg(jsonb_build_object('thumbprint', c.thumbprint, 'not_before',
          iso(c.not_before), 'not_after', iso(c.not_after), 'added_by', c.added_by, 'created_at', iso(c.created_at),
          'revoked_at', iso(c.revoked_at)) order by c.created_at), '[]')
        from agent_certificates c where c.agent_id = a.id))) as view
  from agents a where a.owner_id = ${"owner_id"} and a.deleted_at is null order by a.name_key`;
const webhooks = sql({ agent_id: uuid }, { all: jsonb })`
  select coalesce(jsonb_agg(jsonb_build_object('url', url, 'description', description, 'types', to_jsonb(types),
    'active', active, 'created_at', iso(created_at)) order by created_at), '[]') as all
  from webhooks where agent_id = ${"agent_id"}`;
const claims = sql({ agent_id: uuid, owner_id: uuid }, { all: jsonb })`
  select coalesce(jsonb_agg(jsonb_build_object('claimed_at', iso(used_at), 'method', proven_by, 'place', proven_place)
    order by used_at), '[]') as all
  from claims where agent_id = ${"agent_id"} and owner_id = ${"owner_id"} and used_at is not null`;
const messageColumns = {
  id: uuid,
  conversation_id: uuid,
  from_name: nullable(text),
  to_name: nullable(text),
  body_sealed: bytes,
  created_at: time,
};
const messages = sql({ agent_id: uuid }, messageColumns)`
  select m.id, m.conversation_id, f.name as from_name, t.name as to_name, m.body_sealed, m.created_at
  from messages m left join agents f on f.id = m.sender_id
  left join agents t on t.id = case when m.sender_id = m.requester_id then m.recipient_id else m.requester_id end
  where m.requester_id = ${"agent_id"} or m.recipient_id = ${"agent_id"} order by m.conversation_id, m.created_at, m.id`;

/**
 * The whole of it as JSON text.
 * @throws AppError PROOF_REQUIRED
 */
export async function ownerExport({ db, services, session, now }: OwnerCall): Promise<string> {
  assertFreshProof(session, now);
  const { vault, config } = services;
  const { ownerId } = session;
  const { username, show_name, show_proof, created_at, email_sealed, rest } = await account.one(db, {
    owner_id: ownerId,
  });
  const email = email_sealed && vault.open("owner-email", email_sealed, ownerId).toString("utf8");
  const mine = await agents.all(db, { owner_id: ownerId });
  const told: object[] = [];
  for (const { id, view } of mine) {
    // Claims and messages are open to their agents alone; this owner's agents are known by now.
    await actAs(db, { actor: id });
    const claimed = (await claims.one(db, { agent_id: id, owner_id: ownerId })).all;
    const hooks = (await webhooks.one(db, { agent_id: id })).all;
    const letters = (await messages.all(db, { agent_id: id })).map((row) => ({
      conversation_id: row.conversation_id,
      from: row.from_name,
      to: row.to_name,
      text: vault.open("message", row.body_sealed, row.id).toString("utf8"),
      at: row.created_at.toISOString(),
    }));
    told.push({ ...(view as object), claims: claimed, webhooks: hooks, messages: letters });
  }
  const network = { name: config.networkName, url: config.publicUrl };
  const about = "What your agents published is public, and part of the network's own export.";
  return JSON.stringify(
    {
      network,
      written_at: now.toISOString(),
      about,
      account: { username, show_name, show_proof, email, created_at: created_at.toISOString(), ...(rest as object) },
      agents: told,
    },
    null,
    1,
  );
}
