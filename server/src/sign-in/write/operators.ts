/** Letting operators in, changing what they may do, and showing them out; the transactions act as the server. */
import type { OperatorRole } from "@openmolt/contract/endpoint";
import { record } from "../../audit/write.js";
import { AppError, notFound } from "../../errors.js";
import { afterDays, HANDOVER_DAYS } from "../../owners/rules.js";
import { CONSOLE_NAME } from "../../owners/write/operator-account.js";
import { makeLink } from "../../owners/write/send-link.js";
import { bool, nullable, sql, text, time, uuid } from "../../platform/db.js";
import { byOperator, type OperatorCall } from "../../platform/http/call.js";
import { newId } from "../../platform/ids.js";
import { assertFreshProof } from "../../platform/sessions.js";

const PAGE = "/operator/operators";

const insertOperator = sql(
  { id: uuid, name: text, name_key: text, role: text, invited_by: uuid, now: time },
  {},
)`insert into operators (id, name, name_key, role, invited_by, created_at)
  values (${"id"}, ${"name"}, ${"name_key"}, ${"role"}, ${"invited_by"}, ${"now"}) on conflict do nothing`;
const holdOperator = sql({ id: uuid }, { name: text, is_console: bool })`
  select name, is_console from operators where id = ${"id"} and removed_at is null for update`;
const setRole = sql({ id: uuid, role: text }, {})`update operators set role = ${"role"} where id = ${"id"}`;
const remove = sql({ id: uuid, now: time }, {})`update operators set removed_at = ${"now"} where id = ${"id"}`;
const dropPasskeys = sql({ id: nullable(uuid) }, {})`delete from passkeys where operator_id = ${"id"}`;
const dropLinks = sql({ id: nullable(uuid) }, {})`
  delete from magic_links where operator_id = ${"id"} and used_at is null`;
const endSessions = sql({ id: nullable(uuid), now: time }, {})`
  update owner_sessions set revoked_at = ${"now"} where operator_id = ${"id"} and revoked_at is null`;

/** A link to hand over, by which an operator signs in once. */
export interface Handover {
  name: string;
  link: string;
}

const linkFor = ({ db, services, now }: OperatorCall, operatorId: string) =>
  makeLink(db, services, now, { purpose: "operator", operatorId, expiresAt: afterDays(now, HANDOVER_DAYS) });

/**
 * Lets somebody help to run the network.
 * @throws AppError NAME_TAKEN, PROOF_REQUIRED
 */
export async function inviteOperator(
  call: OperatorCall,
  input: { name: string; role: OperatorRole },
): Promise<Handover> {
  const { db, session, now } = call;
  const { name, role } = input;
  assertFreshProof(session, now, PAGE);
  const id = newId();
  const key = name.toLowerCase();
  const row = { id, name, name_key: key, role, invited_by: session.operator.id, now };
  if (key === CONSOLE_NAME || (await insertOperator.run(db, row)) !== 1) throw new AppError("NAME_TAKEN");
  await record(db, { by: byOperator(call), act: "operator.invite", facts: { operator_id: id, name, role }, at: now });
  return { name, link: await linkFor(call, id) };
}

/**
 * Gives another operator a role or a new link, or removes them. Whatever it is, they are signed out everywhere first.
 * @returns who it was, with the new link if there is one
 * @throws AppError NOT_FOUND, CONFLICT for oneself and for the console, PROOF_REQUIRED
 */
export async function changeOperator(
  call: OperatorCall,
  input: { operator_id: string; decision: OperatorRole | "link" | "remove" },
): Promise<{ name: string; link?: string }> {
  const { db, session, now } = call;
  const { operator_id: id, decision } = input;
  assertFreshProof(session, now, PAGE);
  const operator = await holdOperator.maybe(db, { id });
  if (!operator) throw notFound("Operator");
  if (id === session.operator.id || operator.is_console) {
    const message = operator.is_console ? "The console stays as it is" : "You cannot change yourself";
    throw new AppError("CONFLICT", { message, hint: "Another admin can do that." });
  }
  await endSessions.run(db, { id, now });
  await dropLinks.run(db, { id });
  const facts = { operator_id: id, name: operator.name, decision };
  await record(db, { by: byOperator(call), act: "operator.change", facts, at: now });
  if (decision === "link") return { name: operator.name, link: await linkFor(call, id) };
  if (decision === "remove") {
    await remove.run(db, { id, now });
    await dropPasskeys.run(db, { id });
  } else await setRole.run(db, { id, role: decision });
  return { name: operator.name };
}
