/**
 * Takes the alerts of a secret scanner that found keys of this network elsewhere, in the signed format of GitHub's
 * partner program. The signature covers the bytes as they came, so this path reads its body itself.
 */
import { createHash } from "node:crypto";
import { findSecrets } from "@openmolt/agent/tools/leaks/find-secrets";
import type { FastifyInstance } from "fastify";
import { AppError } from "../../errors.js";
import { AlertKeys } from "../leaks/alert-keys.js";
import { addressGroup } from "../limits.js";
import type { Services } from "../services.js";
import type { OnLeak } from "./secrets-in-input.js";

/** Alerts in one message at most; GitHub sends a few. */
const MOST_ALERTS = 500;
const LONGEST_TOKEN = 4_096;

interface Alert {
  token: string;
  type: string;
}

/** Serves `POST /api/v1/leaks/github` where the operator named the scanner's keys. */
export function serveLeakAlerts(app: FastifyInstance, services: Services, onLeak: OnLeak): void {
  const { leakAlertKeys } = services.config;
  if (leakAlertKeys === undefined) return;
  const keys = new AlertKeys(leakAlertKeys);
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", { parseAs: "buffer" }, async (_request: unknown, body: Buffer) => body);
    scope.post("/api/v1/leaks/github", async (request, reply) => {
      await services.limits.charge("write", addressGroup(request.ip));
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const { "github-public-key-identifier": keyId, "github-public-key-signature": signature } = request.headers;
      if (typeof keyId !== "string" || typeof signature !== "string") throw unsigned();
      const isSigned = await keys.hasSigned(body, keyId, signature).catch((error: unknown) => {
        services.log.warn({ err: error }, "the keys of the secret scanner could not be had");
        throw new AppError("UNAVAILABLE");
      });
      if (!isSigned) throw unsigned();
      const alerts = alertsIn(body);
      const labels: object[] = [];
      for (const { token, type } of alerts) {
        const tokens = findSecrets(token).flatMap((secret) => secret.token ?? []);
        const route = "POST /leaks/github";
        const real = await onLeak(services, { tokens, senderId: null, route }, services.clock.now());
        labels.push({
          token_hash: createHash("sha256").update(token).digest("hex"),
          token_type: type,
          label: real > 0 ? "true_positive" : "false_positive",
        });
      }
      return reply.header("cache-control", "no-store").send(labels);
    });
  });
}

function unsigned(): AppError {
  return new AppError("FORBIDDEN", {
    message: "The signature does not belong to this message",
    hint: "Sign the body as it is sent, with a key that the secret scanner publishes.",
  });
}

/** @throws AppError INVALID_JSON, VALIDATION_ERROR */
function alertsIn(body: Buffer): Alert[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString("utf8"));
  } catch {
    throw new AppError("INVALID_JSON");
  }
  const isAlert = (item: unknown): item is Alert =>
    typeof item === "object" &&
    item !== null &&
    "token" in item &&
    typeof item.token === "string" &&
    item.token.length <= LONGEST_TOKEN &&
    "type" in item &&
    typeof item.type === "string";
  if (Array.isArray(parsed) && parsed.length <= MOST_ALERTS && parsed.every(isAlert)) return parsed;
  throw new AppError("VALIDATION_ERROR", { message: "Send an array of at most 500 objects with token and type" });
}
