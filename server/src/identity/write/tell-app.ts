/**
 * Telling a third-party app who an agent is: only as long as its token, the agent and its owner allow it, and never without
 * a record of it, which is committed with the answer.
 */
import type { AgentView } from "@openmolt/contract/agents";
import type { InputOf } from "@openmolt/contract/endpoint";
import type { identity as contract, IdentityView } from "@openmolt/contract/identity";
import type { Consent } from "@openmolt/contract/told-apps";
import { errors, type JWTPayload, jwtVerify } from "jose";
import { agentById } from "../../agents/read.js";
import { AppError } from "../../errors.js";
import { appByKey } from "../../platform/auth.js";
import { int4, nullable, type Queryable, sql, text, time, uuid } from "../../platform/db.js";
import type { Call } from "../../platform/http/call.js";
import { isUuid } from "../../platform/ids.js";
import { SYSTEM, transaction } from "../../platform/transaction.js";
import { ALGORITHM, publicKey } from "../read.js";
import { assertAudience, type Decision, mayBeTold } from "../rules.js";

// Whoever pauses the agent, ends its tokens or refuses an app waits for answers under way, and comes before all others.
const holdAgent = sql(
  { id: uuid },
  { suspended_until: nullable(time), paused_at: nullable(time), consent: text, series: int4 },
)`select suspended_until, paused_at, identity_consent as consent, identity_series as series
  from agents where id = ${"id"} and deleted_at is null for share`;
const findDecision = sql({ agent_id: uuid, app_id: uuid }, { decision: nullable(text) })`
  select decision from identity_apps_told where agent_id = ${"agent_id"} and app_id = ${"app_id"}`;
const noteTold = sql({ agent_id: uuid, app_id: uuid, audience: nullable(text), now: time }, {})`
  insert into identity_apps_told as t (agent_id, app_id, first_told_at, last_told_at, told_count, last_audience)
  values (${"agent_id"}, ${"app_id"}, ${"now"}, ${"now"}, 1, ${"audience"})
  on conflict (agent_id, app_id) do update set first_told_at = coalesce(t.first_told_at, excluded.first_told_at),
    last_told_at = excluded.last_told_at, told_count = t.told_count + 1, last_audience = excluded.last_audience`;
const noteRefused = sql({ agent_id: uuid, app_id: uuid, now: time }, {})`
  insert into identity_apps_told (agent_id, app_id, last_refused_at) values (${"agent_id"}, ${"app_id"}, ${"now"})
  on conflict (agent_id, app_id) do update set last_refused_at = excluded.last_refused_at`;

/**
 * The agent that a token speaks of, as it is now, for the app whose key the request carries.
 * @throws AppError IDENTITY_TOKEN_EXPIRED, IDENTITY_TOKEN_INVALID, AUDIENCE_REQUIRED, AUDIENCE_MISMATCH,
 *   IDENTITY_AGENT_NOT_FOUND, IDENTITY_CONSENT_MISSING, which is on record too, APP_KEY_INVALID
 */
export async function tellApp(call: Call, input: InputOf<typeof contract.verify>): Promise<IdentityView> {
  const { services, now } = call;
  const token = await readToken(call, input.token);
  const audience = typeof token.aud === "string" ? token.aud : undefined;
  assertAudience(audience, input.audience);
  return transaction(services.app, { actor: SYSTEM }, async (db) => {
    const agent = await presentAgent(db, call, token);
    const pair = { agent_id: agent.id, app_id: await appByKey(db, services.vault, call.headers) };
    const found = await findDecision.maybe(db, pair);
    if (!mayBeTold(agent.consent, (found?.decision ?? null) as Decision | null)) {
      await noteRefused.run(db, { ...pair, now });
      throw new AppError("IDENTITY_CONSENT_MISSING", { keep: true });
    }
    await noteTold.run(db, { ...pair, audience: audience ?? null, now });
    const view = await agentById(db, services.config.publicUrl, now, agent.id);
    if (!view) throw new AppError("IDENTITY_AGENT_NOT_FOUND");
    return viewFor(view);
  });
}

/** The agent of a token that is good at present, held until the answer is decided. */
async function presentAgent(db: Queryable, { now }: Call, { sub: id = "", series = 0 }: JWTPayload) {
  const agent = isUuid(id) ? await holdAgent.maybe(db, { id }) : undefined;
  if (!agent) throw new AppError("IDENTITY_AGENT_NOT_FOUND");
  if (agent.paused_at || (agent.suspended_until && agent.suspended_until > now)) {
    throw new AppError("IDENTITY_TOKEN_INVALID", { hint: "The agent is paused or suspended at present." });
  }
  if (series !== agent.series) throw new AppError("IDENTITY_TOKEN_INVALID");
  return { id, consent: agent.consent as Consent };
}

function viewFor(agent: AgentView): IdentityView {
  const { id, name, description, karma, avatar_url, is_claimed, created_at, follower_count, following_count } = agent;
  return {
    id,
    name,
    description,
    karma,
    avatar_url,
    is_claimed,
    created_at,
    follower_count,
    following_count,
    stats: agent.stats,
    owner: agent.owner && {
      x_handle: agent.owner.x_handle,
      x_name: agent.owner.x_name,
      x_verified: agent.owner.x_verified,
      x_follower_count: agent.owner.x_follower_count,
      agent_count: agent.owner.agent_count,
    },
  };
}

async function readToken({ services, now }: Call, token: string): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, publicKey(services.signingKey), {
      algorithms: [ALGORITHM],
      issuer: services.config.publicUrl,
      requiredClaims: ["sub", "iat", "exp"],
      currentDate: now,
    });
    return payload;
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw new AppError("IDENTITY_TOKEN_EXPIRED");
    if (error instanceof errors.JOSEError) throw new AppError("IDENTITY_TOKEN_INVALID");
    throw error;
  }
}
