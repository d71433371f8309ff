/** Deciding about the rows of an access review, and signing it off. */
import { endReach } from "../../agents/write/end-reach.js";
import { record } from "../../audit/write.js";
import { AppError } from "../../errors.js";
import { bytes, jsonb, sql, text, texts, time, uuid, uuids } from "../../platform/db.js";
import { digestOf, newSalt } from "../../platform/digest.js";
import type { OwnerCall } from "../../platform/http/call.js";
import { newId } from "../../platform/ids.js";
import { agentChanged } from "../../platform/known-keys.js";
import { assertFreshProof } from "../../platform/sessions.js";
import { actAs, SYSTEM } from "../../platform/transaction.js";
import { type ReviewScope, reviewRows, reviewScope, withDecisions } from "../read/review.js";
import {
  type DecidedRow,
  type Decision,
  fingerprintOf,
  type ReviewRow,
  rowOfForm,
  type SignedContent,
} from "../rules/review.js";
import { assertRole, REVIEWERS } from "../rules/roles.js";

const findName = sql({ id: uuid }, { username: text })`select username from owners where id = ${"id"}`;
const mark = sql(
  { scope_id: uuid, subjects: texts, decision: text, seen: texts, fingerprints: texts, decided_by: uuid, now: time },
  {},
)`insert into access_review_marks (scope_id, subject_id, decision, seen, fingerprint, decided_by, decided_at)
  select ${"scope_id"}, m.subject_id, ${"decision"}, m.seen::jsonb, m.fingerprint, ${"decided_by"}, ${"now"}
  from unnest(${"subjects"}::text[], ${"seen"}::text[], ${"fingerprints"}::text[]) m(subject_id, seen, fingerprint)
  order by m.subject_id
  on conflict (scope_id, subject_id) do update set decision = excluded.decision, seen = excluded.seen,
    fingerprint = excluded.fingerprint, decided_by = excluded.decided_by, decided_at = excluded.decided_at`;
const holdAgents = sql({ ids: uuids }, { id: uuid })`
  select id from agents where id = any(${"ids"}) order by id for no key update`;
const revokeKeys = sql({ ids: uuids, agent_ids: uuids, now: time }, {})`
  update agent_keys set revoked_at = ${"now"}
  where (id = any(${"ids"}) or agent_id = any(${"agent_ids"})) and revoked_at is null`;
const revokeSigningKeys = sql({ keyids: texts, now: time }, {})`
  update agent_signing_keys set revoked_at = ${"now"} where keyid = any(${"keyids"}) and revoked_at is null`;
const revokeCertificates = sql({ ids: texts, agent_ids: uuids, now: time }, {})`
  update agent_certificates set revoked_at = ${"now"}
  where agent_id = any(${"agent_ids"}) and agent_id || '_' || thumbprint = any(${"ids"}) and revoked_at is null`;
const refuseApps = sql({ ids: texts, agent_ids: uuids }, {})`
  update identity_apps_told set decision = 'refused'
  where agent_id = any(${"agent_ids"}) and agent_id || '_' || app_id = any(${"ids"})`;
const pauseAgents = sql({ ids: uuids, now: time }, {})`
  update agents set paused_at = coalesce(paused_at, ${"now"}) where id = any(${"ids"})`;

/** What a form of a review is about. */
interface Scoped {
  organisation_id?: string;
}

const pageOf = ({ id, type }: ReviewScope) =>
  type === "owner" ? "/owner/review" : `/owner/organisations/${id}/review`;
const changed = (message: string) => new AppError("CONFLICT", { message, hint: "Reload the page and look again." });

/**
 * Confirms rows, or revokes what they stand for at once: a key ends; an app is told nothing more; an agent is paused and loses all its keys, identity
 * tokens and webhooks.
 * @returns how many were decided
 * @throws AppError NOT_FOUND, FORBIDDEN, PROOF_REQUIRED, VALIDATION_ERROR, CONFLICT when a row is not what was seen
 */
export async function decideRows(
  call: OwnerCall,
  input: Scoped & { decision: Decision; rows?: string[] },
): Promise<number> {
  const { db, session, now } = call;
  const scope = await reviewScope(call, input.organisation_id);
  assertRole(scope.role, REVIEWERS);
  if (input.decision === "revoke") assertFreshProof(session, now, pageOf(scope));
  const present = new Map((await reviewRows(call, scope.id)).map((row) => [row.id, row]));
  const chosen = [...new Set(input.rows ?? [])].map(rowOfForm).map(({ id, fingerprint }) => {
    const row = present.get(id);
    if (!row || fingerprintOf(row) !== fingerprint) throw changed("A row has changed since you saw it");
    return row;
  });
  if (chosen.length === 0) throw new AppError("VALIDATION_ERROR", { message: "No row was chosen" });
  const { username } = await findName.one(db, { id: session.ownerId });
  const decided = chosen.map(
    (row): DecidedRow => ({
      ...row,
      fingerprint: fingerprintOf(row),
      decision: input.decision,
      decided_by: username,
      decided_at: now.toISOString(),
    }),
  );
  await mark.run(db, {
    scope_id: scope.id,
    subjects: decided.map(({ id }) => id),
    decision: input.decision,
    seen: decided.map((row) => JSON.stringify(row)),
    fingerprints: decided.map(({ fingerprint }) => fingerprint),
    decided_by: session.ownerId,
    now,
  });
  if (input.decision === "revoke") await revoke(call, chosen);
  return chosen.length;
}

/** The reviewer's decision was allowed above; carrying it out takes the server. */
async function revoke({ db, session, now }: OwnerCall, rows: readonly ReviewRow[]): Promise<void> {
  await actAs(db, { actor: SYSTEM });
  const idsOf = (wanted: ReviewRow["kind"]) => rows.filter(({ kind }) => kind === wanted).map(({ id }) => id);
  const agents = idsOf("agent");
  const touched = [...new Set(rows.map(({ agent_id: id }) => id))];
  await holdAgents.all(db, { ids: touched });
  await revokeKeys.run(db, { ids: idsOf("key"), agent_ids: agents, now });
  await revokeCertificates.run(db, { ids: idsOf("certificate"), agent_ids: touched, now });
  await revokeSigningKeys.run(db, { keyids: idsOf("signing key"), now });
  await refuseApps.run(db, { ids: idsOf("app"), agent_ids: touched });
  if (agents.length > 0) await pauseAgents.run(db, { ids: agents, now });
  for (const id of agents) await endReach(db, id, now);
  for (const id of touched) await agentChanged(db, id);
  for (const { kind, id, agent_id: agentId } of rows) {
    const by = { kind: "owner" as const, id: session.ownerId };
    await record(db, {
      by,
      act: "review.revoke",
      target: { type: "agent", id: agentId },
      facts: { kind, id },
      at: now,
    });
  }
}

const takeMarks = sql({ scope_id: uuid }, { seen: jsonb })`
  delete from access_review_marks where scope_id = ${"scope_id"} returning seen`;
const insertReview = sql(
  { id: uuid, scope_id: uuid, signed_by: uuid, now: time, content: jsonb, salt: bytes, digest: bytes },
  {},
)`insert into access_reviews (id, scope_id, signed_by, signed_at, content, salt, digest)
  values (${"id"}, ${"scope_id"}, ${"signed_by"}, ${"now"}, ${"content"}, ${"salt"}, ${"digest"})`;

/**
 * Signs off a review in which every row was decided, exactly as the signer saw it, and begins the next.
 * @throws AppError NOT_FOUND, FORBIDDEN, PROOF_REQUIRED, CONFLICT
 */
export async function signReview(call: OwnerCall, input: Scoped & { state: string }): Promise<void> {
  const { db, services, session, now } = call;
  const scope = await reviewScope(call, input.organisation_id);
  assertRole(scope.role, REVIEWERS);
  assertFreshProof(session, now, pageOf(scope));
  // Taken first: of two who sign at once, the second finds no decisions.
  const marks = (await takeMarks.all(db, { scope_id: scope.id })).map(({ seen }) => seen as DecidedRow);
  const { rows, revoked, state } = withDecisions(await reviewRows(call, scope.id), marks);
  const open = rows.filter(({ decision }) => decision === null).length;
  if (open > 0) throw changed(`Not every row was decided: ${open} are open`);
  if (rows.length + revoked.length === 0) throw changed("There is nothing to review");
  if (state !== input.state) throw changed("The review has changed since you saw it");
  const { username } = await findName.one(db, { id: session.ownerId });
  const id = newId();
  const content: SignedContent = {
    review_id: id,
    network: services.config.publicUrl,
    scope: { type: scope.type, id: scope.id, name: scope.name },
    signed_by: { id: session.ownerId, name: username },
    signed_at: now.toISOString(),
    rows: [...rows.map((row) => row as DecidedRow), ...revoked],
  };
  const salt = newSalt();
  const digest = digestOf(content, salt);
  await insertReview.run(db, {
    id,
    scope_id: scope.id,
    signed_by: session.ownerId,
    now,
    content: JSON.stringify(content),
    salt,
    digest,
  });
  await record(db, {
    by: { kind: "owner", id: session.ownerId },
    act: "review.sign",
    target: { type: scope.type, id: scope.id },
    facts: { review: id, rows: content.rows.length, digest: digest.toString("hex") },
    at: now,
  });
}
