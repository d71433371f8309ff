/**
 * Keys that stood in a text. Whoever sent one holds it, so it is revoked before the refusal leaves: in this process it
 * opens nothing from then on, in others a moment later. Its agent and its owner are told.
 */
import { record } from "../../audit/write.js";
import { refusalOf } from "../../errors.js";
import { MAIL_TRIES } from "../../owners/rules.js";
import { endLeakedTokens } from "../../owners/write/end-leaked-tokens.js";
import { isAccessToken, readAccessToken } from "../../platform/access-tokens.js";
import { bool, bytes, manyBytes, nullable, sql, text, time, uuid, uuids } from "../../platform/db.js";
import { enqueue } from "../../platform/events.js";
import { addJob } from "../../platform/jobs.js";
import { agentChanged } from "../../platform/known-keys.js";
import { langOf, leakedKeyLetter } from "../../platform/letters.js";
import { addressFor } from "../../platform/owner-mail.js";
import type { Vault } from "../../platform/secrets.js";
import type { Services } from "../../platform/services.js";
import { SYSTEM, transaction } from "../../platform/transaction.js";

/** The job that mails an owner about a leaked key; its id is the key's. */
export const TELL_OF_LEAK = "tell_of_leak";
/** Keys of one request that are looked up; who sends more tries to keep the database busy. */
const MOST_LOOKED_UP = 20;

const findKeys = sql({ hashes: manyBytes, ids: uuids, now: time }, { id: uuid, agent_id: uuid, lives: bool })`
  select id, agent_id, revoked_at is null and (expires_at is null or expires_at > ${"now"}) as lives
  from agent_keys where key_hash = any(${"hashes"}) or id = any(${"ids"})`;
const holdAgents = sql({ ids: uuids }, { id: uuid })`
  select id from agents where id = any(${"ids"}) and deleted_at is null order by id for no key update`;
const revoke = sql({ ids: uuids, agent_ids: uuids, now: time }, { id: uuid, agent_id: uuid, prefix: text })`
  update agent_keys set revoked_at = ${"now"}
  where id = any(${"ids"}) and agent_id = any(${"agent_ids"}) and revoked_at is null
  returning id, agent_id, prefix`;

/** What stood in a text, and who sent it. */
export interface Leak {
  /** Tokens of ours, as they were handed out. */
  tokens: readonly string[];
  /** The agent that sent them; null for anybody else. */
  senderId: string | null;
  /** Where: the pattern of a path. */
  route: string;
}

/** The keys that access tokens stand for, as long as the tokens work: a token ends with its key and in no other way. */
function keysOfTokens(vault: Vault, tokens: readonly string[], now: Date): string[] {
  return tokens.filter(isAccessToken).flatMap((token) => {
    let keyId: string | undefined;
    const refusal = refusalOf(() => {
      keyId = readAccessToken(vault, token, now).keyId;
    });
    return refusal === undefined && keyId !== undefined ? [keyId] : [];
  });
}

/**
 * Revokes the keys in a leak that live, except the sender's own unless the operator wants that too.
 * @returns how many keys and tokens were real once, whether they lived or not
 */
export async function revokeLeaked(services: Services, leak: Leak, now: Date): Promise<number> {
  const { vault, config } = services;
  const tokens = [...new Set(leak.tokens)].slice(0, MOST_LOOKED_UP);
  if (tokens.length === 0) return 0;
  const hashes = tokens.map((token) => vault.hmac("agent-key", token));
  const real = await transaction(services.app, { actor: SYSTEM }, async (tx) => {
    const keys = await findKeys.all(tx, { hashes, ids: keysOfTokens(vault, tokens, now), now });
    const ending = keys.filter(({ agent_id, lives }) => lives && (agent_id !== leak.senderId || config.revokeOwnLeaks));
    // Whoever writes with the key holds its agent; once this has it, nothing comes from the key any more.
    const held = await holdAgents.all(tx, { ids: ending.map(({ agent_id }) => agent_id) });
    const which = { ids: ending.map(({ id }) => id), agent_ids: held.map(({ id }) => id), now };
    for (const key of await revoke.all(tx, which)) {
      await agentChanged(tx, key.agent_id);
      await record(tx, {
        by: { kind: "server", id: null },
        act: "agent.revoke_leaked_key",
        target: { type: "agent", id: key.agent_id },
        facts: { prefix: key.prefix, sent_by: leak.senderId, route: leak.route },
        at: now,
      });
      await enqueue(tx, now, { kind: "key_leaked", subjectId: key.id, targetId: key.agent_id });
      await addJob(tx, TELL_OF_LEAK, key.id, MAIL_TRIES);
    }
    return keys.length + (await endLeakedTokens(tx, vault, tokens, leak.senderId, now));
  });
  services.background.wake();
  return real;
}

const findOwner = sql(
  { key_id: uuid },
  {
    prefix: text,
    revoked_at: nullable(time),
    agent_name: text,
    owner_id: uuid,
    email_sealed: nullable(bytes),
    language: text,
  },
)`select k.prefix, k.revoked_at, a.name as agent_name, o.id as owner_id, ${addressFor.leaked_key} as email_sealed,
    o.language
  from agent_keys k join agents a on a.id = k.agent_id join owners o on o.id = a.owner_id
  where k.id = ${"key_id"} and a.deleted_at is null and o.deleted_at is null`;

/** Mails the owner of a key that was revoked because it leaked. Rejects when the mail could not be handed over. */
export async function tellOfLeak({ app, config, mailer, vault }: Services, keyId: string): Promise<void> {
  const key = await transaction(app, { actor: SYSTEM }, (tx) => findOwner.maybe(tx, { key_id: keyId }), true);
  if (!key?.email_sealed || !key.revoked_at) return;
  const { agent_name: agent, prefix, revoked_at: at } = key;
  await mailer.send({
    to: vault.open("owner-email", key.email_sealed, key.owner_id).toString("utf8"),
    ...leakedKeyLetter[langOf(key.language)]({
      network: config.networkName,
      agent,
      prefix,
      at: at.toISOString(),
      keys: `${config.publicUrl}/owner`,
      page: `${config.publicUrl}/u/${agent}`,
    }),
  });
}
