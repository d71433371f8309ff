/** What an owner sees of the account. */
import { bool, bytes, nullable, sql, text, texts, uuid } from "../../platform/db.js";
import type { OwnerCall } from "../../platform/http/call.js";
import { type OfferView, offersTo } from "./offers.js";
import { type OwnedAgent, ownedAgents } from "./owned-agents.js";

const findOwner = sql(
  { id: uuid },
  { username: text, show_name: bool, show_proof: bool, email_sealed: nullable(bytes), unwanted_mails: texts },
)`
  select username, show_name, show_proof, email_sealed, unwanted_mails from owners where id = ${"id"} and deleted_at is null`;

/** The account of an owner. */
export interface OwnerHome {
  username: string;
  showName: boolean;
  showProof: boolean;
  /** The address, opened for its owner; null when there is none. */
  email: string | null;
  /** What the owner does not want to be mailed about. */
  unwantedMails: readonly string[];
  agents: OwnedAgent[];
  offers: OfferView[];
}

/** The caller's account, or undefined when it is gone; the transaction acts as the owner. */
export async function ownerHome(call: OwnerCall): Promise<OwnerHome | undefined> {
  const { db, services, session } = call;
  const owner = await findOwner.maybe(db, { id: session.ownerId });
  if (!owner) return undefined;
  return {
    username: owner.username,
    showName: owner.show_name,
    showProof: owner.show_proof,
    email:
      owner.email_sealed && services.vault.open("owner-email", owner.email_sealed, session.ownerId).toString("utf8"),
    unwantedMails: owner.unwanted_mails,
    agents: await ownedAgents(call),
    offers: await offersTo(call),
  };
}
