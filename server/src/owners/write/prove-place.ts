/**
 * Claiming by a code on a web page or in a TXT record. The place is looked at between two transactions, so that neither
 * waits for a stranger's server; the second checks the claim again.
 */
import { record } from "../../audit/write.js";
import { AppError } from "../../errors.js";
import type { Call } from "../../platform/http/call.js";
import { guardedFetch, reachOf } from "../../platform/safe-fetch.js";
import type { Ticket } from "../../platform/sessions.js";
import { SYSTEM, transaction } from "../../platform/transaction.js";
import { txtRecords } from "../../platform/txt-records.js";
import { lineFor } from "../read/proof-place.js";
import { alternativeName, assertUsernameIsFree, type Place, placeOf } from "../rules.js";
import { claimForOwner, noteClaimFailure } from "./claim-agent.js";
import { claimToProve } from "./claim-to-prove.js";
import { makeNamedOwner } from "./find-owner.js";
import { signIn } from "./sign-in.js";

const TIMEOUT_MS = 8_000;
/** The code has to stand within this much of the page, in bytes. */
const MOST_BYTES = 65_536;

/** What the claimer sent. */
export interface PlaceToCheck {
  claim_token: string;
  method: "web" | "dns";
  place: string;
  secret: string;
  username?: string;
}

/**
 * Looks whether the code is in its place; if so, the agent is the signed-in owner's, or a new owner's.
 * @returns a session for a new owner
 * @throws AppError CLAIM_PROOF_MISSING, NAME_TAKEN, VALIDATION_ERROR, and as every claim does
 */
export async function provePlace(call: Call, input: PlaceToCheck): Promise<Ticket | undefined> {
  const { services, session, now } = call;
  const { method, claim_token: token } = input;
  if (input.username) assertUsernameIsFree(input.username);
  const place = placeOf(method, input.place, services.config.privateWebhooks);
  const claim = await transaction(services.app, {}, (db) => claimToProve({ ...call, db }, token, method));
  const line = lineFor(call, claim.id, place, input.secret);
  if (!(await holds(call, place, line))) {
    const step = method === "web" ? "web_page" : "dns_record";
    await transaction(services.app, { actor: SYSTEM }, (db) => noteClaimFailure(db, claim.id, step, now));
    throw new AppError("CLAIM_PROOF_MISSING", { message: `The code was not found at ${place.where}` });
  }
  const ticket = await transaction(services.app, { actor: SYSTEM }, async (db) => {
    const acting = { ...call, db };
    const ownerId = session?.ownerId ?? (await makeNamedOwner(acting, input.username || alternativeName("owner")));
    const proof = { method, place: place.name };
    await claimForOwner(acting, { agentId: claim.agentId, ownerId, claimId: claim.id, proof });
    const target = { type: "agent" as const, id: claim.agentId };
    await record(db, { by: { kind: "owner", id: ownerId }, act: `claim.${method}`, target, at: now });
    return session?.ownerId ? undefined : signIn(acting, { ownerId }, "place");
  });
  services.background.wake();
  return ticket;
}

/** Whether the line stands at the place now; a place that cannot be reached holds nothing. */
async function holds({ services }: Call, place: Place, line: string): Promise<boolean> {
  if (place.method === "dns") return (await txtRecords(place.where, TIMEOUT_MS)).includes(line);
  const page = await guardedFetch(place.where, {
    ...reachOf(services.config.privateWebhooks),
    timeoutMs: TIMEOUT_MS,
    maxBytes: MOST_BYTES,
    cut: true,
    headers: { "user-agent": "OpenMolt claim check" },
  }).catch(() => undefined);
  return page?.status === 200 && page.body.includes(line);
}
