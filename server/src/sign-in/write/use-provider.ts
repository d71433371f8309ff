/**
 * Back from the provider: signing in, adding the account to an owner, or claiming an agent. An account is known by its
 * issuer and subject alone; an address that the provider names is never looked at, since nobody here has proven it.
 */
import { record } from "../../audit/write.js";
import { AppError, notFound } from "../../errors.js";
import { alternativeName, plainName } from "../../owners/rules.js";
import { claimForOwner } from "../../owners/write/claim-agent.js";
import { claimToProve } from "../../owners/write/claim-to-prove.js";
import { makeNamedOwner } from "../../owners/write/find-owner.js";
import { noteRefusedSignIn, signIn } from "../../owners/write/sign-in.js";
import { bytes, type Queryable, sql, time, uuid } from "../../platform/db.js";
import type { Call, OwnerCall } from "../../platform/http/call.js";
import { cookieValue } from "../../platform/http/cookies.js";
import { newId } from "../../platform/ids.js";
import { endFlow, type Flow, type ProviderPerson } from "../../platform/provider.js";
import { assertFreshProof, recheckSession, type Ticket } from "../../platform/sessions.js";
import { actAs, SYSTEM, transaction } from "../../platform/transaction.js";
import { assertKeepsAWay } from "../rules.js";
import { waysOf } from "./ways.js";

const useAccount = sql({ subject_index: bytes, now: time }, { owner_id: uuid })`
  update provider_accounts p set last_used_at = ${"now"} from owners o
  where p.subject_index = ${"subject_index"} and o.id = p.owner_id and o.deleted_at is null returning p.owner_id`;
const insertAccount = sql({ id: uuid, owner_id: uuid, subject_index: bytes, now: time }, {})`
  insert into provider_accounts (id, owner_id, subject_index, created_at)
  values (${"id"}, ${"owner_id"}, ${"subject_index"}, ${"now"}) on conflict do nothing`;
const deleteAccounts = sql({ owner_id: uuid }, {})`delete from provider_accounts where owner_id = ${"owner_id"}`;

type Answer = Readonly<Record<string, string>>;

/**
 * Takes a browser that the provider sends back. Asks the provider before the transaction, so that none waits for it.
 * @returns the session that was opened; undefined when an account was added to the one that is there
 * @throws AppError PROVIDER_REFUSED, CONFLICT, PROOF_REQUIRED, and as claiming does
 */
export async function useProvider(call: Call, answer: Answer): Promise<Ticket | undefined> {
  const { services, session, now } = call;
  const flow = flowOf(call);
  const goal = flow?.goal ?? { kind: "sign-in" };
  try {
    const person = await endFlow(services, flow, answer, now);
    const ticket = await transaction(services.app, { actor: SYSTEM }, (db) => reach({ ...call, db }, goal, person));
    services.background.wake();
    return ticket;
  } catch (error) {
    // Of everybody else only the provider knows who they are.
    noteRefusedSignIn(call, goal.kind === "link" ? goal.ownerId : session?.ownerId, "provider", error);
    throw error;
  }
}
/** What this browser was sent away with; nothing when it was not, or not by us. */
function flowOf({ services, headers }: Call): Flow | undefined {
  const sealed = cookieValue(services, headers, "flow");
  if (sealed === undefined) return undefined;
  try {
    const opened = services.vault.open("sign-in-flow", Buffer.from(sealed, "base64url"));
    return JSON.parse(opened.toString("utf8")) as Flow;
  } catch {
    return undefined;
  }
}

async function reach(call: Call, goal: Flow["goal"], person: ProviderPerson): Promise<Ticket | undefined> {
  const { db, services, now } = call;
  const index = services.vault.hmac("provider-subject", `${person.issuer}\n${person.subject}`);
  if (goal.kind === "link") {
    await addAccount(call, goal.ownerId, index);
    return undefined;
  }
  const known = (await useAccount.maybe(db, { subject_index: index, now }))?.owner_id;
  const ownerId = goal.kind === "claim" ? await claimWith(call, goal.token, known, person, index) : known;
  if (ownerId === undefined) {
    throw new AppError("PROVIDER_REFUSED", {
      message: "This account belongs to no owner here",
      hint: "Open the claim link of your agent, or sign in another way and add the account.",
    });
  }
  const { provedAt } = person;
  return signIn(call, { ownerId }, "provider", provedAt && provedAt < now ? provedAt : now);
}

async function addAccount(call: Call, ownerId: string, index: Buffer): Promise<void> {
  const { db, session, now } = call;
  if (session?.ownerId !== ownerId) throw new AppError("PROVIDER_REFUSED");
  await recheckSession(db, session, now);
  assertFreshProof(session, now, "/owner/provider");
  const known = await useAccount.maybe(db, { subject_index: index, now });
  if (known?.owner_id === ownerId) return;
  await insertNew(call.db, ownerId, index, now);
}

async function insertNew(db: Queryable, ownerId: string, index: Buffer, now: Date): Promise<void> {
  const added = await insertAccount.run(db, { id: newId(), owner_id: ownerId, subject_index: index, now });
  if (added !== 1) throw new AppError("CONFLICT", { message: "This account belongs to another owner" });
  await record(db, { by: { kind: "owner", id: ownerId }, act: "provider.link", at: now });
}

/** Claims an agent for the owner of the account; for a new one when nobody has it yet. */
async function claimWith(
  call: Call,
  token: string,
  known: string | undefined,
  person: ProviderPerson,
  index: Buffer,
): Promise<string> {
  const { db, now } = call;
  const claim = await claimToProve(call, token, "oidc");
  await actAs(db, { actor: SYSTEM });
  const ownerId = known ?? (await makeNamedOwner(call, plainName(person.name) ?? alternativeName("owner")));
  if (known === undefined) await insertNew(db, ownerId, index, now);
  const proof = { method: "oidc" as const, place: new URL(person.issuer).host };
  await claimForOwner(call, { agentId: claim.agentId, ownerId, claimId: claim.id, proof });
  return ownerId;
}

/**
 * Removes the caller's account at the provider; the transaction acts as the owner.
 * @throws AppError NOT_FOUND, PROOF_REQUIRED, CONFLICT when no other way to sign in would be left
 */
export async function unlinkProvider({ db, session, now }: OwnerCall): Promise<void> {
  const { ownerId } = session;
  assertFreshProof(session, now, "/owner/provider");
  const ways = await waysOf(db, ownerId);
  if ((await deleteAccounts.run(db, { owner_id: ownerId })) === 0) throw notFound("Account");
  assertKeepsAWay({ ...ways, accounts: 0 });
  await record(db, { by: { kind: "owner", id: ownerId }, act: "provider.unlink", at: now });
}
