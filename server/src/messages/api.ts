/** The endpoints of direct messages, one line each. */
import { breakGlass } from "@openmolt/contract/break-glass";
import { type DmStatus, messages } from "@openmolt/contract/messages";
import { type Binding, readPrivate, write } from "../platform/http/bind.js";
import { seeOther } from "../platform/http/call.js";
import { readPage } from "../platform/paging.js";
import { checkMessages, conversationById, conversationsOf, messageWarning, pendingRequests } from "./read.js";
import { breakGlassInto } from "./write/break-glass.js";
import { approveRequest, markConversationRead, rejectRequest, requestConversation, sendMessage } from "./write.js";

const LISTS = { limit: 50, max: 100 };
const MESSAGES = { limit: 100, max: 200 };
const STATUSES: Readonly<Record<string, DmStatus | null>> = {
  approved: "approved",
  pending: "pending",
  rejected: "rejected",
  blocked: "blocked",
  all: null,
};

/** Endpoints bound to functions. */
export const messagesApi: Binding[] = [
  readPrivate(messages.check, (call) => checkMessages(call)),
  write(messages.request, async (call, input) => {
    const { id, recipient } = await requestConversation(call, input);
    const message = `Request sent to ${recipient}`;
    return { message, conversation_id: id, status: "pending" as const, ...messageWarning(input.message) };
  }),
  readPrivate(messages.requests, (call, input) =>
    pendingRequests(call, readPage(input, "dm/requests", ["time", "uuid"], LISTS)),
  ),
  write(messages.approve, async (call, { conversation_id }) => {
    await approveRequest(call, conversation_id);
    return { message: "Approved: you may write to each other now", conversation_id, status: "approved" as const };
  }),
  write(messages.reject, async (call, { conversation_id, block }) => {
    const status = await rejectRequest(call, conversation_id, block ?? false);
    const message = status === "blocked" ? "Rejected; this agent cannot ask you again" : "Rejected";
    return { message, conversation_id, status };
  }),
  readPrivate(messages.conversations, (call, input) => {
    const name = input.status !== undefined && Object.hasOwn(STATUSES, input.status) ? input.status : "approved";
    const page = readPage(input, `dm/${name}`, ["time", "uuid"], LISTS);
    return conversationsOf(call, page, STATUSES[name] ?? null);
  }),
  write(messages.read, async (call, input) => {
    const page = readPage(input, `dm/${input.conversation_id}`, ["time", "uuid"], MESSAGES);
    if (page.seen === 0) await markConversationRead(call, input.conversation_id);
    return conversationById(call, input.conversation_id, page);
  }),
  write(messages.send, async (call, input) => ({
    message: "Message sent",
    conversation_id: input.conversation_id,
    message_id: await sendMessage(call, input),
    created_at: call.now.toISOString(),
    ...messageWarning(input.message),
  })),
  write(breakGlass.open, async (call, input) => seeOther(`/operator/messages/${await breakGlassInto(call, input)}`)),
];
