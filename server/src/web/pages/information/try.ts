/** Trying a public read out: the form of the reference is sent here, and leads to the address that it means. */
import { allEndpoints } from "@openmolt/contract/api";
import type { Endpoint } from "@openmolt/contract/endpoint";
import type { FastifyInstance } from "fastify";
import { AppError } from "../../../errors.js";
import { addressGroup } from "../../../platform/limits.js";
import type { Services } from "../../../platform/services.js";

/** The path of an endpoint, with its parameters as `:name`. */
export function addressOf({ path }: Endpoint): string {
  return path.startsWith("//") ? path.slice(1) : `/api/v1${path}`;
}

/** Whether anybody may make this call, and nothing comes of it. */
export function isPublicRead({ method, auth, internal }: Endpoint): boolean {
  return method === "GET" && (auth === "none" || auth === "optional") && !internal;
}

/** Mounts the address that the forms are sent to. */
export function mountTry(app: FastifyInstance, services: Services): void {
  app.get("/developers/try/:name", async (request, reply) => {
    await services.limits.charge("page", addressGroup(request.ip));
    const { name } = request.params as { name: string };
    const endpoint = allEndpoints.find((named) => named.name === name)?.endpoint;
    if (!endpoint || !isPublicRead(endpoint)) throw new AppError("ENDPOINT_NOT_FOUND");
    const given = request.query as Record<string, unknown>;
    const said = (field: string) => (typeof given[field] === "string" ? given[field].toWellFormed() : "");
    const path = addressOf(endpoint).replace(/:(\w+)/g, (_, field: string) => encodeURIComponent(said(field) || "-"));
    const chosen = Object.keys(endpoint.query).filter((field) => said(field) !== "");
    const search = new URLSearchParams(Object.fromEntries(chosen.map((field) => [field, said(field)]))).toString();
    return reply.header("cache-control", "no-store").redirect(search === "" ? path : `${path}?${search}`, 303);
  });
}
