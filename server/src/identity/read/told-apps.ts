/** Which third-party apps asked who an agent is, for its owner; the transaction acts as the owner. */
import type { Consent } from "@openmolt/contract/told-apps";
import { notFound } from "../../errors.js";
import { bool, int4, nullable, sql, text, time, uuid } from "../../platform/db.js";
import type { OwnerCall } from "../../platform/http/call.js";
import type { Decision } from "../rules.js";

const findAgent = sql({ id: uuid }, { name: text, consent: text })`
  select name, identity_consent as consent from agents
  where id = ${"id"} and deleted_at is null and id in (select m from my_agents('{admin}') m)`;
const findApps = sql(
  { agent_id: uuid },
  {
    id: uuid,
    name: text,
    is_ended: bool,
    decision: nullable(text),
    first_told_at: nullable(time),
    last_told_at: nullable(time),
    told_count: int4,
    last_audience: nullable(text),
    last_refused_at: nullable(time),
  },
)`select i.id, i.name, i.revoked_at is not null as is_ended, t.decision, t.first_told_at, t.last_told_at, t.told_count,
    t.last_audience, t.last_refused_at
  from identity_apps_told t join identity_apps i on i.id = t.app_id
  where t.agent_id = ${"agent_id"} order by greatest(t.last_told_at, t.last_refused_at) desc, i.id limit 1000`;

/** An app that asked about an agent. */
export interface ToldApp {
  id: string;
  name: string;
  /** Its key has ended, so that it asks no more. */
  isEnded: boolean;
  decision: Decision | null;
  /** Null until it was told. */
  firstToldAt: Date | null;
  lastToldAt: Date | null;
  toldCount: number;
  /** Null as well when the last token named none. */
  lastAudience: string | null;
  lastRefusedAt: Date | null;
}

/** An agent with the apps that asked about it, those that asked last first. */
export interface AppsOfAgent {
  name: string;
  consent: Consent;
  apps: ToldApp[];
}

/**
 * What the owner is shown about an agent and apps.
 * @throws AppError NOT_FOUND for everybody else's
 */
export async function appsOfAgent({ db }: OwnerCall, agentId: string): Promise<AppsOfAgent> {
  const agent = await findAgent.maybe(db, { id: agentId });
  if (!agent) throw notFound("Agent");
  const rows = await findApps.all(db, { agent_id: agentId });
  const apps = rows.map((row) => ({
    id: row.id,
    name: row.name,
    isEnded: row.is_ended,
    decision: row.decision as Decision | null,
    firstToldAt: row.first_told_at,
    lastToldAt: row.last_told_at,
    toldCount: row.told_count,
    lastAudience: row.last_audience,
    lastRefusedAt: row.last_refused_at,
  }));
  return { name: agent.name, consent: agent.consent as Consent, apps };
}
