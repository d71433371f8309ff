/** What the test double alone serves: its clock. Not part of the API's table of contents. */
import { Type } from "typebox";
import { Time } from "./common.js";
import { endpoint, ok } from "./endpoint.js";

/** The clock can be set between these two moments. */
export const CLOCK_RANGE = { from: "2000-01-01T00:00:00.000Z", to: "2200-01-01T00:00:00.000Z" } as const;

/** The endpoints of the test double. */
export const testDouble = {
  clock: endpoint({
    method: "GET",
    path: "/test/clock",
    summary: "What time it is for the test double",
    auth: "none",
    limit: "none",
    response: ok({ now: Time }),
    errors: [],
  }),
  setClock: endpoint({
    method: "POST",
    path: "/test/clock",
    summary: "Set the clock of the test double to a moment, or move it by seconds",
    description: "It runs on from there. It may go backwards.",
    auth: "none",
    limit: "none",
    body: {
      now: Type.Optional(Time),
      advance_seconds: Type.Optional(Type.Number({ minimum: -10_000_000_000, maximum: 10_000_000_000 })),
    },
    response: ok({ now: Time }),
    errors: ["VALIDATION_ERROR"],
  }),
};
