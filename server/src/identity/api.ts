/** The endpoints of identity, one line each. */
import { identity } from "@openmolt/contract/identity";
import { toldApps } from "@openmolt/contract/told-apps";
import { type Binding, read, write } from "../platform/http/bind.js";
import { byOperator, type OwnerCall, RawAnswer, seeOther } from "../platform/http/call.js";
import { noticeCookie } from "../platform/http/cookies.js";
import type { Notice } from "../platform/http/notices.js";
import { publicKey, signInGuide } from "./read.js";
import { decideApp, endOwnTokens, endTokensAsOwner, setConsent } from "./write/consent.js";
import { tellApp } from "./write/tell-app.js";
import { createIdentityApp, issueToken, revokeIdentityApp } from "./write.js";

/** Endpoints bound to functions. */
export const identityApi: Binding[] = [
  write(identity.token, async (call, input) => {
    const { token, expiresIn, expiresAt } = await issueToken(call, input);
    return {
      identity_token: token,
      expires_in: expiresIn,
      expires_at: expiresAt.toISOString(),
    };
  }),
  write(identity.endTokens, async (call) => {
    await endOwnTokens(call);
    return { message: "All identity tokens of before have ended" };
  }),
  // A transaction of its own: no app gets an answer that was kept for another.
  read(identity.verify, async (call, input) => ({ valid: true as const, agent: await tellApp(call, input) })),
  read(identity.keys, async ({ services }) => ({ keys: [publicKey(services.signingKey)] })),
  read(
    identity.instructions,
    async (call, input) =>
      new RawAnswer(200, { "content-type": "text/markdown; charset=utf-8" }, signInGuide(call, input)),
  ),
  write(identity.createApp, async (call, input) => {
    const { name, key } = await createIdentityApp(
      call.db,
      call.services.vault,
      input.name.trim(),
      call.now,
      byOperator(call),
    );
    const notice: Notice = { say: "appMade", name, secret: key };
    return seeOther("/operator", noticeCookie(call.services, call.session, notice));
  }),
  write(identity.revokeApp, async (call, input) => {
    const name = await revokeIdentityApp(call.db, input.app_id, call.now, byOperator(call));
    return seeOther("/operator", noticeCookie(call.services, call.session, { say: "appEnded", name }));
  }),
  write(toldApps.setConsent, async (call, input) => {
    const name = await setConsent(call, input);
    return toApps(call, input, { say: "consentChanged", name });
  }),
  write(toldApps.decide, async (call, input) => {
    const name = await decideApp(call, input);
    return toApps(call, input, { say: input.decision === "allowed" ? "appAllowed" : "appRefused", name });
  }),
  write(toldApps.endTokens, async (call, input) => {
    const name = await endTokensAsOwner(call, input);
    return toApps(call, input, { say: "identityTokensEnded", name });
  }),
];

function toApps({ services, session }: OwnerCall, { agent_id }: { agent_id: string }, notice: Notice): RawAnswer {
  return seeOther(`/owner/apps/${agent_id}`, noticeCookie(services, session, notice));
}
