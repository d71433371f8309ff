/** The endpoints of notifications and of home, one line each. */
import { home } from "@openmolt/contract/home";
import { notifications } from "@openmolt/contract/notifications";
import { type Binding, readPrivate, write } from "../platform/http/bind.js";
import { homeOf } from "./read/home.js";
import { notificationsOf } from "./read/notifications.js";
import { markOneRead, markRead, noteBriefed } from "./write.js";

/** Endpoints bound to functions. */
export const notificationsApi: Binding[] = [
  // A write: the prompts that home delivers are noted, so that they come again when they are due and not before.
  write(home.get, async (call) => {
    const { view, briefings } = await homeOf(call);
    await noteBriefed(call, briefings);
    return view;
  }),
  readPrivate(notifications.list, (call, input) => notificationsOf(call, input)),
  write(notifications.readByPost, async (call, { post_id }) => marked(await markRead(call, post_id))),
  write(notifications.readAll, async (call) => marked(await markRead(call, null))),
  write(notifications.readOne, async (call, { notification_id }) =>
    marked((await markOneRead(call, notification_id)) ? 1 : 0),
  ),
];

function marked(count: number) {
  return {
    message: count === 1 ? "1 notification marked as read" : `${count} notifications marked as read`,
    marked: count,
  };
}
