/** Going to the provider, and whether the owner has an account there. */
import { AppError, notFound } from "../../errors.js";
import { assertOffered } from "../../owners/rules.js";
import { nullable, sql, time, uuid } from "../../platform/db.js";
import { type Call, type OwnerCall, RawAnswer } from "../../platform/http/call.js";
import { cookie } from "../../platform/http/cookies.js";
import { beginFlow, FLOW_MINUTES, type Flow, providerOf } from "../../platform/provider.js";
import { assertFreshProof } from "../../platform/sessions.js";

const findAccount = sql({ owner_id: uuid }, { created_at: time, last_used_at: nullable(time) })`
  select created_at, last_used_at from provider_accounts where owner_id = ${"owner_id"} order by id limit 1`;

/** The owner's account at the provider. */
export interface LinkedAccount {
  /** What the provider is called. */
  provider: string;
  since: Date;
  lastUsedAt: Date | null;
}

/**
 * The caller's account at the provider, or undefined; the transaction acts as the owner.
 * @throws AppError NOT_FOUND when no provider is configured
 */
export async function linkedAccount({ db, services, session }: OwnerCall): Promise<LinkedAccount | undefined> {
  const { name: provider } = providerOf(services);
  const row = await findAccount.maybe(db, { owner_id: session.ownerId });
  return row && { provider, since: row.created_at, lastUsedAt: row.last_used_at };
}

/**
 * Whoever is signed in at the provider may come back without having been asked anything, so no other site may begin this:
 * neither a sign-in, nor a claim, nor the adding of an account.
 */
async function goTo(call: Call, goal: Flow["goal"]): Promise<RawAnswer> {
  const site = call.headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin" && site !== "none") throw new AppError("CSRF", FROM_ELSEWHERE);
  const { address, flow } = await beginFlow(call.services, goal, call.now);
  const sealed = call.services.vault.seal("sign-in-flow", JSON.stringify(flow)).toString("base64url");
  return new RawAnswer(303, {
    location: address,
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "set-cookie": cookie(call.services, "flow", sealed, FLOW_MINUTES * 60),
  });
}

const FROM_ELSEWHERE = { message: "This link was opened from another site", hint: "Begin on a page of this network." };

/** Sends the browser to the provider, to sign in or to claim an agent. @throws AppError NOT_FOUND, PROVIDER_REFUSED */
export async function goToProvider(call: Call, input: { claim_token?: string }): Promise<RawAnswer> {
  if (!call.services.config.provider) throw notFound("Provider");
  if (input.claim_token === undefined) return goTo(call, { kind: "sign-in" });
  assertOffered("oidc", call.services.config.claimMethods);
  return goTo(call, { kind: "claim", token: input.claim_token });
}

/** Sends the owner to the provider, to add the account there. @throws AppError PROOF_REQUIRED, PROVIDER_REFUSED */
export async function goToLink(call: OwnerCall): Promise<RawAnswer> {
  assertFreshProof(call.session, call.now, "/owner/provider");
  return goTo(call, { kind: "link", ownerId: call.session.ownerId });
}
