/** What OAuth clients look for in a request and in a refusal, beside what every endpoint has. */
import type { Endpoint } from "@openmolt/contract/endpoint";
import { AppError } from "../../errors.js";

/** Whether an endpoint takes the key in its body, as token exchanges do (RFC 8693). */
function takesSubjectToken(endpoint: Endpoint): boolean {
  return "subject_token" in endpoint.body;
}

/** Whether an endpoint is one that OAuth clients know. */
export function speaksOAuth({ path }: Endpoint): boolean {
  return path.startsWith("/oauth/");
}

/** The key in the body of a token exchange, or undefined. */
export function subjectToken(endpoint: Endpoint, body: unknown): string | undefined {
  if (!takesSubjectToken(endpoint) || typeof body !== "object" || body === null) return undefined;
  const { subject_token: token } = body as { subject_token?: unknown };
  return typeof token === "string" && token !== "" ? token : undefined;
}

/** Refusals as OAuth clients read them: one of their codes in `error`, the sentence in `error_description`. */
export function refuseAsOAuth(error: unknown): never {
  if (!(error instanceof AppError)) throw error;
  const { code, message, details } = error;
  const fields = { error: "invalid_request", error_description: message, ...details.fields };
  throw new AppError(code, { ...details, fields });
}
