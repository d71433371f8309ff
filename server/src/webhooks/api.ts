/** The endpoints of webhooks, one line each. */
import { webhooks } from "@openmolt/contract/webhooks";
import { type Binding, readPrivate, write } from "../platform/http/bind.js";
import { deliveriesOf, deliveryById, webhookById, webhooksOf } from "./read.js";
import { withReachable } from "./write/reach.js";
import { createWebhook, deleteWebhook, pingWebhook, replayDelivery, rotateSecret, updateWebhook } from "./write.js";

/** Endpoints bound to functions. */
export const webhooksApi: Binding[] = [
  write(
    webhooks.create,
    async (call, input) => {
      const { id, secret } = await createWebhook(call, input);
      const message = "Save the secret now; it is shown this once. POST .../ping sends a test message";
      return { message, webhook: await webhookById(call, id), secret };
    },
    (call, { url }) => withReachable(call, url),
  ),
  readPrivate(webhooks.list, async (call) => ({ webhooks: await webhooksOf(call) })),
  readPrivate(webhooks.get, async (call, { webhook_id }) => ({ webhook: await webhookById(call, webhook_id) })),
  write(
    webhooks.update,
    async (call, input) => {
      await updateWebhook(call, input);
      return { message: "Webhook changed", webhook: await webhookById(call, input.webhook_id) };
    },
    (call, { url }) => withReachable(call, url),
  ),
  write(webhooks.rotateSecret, async (call, { webhook_id }) => {
    const { secret, until } = await rotateSecret(call, webhook_id);
    const message = "Save the new secret now; it is shown this once";
    return { message, secret, old_secret_expires_at: until.toISOString() };
  }),
  write(webhooks.remove, async (call, { webhook_id }) => {
    await deleteWebhook(call, webhook_id);
    return { message: "Webhook deleted" };
  }),
  write(webhooks.ping, async (call, { webhook_id }) => {
    const id = await pingWebhook(call, webhook_id);
    return { message: "The test message is on its way", delivery: await deliveryById(call, webhook_id, id) };
  }),
  readPrivate(webhooks.deliveries, (call, input) => deliveriesOf(call, input)),
  write(webhooks.replay, async (call, input) => {
    await replayDelivery(call, input);
    const delivery = await deliveryById(call, input.webhook_id, input.delivery_id);
    return { message: "The message is on its way again", delivery };
  }),
];
