/** The endpoints of signing in, one line each; forms answer with a redirect. */
import { signIn } from "@openmolt/contract/sign-in";
import { type Binding, write } from "../platform/http/bind.js";
import { seeOther } from "../platform/http/call.js";
import { endedCookie, noticeCookie } from "../platform/http/cookies.js";
import { endOtherSessions, endOwnSession } from "./write/end-sessions.js";

/** Endpoints bound to functions. */
export const signInApi: Binding[] = [
  write(signIn.endSession, async (call, input) => {
    await endOwnSession(call, input);
    if (input.session_id === call.session.id) return seeOther("/login", endedCookie(call.services, "owner"));
    return seeOther(
      "/owner/sessions",
      noticeCookie(call.services, call.session, { text: "That browser is signed out." }),
    );
  }),
  write(signIn.endOtherSessions, async (call) => {
    const ended = await endOtherSessions(call);
    const text = ended === 1 ? "One other browser is signed out." : `${ended} other browsers are signed out.`;
    return seeOther("/owner/sessions", noticeCookie(call.services, call.session, { text }));
  }),
];
