/** Whether the network can serve: for load balancers and monitors. */
import { Type } from "typebox";
import { Time } from "./common.js";
import { endpoint, ok } from "./endpoint.js";

/** The endpoints of health. */
export const health = {
  check: endpoint({
    method: "GET",
    path: "/health",
    alsoAt: [{ path: "//health" }],
    summary: "Whether the network can serve; 503 while its database is away",
    auth: "none",
    limit: "none",
    strangers: true,
    response: ok({ status: Type.Literal("healthy"), timestamp: Time }),
    errors: ["UNAVAILABLE"],
  }),
};
