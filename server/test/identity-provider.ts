/** A real OpenID Connect provider for tests, in which whoever the test names is signed in already. */
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import Provider from "oidc-provider";

/** A provider and who uses it. */
export interface IdentityProvider {
  /** For the settings of the server under test. */
  settings: { issuer: string; clientId: string; clientSecret: string; name: string };
  /** Who signs in next, by the provider's name for them. */
  account: string;
  /** It publishes keys that are not those it signs with. */
  otherKeys: boolean;
  /** Goes through the sign-in that an address asks for. @returns the path with which the browser comes back */
  signIn(address: string): Promise<string>;
  close(): Promise<void>;
}

const newKey = () => {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { ...privateKey.export({ format: "jwk" }), kid: "one", use: "sig", alg: "RS256" };
};

/** Starts a provider for a network at `publicUrl`. */
export async function startIdentityProvider(publicUrl: string): Promise<IdentityProvider> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: "molt",
        client_secret: "a secret that nobody guesses",
        redirect_uris: [`${publicUrl}/login/provider/callback`],
        token_endpoint_auth_method: "client_secret_post",
      },
    ],
    cookies: { keys: ["for tests"] },
    jwks: { keys: [newKey()] },
    pkce: { required: () => true },
    conformIdTokenClaims: false,
    claims: { openid: ["sub"], profile: ["preferred_username"], email: ["email"] },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: () => ({ sub: id, preferred_username: id, email: "jo@example.org", email_verified: false }),
    }),
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    loadExistingGrant: async (context) => {
      const grant = new context.oidc.provider.Grant({
        clientId: context.oidc.client?.clientId ?? "",
        accountId: context.oidc.session?.accountId ?? "",
      });
      grant.addOIDCScope("openid profile");
      await grant.save();
      return grant;
    },
  });
  const answer = provider.callback();
  server.on("request", (request, response) => {
    if (identities.otherKeys && request.url === "/jwks") {
      const { kty, n, e, kid, use, alg } = newKey() as Record<string, unknown>;
      return void response
        .setHeader("content-type", "application/json")
        .end(JSON.stringify({ keys: [{ kty, n, e, kid, use, alg }] }));
    }
    if (!request.url?.startsWith("/interaction/")) return void answer(request, response);
    void provider.interactionFinished(request, response, { login: { accountId: identities.account } });
  });
  const identities: IdentityProvider = {
    settings: { issuer, clientId: "molt", clientSecret: "a secret that nobody guesses", name: "Example" },
    account: "ada",
    otherKeys: false,
    signIn: async (address) => {
      const cookies = new Map<string, string>();
      for (let at = new URL(address); ; ) {
        if (at.origin === publicUrl) return at.pathname + at.search;
        const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
        const step = await fetch(at, { redirect: "manual", headers: { cookie } });
        for (const set of step.headers.getSetCookie()) {
          const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
          cookies.set(name, value);
        }
        const location = step.headers.get("location");
        if (location === null) throw new Error(`${at.href}: ${step.status} ${await step.text()}`);
        at = new URL(location, at);
      }
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
  return identities;
}
