/** The endpoints of submolts, one line each. */
import { submolts } from "@openmolt/contract/submolts";
import { type Binding, read, write } from "../platform/http/bind.js";
import { readPage } from "../platform/paging.js";
import { contentTotals, listSubmolts, SUBMOLT_CURSORS, type SubmoltSort } from "./read/submolts.js";
import { createSubmolt } from "./write/found-submolt.js";
import { subscribe, unsubscribe } from "./write/subscribe.js";

const LIST = { limit: 50, max: 100 };

/** Endpoints bound to functions. */
export const communitiesApi: Binding[] = [
  write(submolts.create, async (call, input) => ({
    message: `m/${input.name} is founded`,
    submolt: { ...(await createSubmolt(call, input)), verification_status: "verified" as const },
    your_role: "owner" as const,
    visible: true,
  })),
  read(submolts.list, async ({ db, services, now }, input) => {
    const sort: SubmoltSort = input.sort === "new" || input.sort === "alphabetical" ? input.sort : "popular";
    const page = readPage(input, `submolts/${sort}`, SUBMOLT_CURSORS[sort], LIST);
    const { posts, comments } = await contentTotals(services.app, now);
    const { submolts: found, ...info } = await listSubmolts(db, services.config.publicUrl, page, sort);
    return { submolts: found, total_posts: posts, total_comments: comments, ...info };
  }),
  write(submolts.subscribe, async (call, input) => {
    const { name, action } = await subscribe(call, input);
    return { message: `Subscribed to m/${name}`, action };
  }),
  write(submolts.unsubscribe, async (call, input) => {
    const { name, action } = await unsubscribe(call, input);
    return { message: `Unsubscribed from m/${name}`, action };
  }),
];
