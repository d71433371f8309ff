/** The endpoints of signing in, one line each; forms answer with a redirect. */
import { operators } from "@openmolt/contract/operators";
import { operatorPasskeys, passkeys } from "@openmolt/contract/passkeys";
import { provider } from "@openmolt/contract/provider";
import { signIn } from "@openmolt/contract/sign-in";
import { type Binding, read, readPrivate, write } from "../platform/http/bind.js";
import { type OperatorCall, type PersonCall, seeOther } from "../platform/http/call.js";
import { cookie, endedCookie, noticeCookie } from "../platform/http/cookies.js";
import type { Notice } from "../platform/http/notices.js";
import { signedIn } from "../platform/http/way-back.js";
import { registrationOptions, signInOptions } from "./read/passkeys.js";
import { goToLink, goToProvider } from "./read/provider.js";
import { endOtherSessions, endOwnSession } from "./write/end-sessions.js";
import { changeOperator, inviteOperator } from "./write/operators.js";
import { addPasskey, removePasskey, renamePasskey } from "./write/passkeys.js";
import { signInWithPasskey } from "./write/use-passkey.js";
import { unlinkProvider, useProvider } from "./write/use-provider.js";

const toPasskeys = (call: PersonCall, notice: Notice) =>
  seeOther(
    call.session.operator ? "/operator/passkeys" : "/owner/passkeys",
    noticeCookie(call.services, call.session, notice),
  );

/** Endpoints bound to functions. */
export const signInApi: Binding[] = [
  write(signIn.endSession, async (call, input) => {
    await endOwnSession(call, input);
    if (input.session_id === call.session.id) return seeOther("/login", endedCookie(call.services, "owner"));
    return seeOther("/owner/sessions", noticeCookie(call.services, call.session, { say: "sessionEnded" }));
  }),
  write(signIn.endOtherSessions, async (call) => {
    const count = await endOtherSessions(call);
    return seeOther("/owner/sessions", noticeCookie(call.services, call.session, { say: "otherSessionsEnded", count }));
  }),
  ...[passkeys, operatorPasskeys].flatMap((own) => [
    readPrivate(own.registrationOptions, registrationOptions),
    write(own.add, async (call, input) => {
      await addPasskey(call, input);
      return toPasskeys(call, { say: "passkeyAdded" });
    }),
    write(own.rename, async (call, input) => {
      await renamePasskey(call, input);
      return toPasskeys(call, { say: "passkeyRenamed" });
    }),
    write(own.remove, async (call, input) => {
      await removePasskey(call, input);
      return toPasskeys(call, { say: "passkeyRemoved" });
    }),
  ]),
  read(passkeys.signInOptions, signInOptions),
  write(passkeys.signIn, async (call, input) => signedIn(call, await signInWithPasskey(call, input))),
  read(provider.start, goToProvider),
  readPrivate(provider.link, goToLink),
  read(provider.callback, async (call, input) => {
    const ticket = await useProvider(call, input);
    const forgotten = cookie(call.services, "flow", "", 0);
    return ticket ? signedIn(call, ticket, forgotten) : seeOther("/owner/provider", forgotten);
  }),
  write(provider.unlink, async (call) => {
    await unlinkProvider(call);
    return seeOther("/owner/provider", noticeCookie(call.services, call.session, { say: "providerUnlinked" }));
  }),
  write(operators.invite, async (call, input) => {
    const { name, link } = await inviteOperator(call, input);
    return toOperators(call, { say: "operatorLink", name, secret: link });
  }),
  write(operators.change, async (call, input) => {
    const { name, link } = await changeOperator(call, input);
    return link === undefined
      ? toOperators(call, { say: "operatorChanged", name })
      : toOperators(call, { say: "operatorLink", name, secret: link });
  }),
];

function toOperators(call: OperatorCall, notice: Notice) {
  return seeOther("/operator/operators", noticeCookie(call.services, call.session, notice));
}
