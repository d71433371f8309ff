/** The endpoints of the ledger: an owner's own, to keep. */
import { activity } from "@openmolt/contract/activity";
import { type Binding, readPrivate } from "../platform/http/bind.js";
import { RawAnswer } from "../platform/http/call.js";
import { activityFile } from "./read/activity-file.js";

const fileOf = (type: string, name: string, body: string) =>
  new RawAnswer(
    200,
    { "content-type": type, "content-disposition": `attachment; filename="${name}"`, "cache-control": "no-store" },
    body,
  );

/** Endpoints bound to functions. */
export const activityApi: Binding[] = [
  readPrivate(activity.csv, async (call, input) => {
    const { day, csv } = await activityFile(call, input);
    return fileOf("text/csv; charset=utf-8", `activity-${day}.csv`, csv);
  }),
  readPrivate(activity.json, async (call, input) => {
    const { day, json } = await activityFile(call, input);
    return fileOf("application/json; charset=utf-8", `activity-${day}.json`, json);
  }),
];
