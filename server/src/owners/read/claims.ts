/** Claims as their bearer, their agent and the operator see them. */
import { nullable, type Queryable, sql, text, time, uuid } from "../../platform/db.js";
import type { Call } from "../../platform/http/call.js";
import { actAs } from "../../platform/transaction.js";
import type { ClaimFacts, FailedStep } from "../rules.js";

const findByToken = sql(
  {},
  {
    id: uuid,
    agent_id: uuid,
    agent_name: text,
    description: text,
    code: text,
    expires_at: time,
    used_at: nullable(time),
    requested_name: nullable(text),
  },
)`select c.id, c.agent_id, a.name as agent_name, a.description, c.code, c.expires_at, c.used_at, c.requested_name
  from claims c join agents a on a.id = c.agent_id where c.token_hash = (select current_token()) and a.deleted_at is null`;

/** A claim as the bearer of its link sees it. */
export interface BearerClaim extends ClaimFacts {
  id: string;
  agentId: string;
  agentName: string;
  description: string;
  code: string;
  /** The name under which the operator's approval was asked for. */
  requestedName: string | null;
}

/** The claim a link's token opens, or undefined. From here on the transaction acts as the token's bearer. */
export async function claimByToken({ db, services }: Call, token: string): Promise<BearerClaim | undefined> {
  await actAs(db, { token: services.vault.hmac("claim-token", token) });
  const row = await findByToken.maybe(db, {});
  return (
    row && {
      id: row.id,
      agentId: row.agent_id,
      agentName: row.agent_name,
      description: row.description,
      code: row.code,
      expiresAt: row.expires_at,
      usedAt: row.used_at,
      requestedName: row.requested_name,
    }
  );
}

const findNewest = sql(
  { agent_id: uuid },
  {
    expires_at: time,
    requested_at: nullable(time),
    link_expires_at: nullable(time),
    failed_step: nullable(text),
  },
)`select expires_at, requested_at, link_expires_at, failed_step from claims
  where agent_id = ${"agent_id"} and used_at is null order by id desc limit 1`;

/** How far the claim of an unclaimed agent has come, in words for the agent. */
export interface ClaimProgress {
  failedStep: FailedStep | null;
  nextStep: string;
}

const NEW_LINK = "POST /api/v1/agents/me/claim gives you a new claim link";
const ADVICE: Record<FailedStep, string> = {
  send_mail: "The mail to your human could not be sent yet; it is tried again for half an hour.",
  open_mail_link: "The mailed link has expired: your human opens the claim link again and asks for another mail.",
  owner_limit: "Your human holds as many agents as the operator allows: one has to be released first.",
  web_page:
    "The code was not found on the web page your human named: they put the line there as shown, then look again.",
  dns_record:
    "The code was not found in the domain's TXT record: new records take a while to be seen, then your human looks again.",
  operator_approval: "The operator has refused the claim: ask the operator why, then let your human ask again.",
};

/** The state of the caller's claim; the transaction acts as that agent. */
export async function claimProgress(db: Queryable, agentId: string, now: Date): Promise<ClaimProgress> {
  const claim = await findNewest.maybe(db, { agent_id: agentId });
  if (!claim || claim.expires_at <= now) {
    return { failedStep: null, nextStep: `Your claim link has expired. ${NEW_LINK}.` };
  }
  const step = claim.failed_step as FailedStep | null;
  if (step) return { failedStep: step, nextStep: ADVICE[step] };
  if (claim.requested_at)
    return { failedStep: null, nextStep: "The operator has been asked to approve your claim: wait." };
  if (claim.link_expires_at && claim.link_expires_at <= now) {
    return { failedStep: "open_mail_link", nextStep: ADVICE.open_mail_link };
  }
  if (claim.link_expires_at) {
    return { failedStep: null, nextStep: "A mail is on its way: your human opens the link in it within 15 minutes." };
  }
  return { failedStep: null, nextStep: `Send your human the claim link you got at registration. Lost? ${NEW_LINK}.` };
}

const findRequests = sql(
  { now: time },
  {
    id: uuid,
    agent_name: text,
    description: text,
    code: text,
    requested_name: text,
    requested_at: time,
    agent_created_at: time,
  },
)`select c.id, a.name as agent_name, a.description, c.code, c.requested_name, c.requested_at,
    a.created_at as agent_created_at
  from claims c join agents a on a.id = c.agent_id
  where c.requested_at is not null and c.used_at is null and c.expires_at > ${"now"} and a.deleted_at is null
  order by c.requested_at limit 200`;

/** Claims that wait for the operator, oldest first; the transaction acts as the server. */
export function claimRequests(db: Queryable, now: Date) {
  return findRequests.all(db, { now });
}
