/** Makes keys; only the hash of a key is kept. */
import { scopes as allScopes } from "@openmolt/contract/endpoint";
import { bytes, nullable, type Queryable, sql, text, texts, time, uuid } from "../../platform/db.js";
import type { Call } from "../../platform/http/call.js";
import { newId } from "../../platform/ids.js";
import { newAgentKey } from "../../platform/keys.js";
import { livingKey } from "../read.js";
import { assertRoomFor, earlier, endOfKey, FIRST_KEY, type KeyLimits } from "../rules.js";

const insertKey = sql(
  {
    id: uuid,
    agent_id: uuid,
    key_hash: bytes,
    prefix: text,
    name: text,
    scopes: texts,
    networks: texts,
    not_after: nullable(time),
    expires_at: nullable(time),
    now: time,
  },
  {},
)`insert into agent_keys (id, agent_id, key_hash, prefix, name, scopes, networks, not_after, expires_at, created_at)
  values (${"id"}, ${"agent_id"}, ${"key_hash"}, ${"prefix"}, ${"name"}, ${"scopes"}, ${"networks"}, ${"not_after"},
    ${"expires_at"}, ${"now"})`;
const namesOf = sql({ agent_id: uuid, now: time }, { name: text })`
  select k.name from agent_keys k where k.agent_id = ${"agent_id"} and ${livingKey}`;

/** What a new key is called and limited to. */
export interface NewKey extends KeyLimits {
  name: string;
}

/** An agent's first key, and the one that recovers it: everything, everywhere, as long as may be. */
export const FULL_KEY: NewKey = { name: FIRST_KEY, scopes: allScopes, networks: [], notAfter: null };

/** A key with its secret, which is shown this once. */
export interface IssuedKey {
  keyId: string;
  apiKey: string;
  /** What may be shown of it again. */
  prefix: string;
}

/**
 * Makes a key for an agent, ending as chosen and as the operator says.
 * @param before nothing made from a key that ends outlives this; null where nothing does
 */
export async function issueKey(
  { db, services, now }: Pick<Call, "db" | "services" | "now">,
  agentId: string,
  { name, scopes, networks, notAfter }: NewKey,
  before: Date | null = null,
): Promise<IssuedKey> {
  const apiKey = newAgentKey();
  const key = { keyId: newId(), apiKey, prefix: apiKey.slice(0, 13) };
  await insertKey.run(db, {
    id: key.keyId,
    agent_id: agentId,
    key_hash: services.vault.hmac("agent-key", apiKey),
    prefix: key.prefix,
    name,
    scopes,
    networks,
    not_after: notAfter,
    expires_at: earlier(before, endOfKey(notAfter, services.config.keyDays, now)),
    now,
  });
  return key;
}

/**
 * There is room for another key of an agent that is held, and its name is free.
 * @throws AppError CONFLICT, NAME_TAKEN
 */
export async function assertRoom(db: Queryable, agentId: string, name: string, now: Date): Promise<void> {
  const rows = await namesOf.all(db, { agent_id: agentId, now });
  assertRoomFor(
    name,
    rows.map((row) => row.name),
  );
}
