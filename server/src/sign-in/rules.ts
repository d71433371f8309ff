/** The law of passkeys: how long a question to a browser stands, and how many an owner has. */
import { AppError } from "../errors.js";

/** A browser answers what it was asked within this many minutes. */
export const QUESTION_MINUTES = 5;
/** Passkeys of one owner: enough for every device, few enough for one page. */
const MOST_PASSKEYS = 20;

/** What a challenge is for; one that was made for something or somebody else is refused. */
export const CHALLENGE = {
  register: (holderId: string) => `passkey-register/${holderId}`,
  signIn: "passkey-sign-in",
};

/** Whose passkeys: an owner's or an operator's. */
export interface Holder {
  owner_id: string | null;
  operator_id: string | null;
}

/** The holder that a session speaks for. */
export function holderOf(session: { ownerId: string | null; operator: { id: string } | null }): Holder {
  return { owner_id: session.ownerId, operator_id: session.operator?.id ?? null };
}

/** The id of whoever holds a passkey. */
export function holderId({ owner_id, operator_id }: Holder): string {
  return operator_id ?? owner_id ?? "";
}

/** @throws AppError CONFLICT */
export function assertMayAddPasskey(present: number): void {
  if (present < MOST_PASSKEYS) return;
  const message = `You have ${MOST_PASSKEYS} passkeys already`;
  throw new AppError("CONFLICT", { message, hint: "Remove one that you do not use first." });
}

/** Who the browser is told it speaks with: passkeys belong to the host name, answers to the origin. */
export function relyingParty({ publicUrl }: { publicUrl: string }): { rpID: string; expectedOrigin: string } {
  return { rpID: new URL(publicUrl).hostname, expectedOrigin: publicUrl };
}

/**
 * A browser's answer as it was sent.
 * @throws AppError PASSKEY_REFUSED when it is no JSON object with an id
 */
export function browserAnswer(text: string): { id: string } {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    throw new AppError("PASSKEY_REFUSED");
  }
  const { id } = (answer ?? {}) as { id?: unknown };
  if (typeof answer !== "object" || typeof id !== "string") throw new AppError("PASSKEY_REFUSED");
  return answer as { id: string };
}

/** An owner's ways to sign in. */
export interface Ways {
  /** Has a proven address. */
  mail: boolean;
  passkeys: number;
  /** Accounts at the provider. */
  accounts: number;
}

/** @throws AppError CONFLICT when nothing would be left to sign in with */
export function assertKeepsAWay({ mail, passkeys, accounts }: Ways): void {
  if (mail || passkeys > 0 || accounts > 0) return;
  const message = "This is your last way to sign in";
  throw new AppError("CONFLICT", { message, hint: "Add a passkey first." });
}
