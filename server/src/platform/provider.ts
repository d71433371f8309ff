/**
 * The OpenID Connect provider of the configuration: code flow with PKCE, state and nonce. What the browser has to bring
 * back lies sealed in its own cookie, so that an answer counts only in the browser that asked.
 */
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
  enableNonRepudiationChecks,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from "openid-client";
import type { Provider } from "../config.js";
import { AppError, notFound } from "../errors.js";
import type { Services } from "./services.js";

/** What a browser wanted when it was sent to the provider, and what its answer must fit. */
export interface Flow {
  state: string;
  nonce: string;
  verifier: string;
  /** To sign in, to add the account to the owner who asked, or to claim an agent. */
  goal: { kind: "sign-in" } | { kind: "link"; ownerId: string } | { kind: "claim"; token: string };
  /** When it is too late for the answer, in milliseconds since 1970. */
  until: number;
}

/** Somebody as the provider knows them. */
export interface ProviderPerson {
  /** The issuer and its name for them: the only thing by which they are known again. */
  issuer: string;
  subject: string;
  /** What they would like to be called, as far as the provider says. */
  name: string | undefined;
  /** When they proved who they are, if the provider says. */
  provedAt: Date | undefined;
}

/** Where the provider sends browsers back to. */
const CALLBACK = "/login/provider/callback";
/** A sign-in at the provider takes at most this long, in minutes. */
export const FLOW_MINUTES = 15;
/** How long the provider may take to answer, in seconds. */
const TIMEOUT_SECONDS = 10;
/** What the provider says of itself is asked again after this, in milliseconds. */
const KNOWN_MS = 3_600_000;

const known = new WeakMap<Provider, { at: number; configuration: Promise<Configuration> }>();

/** @throws AppError NOT_FOUND when none is configured */
export function providerOf({ config }: Services): Provider {
  if (!config.provider) throw notFound("Provider");
  return config.provider;
}

function configurationOf(settings: Provider): Promise<Configuration> {
  const present = known.get(settings);
  if (present && Date.now() - present.at < KNOWN_MS) return present.configuration;
  const issuer = new URL(settings.issuer);
  const insecure = issuer.protocol === "http:" ? [allowInsecureRequests] : [];
  const configuration = discovery(issuer, settings.clientId, settings.clientSecret, undefined, {
    timeout: TIMEOUT_SECONDS,
    // Without this the library takes the connection for proof enough and does not look at the signature of the ID token.
    execute: [enableNonRepudiationChecks, ...insecure],
  });
  known.set(settings, { at: Date.now(), configuration });
  // What failed once is asked again.
  configuration.catch(() => known.delete(settings));
  return configuration;
}

/** The address to send a browser to, and what to remember of it. @throws AppError NOT_FOUND, PROVIDER_REFUSED */
export async function beginFlow(
  services: Services,
  goal: Flow["goal"],
  now: Date,
): Promise<{ address: string; flow: Flow }> {
  const settings = providerOf(services);
  const configuration = await configurationOf(settings).catch((error: unknown) => refuse(services, error));
  const verifier = randomPKCECodeVerifier();
  const flow = {
    state: randomState(),
    nonce: randomNonce(),
    verifier,
    goal,
    until: now.getTime() + FLOW_MINUTES * 60_000,
  };
  const address = buildAuthorizationUrl(configuration, {
    redirect_uri: services.config.publicUrl + CALLBACK,
    scope: "openid profile",
    state: flow.state,
    nonce: flow.nonce,
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    // What matters asks for a proof of the last 15 minutes; older ones the provider asks for again.
    max_age: String(FLOW_MINUTES * 60),
  });
  return { address: address.href, flow };
}

/** Who the provider says it was. @throws AppError NOT_FOUND, PROVIDER_REFUSED */
export async function endFlow(
  services: Services,
  flow: Flow | undefined,
  answer: Readonly<Record<string, string>>,
  now: Date,
): Promise<ProviderPerson> {
  const settings = providerOf(services);
  if (!flow || flow.until <= now.getTime()) {
    throw new AppError("PROVIDER_REFUSED", { hint: "It took too long, or was begun in another browser. Begin again." });
  }
  const address = new URL(CALLBACK, services.config.publicUrl);
  for (const [name, value] of Object.entries(answer)) address.searchParams.set(name, value);
  try {
    const tokens = await authorizationCodeGrant(await configurationOf(settings), address, {
      expectedState: flow.state,
      expectedNonce: flow.nonce,
      pkceCodeVerifier: flow.verifier,
      idTokenExpected: true,
    });
    const claims = tokens.claims();
    if (!claims) throw new Error("The provider gave no ID token");
    const { auth_time: provedAt, preferred_username: name } = claims;
    return {
      issuer: claims.iss,
      subject: claims.sub,
      name: typeof name === "string" ? name : undefined,
      provedAt: provedAt === undefined ? undefined : new Date(provedAt * 1000),
    };
  } catch (error) {
    return refuse(services, error);
  }
}

/** The reason goes to the log, by its kind alone: errors of the provider may quote tokens. */
function refuse({ log }: Services, error: unknown): never {
  const { name, code } = error as { name?: unknown; code?: unknown };
  log.warn({ reason: code ?? name }, "the sign-in provider did not sign somebody in");
  throw new AppError("PROVIDER_REFUSED");
}
