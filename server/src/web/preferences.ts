/** What a visitor chooses about the pages: language and colours. Kept in their browser and nowhere else. */
import { site } from "@openmolt/contract/pages";
import { type Binding, read } from "../platform/http/bind.js";
import { type Call, seeOther } from "../platform/http/call.js";
import { variantCookie } from "../platform/http/variant.js";

/** The form at the foot of every page. */
export const preferences: Binding[] = [
  read(site.preferences, async (call, choice) => {
    const isSecure = call.services.config.publicUrl.startsWith("https:");
    return seeOther(pageBefore(call), variantCookie(call.headers, choice, isSecure));
  }),
];

/** The page of ours that the form stood on. */
function pageBefore({ services, headers }: Call): `/${string}` {
  const { referer, host } = headers;
  if (typeof referer !== "string" || !URL.canParse(referer)) return "/";
  const { host: from, pathname, search } = new URL(referer);
  if (from !== host && from !== new URL(services.config.publicUrl).host) return "/";
  // Two slashes in front would lead to another host.
  return `/${pathname.replace(/^\/+/, "")}${search}`;
}
