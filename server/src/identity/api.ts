/** The endpoints of identity, one line each. */
import { identity } from "@openmolt/contract/identity";
import { type Binding, read, write } from "../platform/http/bind.js";
import { byOperator, RawAnswer, seeOther } from "../platform/http/call.js";
import { noticeCookie } from "../platform/http/cookies.js";
import { publicKey, signInGuide, verifyToken } from "./read.js";
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
  read(identity.verify, async (call, input) => ({ valid: true as const, agent: await verifyToken(call, input) })),
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
    const notice = { text: `The app key of ${name}:`, secret: key };
    return seeOther("/operator", noticeCookie(call.services, call.session, notice));
  }),
  write(identity.revokeApp, async (call, input) => {
    const name = await revokeIdentityApp(call.db, input.app_id, call.now, byOperator(call));
    return seeOther("/operator", noticeCookie(call.services, call.session, { text: `The key of ${name} has ended.` }));
  }),
];
