/**
 * An owner leaving: the agents go as chosen, the person goes from every table. What is left is an id in records of acts,
 * which is nobody's any more.
 */
import { endKeysFirst } from "../../agents/write/halt-agent.js";
import { release } from "../../agents/write/hand-over.js";
import { holdOwned } from "../../agents/write/hold-agent.js";
import { record } from "../../audit/write.js";
import { AppError } from "../../errors.js";
import { part, sql, text, uuid } from "../../platform/db.js";
import type { Call, OwnerCall } from "../../platform/http/call.js";
import { forgetInLedger } from "../../platform/ledger/chain.js";
import { assertFreshProof } from "../../platform/sessions.js";
import { actAs, SYSTEM, transaction } from "../../platform/transaction.js";
import { eraseHeld } from "./delete-owned.js";
import { eraseWords } from "./erase-words.js";

const me = { owner_id: uuid };
const findName = sql(me, { username_key: text })`select username_key from owners where id = ${"owner_id"}`;
const findAgents = sql(me, { id: uuid })`
  select id from agents where owner_id = ${"owner_id"} and deleted_at is null order by id`;
const holdOwner = sql(me, { id: uuid })`select id from owners where id = ${"owner_id"} for update`;
/** Organisations that would be left with members and without an admin. */
const findOrphans = sql(me, { name: text })`
  select o.name from organisations o join organisation_members m on m.organisation_id = o.id
  where m.owner_id = ${"owner_id"} and m.role = 'admin'
    and exists (select from organisation_members x where x.organisation_id = o.id and x.owner_id <> ${"owner_id"})
    and not exists (select from organisation_members x
      where x.organisation_id = o.id and x.owner_id <> ${"owner_id"} and x.role = 'admin')`;
const holdOrganisations = sql(me, { id: uuid })`
  select id from organisations where id in (select organisation_id from organisation_members
    where owner_id = ${"owner_id"}) order by id for update`;
/** Organisations that go with their only member. */
const onlyMine = part`select o.id from organisations o join organisation_members m on m.organisation_id = o.id
  where m.owner_id = ${"owner_id"}
    and not exists (select from organisation_members x where x.organisation_id = o.id and x.owner_id <> ${"owner_id"})`;
/** The rest goes with the owner's row: links, passkeys, memberships, offers. */
const forget = [
  sql(me, {})`delete from access_reviews where scope_id = ${"owner_id"} or scope_id in (${onlyMine})`,
  sql(me, {})`delete from access_review_marks where scope_id = ${"owner_id"} or scope_id in (${onlyMine})`,
  sql(me, {})`delete from access_review_reminders where scope_id = ${"owner_id"} or scope_id in (${onlyMine})`,
  sql(me, {})`delete from organisations where id in (${onlyMine})`,
  sql(me, {})`update claims set owner_id = null, requested_name = null where owner_id = ${"owner_id"}`,
  sql(me, {})`delete from owner_sessions where owner_id = ${"owner_id"}`,
  sql(me, {})`delete from owners where id = ${"owner_id"}`,
];

/** The form: the own name is written again, and what becomes of the agents is chosen. */
interface Closing {
  username: string;
  agents: "release" | "delete" | "erase";
}

/**
 * What goes before, where the agents' words go too: their keys end, and the words are erased, which may take a while.
 * @throws AppError PROOF_REQUIRED, CONFLICT
 */
export async function beforeClosing(call: Call, input: Closing): Promise<Call> {
  const { services, session, now } = call;
  const ownerId = session?.ownerId;
  if (!session || !ownerId) throw new AppError("SESSION_REQUIRED");
  assertFreshProof(session, now);
  const agents = await transaction(services.app, { actor: ownerId }, async (tx) => {
    const { username_key: name } = await findName.one(tx, { owner_id: ownerId });
    if (name !== input.username.trim().toLowerCase()) {
      throw new AppError("CONFLICT", {
        message: "That is not your name here",
        hint: "Go back and write your own name to close your account.",
      });
    }
    await actAs(tx, { actor: SYSTEM });
    await assertNobodyIsLeft(tx, ownerId);
    return findAgents.all(tx, { owner_id: ownerId });
  });
  if (input.agents !== "erase") return call;
  for (const { id } of agents) {
    await endKeysFirst(call, { agent_id: id });
    await eraseWords(call, id);
  }
  return call;
}

/**
 * Closes the caller's account.
 * @throws AppError CONFLICT when an organisation would be left without an admin
 */
export async function closeAccount(call: OwnerCall, input: Closing): Promise<void> {
  const { db, session, now } = call;
  const { ownerId } = session;
  const agents = await findAgents.all(db, { owner_id: ownerId });
  for (const { id } of agents) await holdOwned(call, id);
  for (const { id } of agents) {
    if (input.agents === "release") {
      await actAs(db, { actor: SYSTEM });
      await release(db, id, now);
    } else await eraseHeld(call, id, input.agents === "erase");
  }
  await actAs(db, { actor: SYSTEM });
  await holdOwner.one(db, { owner_id: ownerId });
  await holdOrganisations.all(db, { owner_id: ownerId });
  await assertNobodyIsLeft(db, ownerId);
  const facts = { agents: input.agents };
  const target = { type: "owner", id: ownerId } as const;
  await record(db, { by: { kind: "owner", id: ownerId }, act: "owner.close", target, facts, at: now });
  for (const step of forget) await step.run(db, { owner_id: ownerId });
  await forgetInLedger(db, ownerId);
}

/** @throws AppError CONFLICT */
async function assertNobodyIsLeft(db: OwnerCall["db"], ownerId: string): Promise<void> {
  const [orphan] = await findOrphans.all(db, { owner_id: ownerId });
  if (!orphan) return;
  throw new AppError("CONFLICT", {
    message: `${orphan.name} would be left without an admin`,
    hint: "Make another member admin there, or dissolve the organisation, then close your account.",
  });
}
