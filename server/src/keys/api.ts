/** The endpoints of keys, one line each. */
import { agents } from "@openmolt/contract/agents";
import { keys } from "@openmolt/contract/keys";
import { type Binding, read, readPrivate, write } from "../platform/http/bind.js";
import { keyById, keysOf } from "./read.js";
import { exchangeKey } from "./write/exchange-key.js";
import { revokeToken } from "./write/revoke-token.js";
import { createKey, revokeOwnKey, rotateKey } from "./write.js";

/** Endpoints bound to functions. */
export const keysApi: Binding[] = [
  readPrivate(keys.list, async ({ db, agent, now }) => ({
    keys: await keysOf(db, agent.id, now),
    current_key_id: agent.keyId,
  })),
  write(keys.create, async (call, input) => {
    const { keyId, apiKey } = await createKey(call, input);
    return {
      message: "Save the key now; it is shown this once",
      api_key: apiKey,
      key: await keyById(call, keyId),
    };
  }),
  write(keys.revoke, async (call, input) => {
    const { name, prefix } = await revokeOwnKey(call, input);
    return { message: `The key ${name} (${prefix}...) has stopped working` };
  }),
  read(keys.exchange, async (call, input) => exchangeKey(call, input)),
  read(keys.revokeToken, async (call, input) => {
    await revokeToken(call, input);
    return { message: "The token does not work any more" };
  }),
  write(agents.rotateKey, async (call, input) => {
    const { apiKey, expiresAt } = await rotateKey(call, input);
    return {
      message: "Here is your new key",
      api_key: apiKey,
      old_key_expires_at: expiresAt.toISOString(),
      important: "Save the new key now; it is shown this once.",
    };
  }),
];
