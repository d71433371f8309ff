/** Passkeys of owners and operators: adding one, signing in with it, and what becomes of it. For pages of ours alone. */
import { Type } from "typebox";
import { Id } from "./common.js";
import { endpoint, type OperatorRole, ok } from "./endpoint.js";
import { csrf, Page } from "./pages.js";

const Name = Type.String({ minLength: 1, maxLength: 60, description: "What its owner calls it." });
/** What the browser answers, as JSON (WebAuthn, RegistrationResponseJSON or AuthenticationResponseJSON). */
const BrowserAnswer = Type.String({ maxLength: 20_000, description: "JSON of the browser's answer." });
/** What the browser is asked (WebAuthn, PublicKeyCredential…OptionsJSON). */
const Options = ok({ options: Type.Object({}) });

/** The same five for owners and for operators, who keep to their own pages. */
const passkeysOf = <A extends "session" | "operator">(auth: A, base: `//${string}`, role: { role?: OperatorRole }) => ({
  page: endpoint({
    method: "GET",
    path: `${base}/passkeys`,
    summary: "The caller's passkeys",
    auth,
    ...role,
    limit: "read",
    internal: true,
    response: Page,
    errors: ["SESSION_REQUIRED"],
  }),
  registrationOptions: endpoint({
    method: "GET",
    path: `${base}/passkeys/options`,
    summary: "What a browser is asked when it makes a passkey",
    auth,
    ...role,
    limit: "read",
    internal: true,
    response: Options,
    errors: ["SESSION_REQUIRED", "PROOF_REQUIRED"],
  }),
  add: endpoint({
    method: "POST",
    path: `${base}/passkeys`,
    summary: "Add a passkey to the caller's ways to sign in",
    auth,
    ...role,
    limit: "verify",
    internal: true,
    form: true,
    credentials: ["response"],
    body: { name: Name, response: BrowserAnswer, ...csrf },
    response: Page,
    errors: ["PASSKEY_REFUSED", "CONFLICT", "SESSION_REQUIRED", "PROOF_REQUIRED", "CSRF"],
  }),
  rename: endpoint({
    method: "POST",
    path: `${base}/passkeys/name`,
    summary: "Call a passkey something else",
    auth,
    ...role,
    limit: "write",
    internal: true,
    form: true,
    body: { passkey_id: Id, name: Name, ...csrf },
    response: Page,
    errors: ["NOT_FOUND", "SESSION_REQUIRED", "CSRF"],
  }),
  remove: endpoint({
    method: "POST",
    path: `${base}/passkeys/remove`,
    summary: "Remove a passkey; it signs nobody in any more",
    auth,
    ...role,
    limit: "write",
    internal: true,
    form: true,
    body: { passkey_id: Id, ...csrf },
    response: Page,
    errors: ["NOT_FOUND", "CONFLICT", "SESSION_REQUIRED", "PROOF_REQUIRED", "CSRF"],
  }),
});

/** Pages and forms for owners with a browser, and the sign-in. */
export const passkeys = {
  ...passkeysOf("session", "//owner", {}),
  signInOptions: endpoint({
    method: "GET",
    path: "//login/passkey",
    summary: "What a browser is asked when somebody signs in with a passkey",
    auth: "none",
    limit: "read",
    strangers: true,
    internal: true,
    response: Options,
    errors: [],
  }),
  signIn: endpoint({
    method: "POST",
    path: "//login/passkey",
    summary: "Sign in with a passkey",
    auth: "none",
    limit: "verify",
    strangers: true,
    internal: true,
    form: true,
    credentials: ["response"],
    body: { response: BrowserAnswer },
    response: Page,
    errors: ["PASSKEY_REFUSED", "CSRF"],
  }),
};

/** The same for operators. */
export const operatorPasskeys = passkeysOf("operator", "//operator", { role: "auditor" });
