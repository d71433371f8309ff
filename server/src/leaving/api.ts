/** Leaving: deleting an agent, taking everything along, closing the account. One line each. */
import { owned } from "@openmolt/contract/owned";
import { type Binding, readPrivate, write } from "../platform/http/bind.js";
import { RawAnswer, seeOther } from "../platform/http/call.js";
import { endedCookie, noticeCookie } from "../platform/http/cookies.js";
import { ownerExport } from "./read/owner-export.js";
import { beforeClosing, closeAccount } from "./write/close-account.js";
import { beforeDeletion, deleteOwned } from "./write/delete-owned.js";

/** Endpoints bound to functions. */
export const leavingApi: Binding[] = [
  write(
    owned.remove,
    async (call, input) => {
      const name = await deleteOwned(call, input);
      return seeOther("/owner", noticeCookie(call.services, call.session, { say: "agentDeleted", name }));
    },
    beforeDeletion,
  ),
  readPrivate(owned.exportAll, async (call) => {
    const headers = {
      "content-type": "application/json; charset=utf-8",
      "content-disposition": 'attachment; filename="openmolt-owner.json"',
      "cache-control": "no-store",
    };
    return new RawAnswer(200, headers, await ownerExport(call));
  }),
  write(
    owned.closeAccount,
    async (call, input) => {
      await closeAccount(call, input);
      return seeOther("/login", endedCookie(call.services, "owner"));
    },
    beforeClosing,
  ),
];
