/**
 * Access reviews as their reviewers see them: every agent of an organisation, or of an owner that is in none, with its
 * keys and the apps outside that are told who it is. The transactions act as the owner, who sees nothing of others.
 */
import type { OrganisationRole } from "@openmolt/contract/organisations";
import { notFound } from "../../errors.js";
import { bytes, jsonb, nullable, part, sql, text, texts, time, uuid } from "../../platform/db.js";
import { digestOf } from "../../platform/digest.js";
import type { OwnerCall } from "../../platform/http/call.js";
import {
  type DecidedRow,
  type Decision,
  fingerprintOf,
  type ReviewRow,
  reviewDue,
  type SignedContent,
  stateOf,
} from "../rules/review.js";
import { REVIEWERS } from "../rules/roles.js";
import { membershipOf } from "./organisations.js";

/** Agents of an organisation, or of an owner and in none: an id is never both. */
const inScope = part`a.deleted_at is null and a.owner_id is not null
  and (a.organisation_id = ${"scope_id"} or (a.owner_id = ${"scope_id"} and a.organisation_id is null))`;
const findAgents = sql(
  { scope_id: uuid },
  { id: uuid, name: text, responsible: text, created_at: time, last_used_at: nullable(time) },
)`select a.id, a.name, f.username as responsible, a.created_at, s.last_active_at as last_used_at
  from agents a join agent_stats s on s.agent_id = a.id join fellows() f on f.owner_id = a.owner_id
  where ${inScope} order by a.name_key`;
const findKeys = sql(
  { scope_id: uuid, now: time },
  {
    id: uuid,
    agent_id: uuid,
    agent: text,
    responsible: text,
    name: text,
    prefix: text,
    scopes: texts,
    networks: texts,
    created_at: time,
    expires_at: nullable(time),
    last_used_at: nullable(time),
    last_used_from: nullable(text),
  },
)`select k.id, a.id as agent_id, a.name as agent, f.username as responsible, k.name, k.prefix, k.scopes, k.networks,
    k.created_at, k.expires_at, k.last_used_at, k.last_used_network as last_used_from
  from agents a join fellows() f on f.owner_id = a.owner_id join agent_keys k on k.agent_id = a.id
  where ${inScope} and k.revoked_at is null and (k.expires_at is null or k.expires_at > ${"now"})
  order by k.created_at, k.id`;
const findSigningKeys = sql(
  { scope_id: uuid },
  { id: text, agent_id: uuid, agent: text, responsible: text, name: text, created_at: time },
)`select k.keyid as id, a.id as agent_id, a.name as agent, f.username as responsible, k.name, k.created_at
  from agents a join fellows() f on f.owner_id = a.owner_id join agent_signing_keys k on k.agent_id = a.id
  where ${inScope} and k.revoked_at is null order by k.created_at, k.keyid`;
const findCertificates = sql(
  { scope_id: uuid, now: time },
  { id: text, agent_id: uuid, agent: text, responsible: text, thumbprint: text, created_at: time, expires_at: time },
)`select a.id || '_' || c.thumbprint as id, a.id as agent_id, a.name as agent, f.username as responsible, c.thumbprint,
    c.created_at, c.not_after as expires_at
  from agents a join fellows() f on f.owner_id = a.owner_id join agent_certificates c on c.agent_id = a.id
  where ${inScope} and c.revoked_at is null and c.not_after > ${"now"} order by c.created_at, c.thumbprint`;
/** Apps that are told of an agent when they ask; an app that waits for a word, or was refused, is told nothing. */
const findApps = sql(
  { scope_id: uuid },
  {
    id: text,
    agent_id: uuid,
    agent: text,
    responsible: text,
    name: text,
    created_at: time,
    last_used_at: nullable(time),
  },
)`select a.id || '_' || i.id as id, a.id as agent_id, a.name as agent, f.username as responsible, i.name,
    coalesce(t.first_told_at, i.created_at) as created_at, t.last_told_at as last_used_at
  from agents a join fellows() f on f.owner_id = a.owner_id join identity_apps_told t on t.agent_id = a.id
    join identity_apps i on i.id = t.app_id
  where ${inScope} and i.revoked_at is null and a.identity_consent <> 'nobody' and (t.decision = 'allowed'
    or (t.decision is null and a.identity_consent = 'anyone' and t.first_told_at is not null))
  order by i.name, i.id`;
const findMarks = sql({ scope_id: uuid }, { seen: jsonb })`
  select seen from access_review_marks where scope_id = ${"scope_id"} order by decided_at, subject_id`;
const findOwner = sql({ id: uuid }, { username: text, created_at: time })`
  select username, created_at from owners where id = ${"id"} and deleted_at is null`;
const findRecords = sql(
  { scope_id: uuid },
  { id: uuid, signed_at: time, content: jsonb, salt: bytes, digest: bytes },
)`select id, signed_at, content, salt, digest from access_reviews
  where scope_id = ${"scope_id"} order by signed_at desc, id desc limit 100`;
const findRecord = sql({ id: uuid }, { content: jsonb, salt: bytes, digest: bytes })`
  select content, salt, digest from access_reviews where id = ${"id"}`;

/** Whose agents a review is about, and what the caller may do in it. */
export interface ReviewScope {
  id: string;
  type: "organisation" | "owner";
  /** Of the organisation or of the owner. */
  name: string;
  /** Since when there is something to review. */
  since: Date;
  role: OrganisationRole;
}

/** A row with what was decided about it as it is now. */
export interface OpenRow extends ReviewRow {
  fingerprint: string;
  decision: Decision | null;
  decided_by: string | null;
  decided_at: string | null;
}

/** A review that was signed off. */
export interface ReviewRecord {
  id: string;
  signedAt: Date;
  content: SignedContent;
  /** SHA-256 over the salt and the content, in hexadecimal. */
  digest: string;
  salt: string;
  /** Whether the content is what was signed. */
  isIntact: boolean;
}

/** The review under way. */
export interface ReviewView {
  scope: ReviewScope;
  mayDecide: boolean;
  /** Every agent, each followed by its keys. */
  rows: OpenRow[];
  /** What was revoked in this review and is therefore no row any more. */
  revoked: DecidedRow[];
  /** The fingerprint of rows and decisions. */
  state: string;
  /** How many of all were decided. */
  decided: number;
  total: number;
  /** When it has to be signed; null where the operator demands none. */
  dueAt: Date | null;
  /** The newest first. */
  records: ReviewRecord[];
  /** How the rows differ from those of the newest record. */
  since: { added: number; changed: number; gone: number };
}

/**
 * Whose agents a review is about.
 * @param organisationId without it: the caller's agents that are in no organisation
 * @throws AppError NOT_FOUND for other people's organisations
 */
export async function reviewScope(
  { db, session }: OwnerCall,
  organisationId: string | undefined,
): Promise<ReviewScope> {
  if (organisationId === undefined) {
    const owner = await findOwner.one(db, { id: session.ownerId });
    return { id: session.ownerId, type: "owner", name: owner.username, since: owner.created_at, role: "admin" };
  }
  const found = await membershipOf(db, organisationId, session.ownerId);
  if (!found) throw notFound("Organisation");
  return { id: found.id, type: "organisation", name: found.name, since: found.createdAt, role: found.role };
}

const UNBOUNDED = { scopes: null, networks: null, expires_at: null, last_used_from: null };

/** Every row of a scope as it is now, each agent followed by its keys. */
export async function reviewRows({ db, now }: OwnerCall, scopeId: string): Promise<ReviewRow[]> {
  const agents = await findAgents.all(db, { scope_id: scopeId });
  const keys = await findKeys.all(db, { scope_id: scopeId, now });
  const signingKeys = await findSigningKeys.all(db, { scope_id: scopeId });
  const certificates = await findCertificates.all(db, { scope_id: scopeId, now });
  const apps = await findApps.all(db, { scope_id: scopeId });
  const rows: ReviewRow[] = [
    ...keys.map(
      ({ name, prefix, scopes, networks, created_at: made, expires_at: ends, last_used_at: used, ...key }) => ({
        kind: "key" as const,
        ...key,
        name: `${name} ${prefix}…`,
        scopes: scopes.join(" "),
        networks: networks.join(" "),
        created_at: made.toISOString(),
        expires_at: ends?.toISOString() ?? null,
        last_used_at: used?.toISOString() ?? null,
      }),
    ),
    ...signingKeys.map(({ name, created_at: made, ...key }) => ({
      kind: "signing key" as const,
      ...key,
      name: name || `${key.id.slice(0, 8)}…`,
      ...UNBOUNDED,
      created_at: made.toISOString(),
      last_used_at: null,
    })),
    ...certificates.map(({ thumbprint, created_at: made, expires_at: ends, ...certificate }) => ({
      kind: "certificate" as const,
      ...certificate,
      ...UNBOUNDED,
      name: `${thumbprint.slice(0, 8)}…`,
      created_at: made.toISOString(),
      expires_at: ends.toISOString(),
      last_used_at: null,
    })),
    ...apps.map(({ created_at: since, last_used_at: told, ...app }) => ({
      kind: "app" as const,
      ...app,
      ...UNBOUNDED,
      created_at: since.toISOString(),
      last_used_at: told?.toISOString() ?? null,
    })),
  ];
  const rowsOf = new Map<string, ReviewRow[]>(agents.map(({ id }) => [id, []]));
  for (const row of rows) rowsOf.get(row.agent_id)?.push(row);
  return agents.flatMap((agent) => [
    {
      kind: "agent" as const,
      id: agent.id,
      agent_id: agent.id,
      agent: agent.name,
      responsible: agent.responsible,
      name: agent.name,
      ...UNBOUNDED,
      created_at: agent.created_at.toISOString(),
      last_used_at: agent.last_used_at?.toISOString() ?? null,
    },
    ...(rowsOf.get(agent.id) ?? []),
  ]);
}

/** Rows with the decisions that still hold: those made about the row as it is now. */
export function withDecisions(rows: readonly ReviewRow[], marks: readonly DecidedRow[]) {
  const byId = new Map(marks.map((mark) => [mark.id, mark]));
  const open = rows.map((row): OpenRow => {
    const fingerprint = fingerprintOf(row);
    const mark = byId.get(row.id);
    const { decision, decided_by, decided_at } =
      mark?.fingerprint === fingerprint ? mark : { decision: null, decided_by: null, decided_at: null };
    return { ...row, fingerprint, decision, decided_by, decided_at };
  });
  const present = new Set(rows.map(({ id }) => id));
  const revoked = marks.filter(({ id, decision }) => decision === "revoke" && !present.has(id));
  return { rows: open, revoked, state: stateOf([...open, ...revoked]) };
}

/**
 * The review under way.
 * @throws AppError NOT_FOUND
 */
export async function openReview(call: OwnerCall, organisationId: string | undefined): Promise<ReviewView> {
  const { db, services } = call;
  const scope = await reviewScope(call, organisationId);
  const marks = await findMarks.all(db, { scope_id: scope.id });
  const { rows, revoked, state } = withDecisions(
    await reviewRows(call, scope.id),
    marks.map(({ seen }) => seen as DecidedRow),
  );
  const records = (await findRecords.all(db, { scope_id: scope.id })).map((row) => recordOf(row));
  const { reviewDays } = services.config;
  return {
    scope,
    mayDecide: REVIEWERS.includes(scope.role),
    rows,
    revoked,
    state,
    decided: rows.filter(({ decision }) => decision !== null).length + revoked.length,
    total: rows.length + revoked.length,
    dueAt: reviewDays === 0 ? null : reviewDue(records[0]?.signedAt ?? scope.since, reviewDays),
    records,
    since: differences(rows, records[0]?.content.rows ?? []),
  };
}

/**
 * A review that was signed off.
 * @throws AppError NOT_FOUND
 */
export async function reviewRecord({ db }: OwnerCall, id: string): Promise<ReviewRecord> {
  const row = await findRecord.maybe(db, { id });
  if (!row) throw notFound("Review");
  return recordOf({ id, ...row });
}

function recordOf(row: { id: string; content: unknown; salt: Buffer; digest: Buffer }): ReviewRecord {
  const content = row.content as SignedContent;
  return {
    id: row.id,
    signedAt: new Date(content.signed_at),
    content,
    digest: row.digest.toString("hex"),
    salt: row.salt.toString("hex"),
    isIntact: digestOf(content, row.salt).equals(row.digest),
  };
}

function differences(rows: readonly OpenRow[], signed: readonly DecidedRow[]) {
  const before = new Map(
    signed.filter(({ kind, decision }) => kind === "agent" || decision === "confirm").map((row) => [row.id, row]),
  );
  const known = rows.filter(({ id }) => before.has(id));
  return {
    added: rows.length - known.length,
    changed: known.filter(({ id, fingerprint }) => before.get(id)?.fingerprint !== fingerprint).length,
    gone: before.size - known.length,
  };
}

const findDue = sql(
  { owner_id: uuid, before: time },
  { id: uuid, organisation: nullable(text), due_since: time },
)`select s.id, s.organisation, coalesce(r.last, s.since) as due_since from (
    select o.id, o.name as organisation, o.created_at as since
      from organisations o join organisation_members m on m.organisation_id = o.id
      where m.owner_id = ${"owner_id"} and m.role in ('admin', 'reviewer')
    union all select w.id, null, w.created_at from owners w where w.id = ${"owner_id"} and w.deleted_at is null) s,
  lateral (select max(signed_at) as last from access_reviews r where r.scope_id = s.id) r
  where coalesce(r.last, s.since) < ${"before"} and exists (select from agents a where a.deleted_at is null
    and a.owner_id is not null and (a.organisation_id = s.id or (a.owner_id = s.id and a.organisation_id is null)))
  order by s.organisation nulls last`;

/** A review that should have been signed by now. */
export interface DueReview {
  scopeId: string;
  /** Null for the owner's agents that are in none. */
  organisation: string | null;
}

/** The reviews an owner should have signed by now; the transaction acts as that owner or as the server. */
export async function dueReviews({ db, services, now }: Pick<OwnerCall, "db" | "services" | "now">, ownerId: string) {
  const { reviewDays } = services.config;
  if (reviewDays === 0) return [];
  const rows = await findDue.all(db, { owner_id: ownerId, before: reviewDue(now, -reviewDays) });
  return rows.map(({ id, organisation }): DueReview => ({ scopeId: id, organisation }));
}
